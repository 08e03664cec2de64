// See definitions.h.
#include "process/definitions.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "findings/detector.h"
#include "findings/written.h"
#include "order/thread_table.h"

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;
using recording::FrameType;
using recording::kMostMemoryBytes;

constexpr std::uint32_t kMaxStrings = 1u << 24;

// A list that goes on at an index; what a damaged part left out is filled. False: it is beyond what may be.
template <typename T>
bool continueAt(std::vector<T>& list, std::uint64_t first, std::uint64_t count, std::uint64_t most, const T& filler) {
  if (first > most || count > most - first) return false;
  list.resize(static_cast<std::size_t>(std::max<std::uint64_t>(list.size(), first + count)), filler);
  return true;
}

template <std::size_t N>
void copyText(char (&target)[N], const std::string& text) {
  const std::size_t length = std::min(text.size(), N - 1);
  std::memcpy(target, text.data(), length);
  target[length] = '\0';
}

// The last one of a time that is not behind the given one; the first where all are.
template <typename T, typename NanosOf>
const T& lastAt(const std::vector<T>& ascending, std::uint64_t nanos, NanosOf nanosOf) {
  const auto behind = std::upper_bound(ascending.begin(), ascending.end(), nanos,
                                       [&](std::uint64_t time, const T& one) { return time < nanosOf(one); });
  return behind == ascending.begin() ? ascending.front() : *(behind - 1);
}

}  // namespace

RingMemory::RingMemory() {
  void* base =
      mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) throw InputError("there is no address space for what a recorded process's events name");
  base_ = static_cast<std::byte*>(base);
}

RingMemory::~RingMemory() { munmap(base_, ring::kFileBytes); }

const std::string& Definitions::Thread::nameAt(std::uint64_t nanos) const {
  static const std::string none;
  if (names.empty()) return none;
  return lastAt(names, nanos, [](const auto& name) { return name.first; }).second;
}

Definitions::Definitions(recording::Reader& reader) : memory_(std::make_unique<RingMemory>()) {
  reader.definitions([this](FrameType type, const std::string& message) { take(type, message); });
  if (facts_.empty()) throw recording::RecordingError("it does not say which process was recorded");
  const auto byNanos = [](const auto& a, const auto& b) { return a.nanos < b.nanos; };
  std::stable_sort(points_.begin(), points_.end(), byNanos);
  std::stable_sort(regions_.begin(), regions_.end(), byNanos);
  std::stable_sort(memoryParts_.begin(), memoryParts_.end(),
                   [](const auto& a, const auto& b) { return a.position() < b.position(); });
  const auto byEnd = [](const GapSpan& a, const GapSpan& b) { return a.to < b.to; };
  std::stable_sort(gaps_.begin(), gaps_.end(), byEnd);
  const auto byTime = [](const auto& a, const auto& b) { return a.nanos() < b.nanos(); };
  std::stable_sort(counters_.begin(), counters_.end(), byTime);
  std::stable_sort(facts_.begin(), facts_.end(), byTime);
  fillHeader();
}

void Definitions::take(FrameType type, const std::string& message) {
  const auto with = [&](auto fresh, auto&& handle) {
    if (fresh.ParseFromString(message)) handle(fresh);
  };
  switch (type) {
    case FrameType::Nodes:
      return with(v1::Nodes(), [this](const v1::Nodes& m) { takeNodes(m); });
    case FrameType::Modules:
      return with(v1::Modules(), [this](const v1::Modules& m) { takeModules(m); });
    case FrameType::Names:
      return with(v1::Names(), [this](const v1::Names& m) { takeNames(m); });
    case FrameType::Contexts:
      return with(v1::Contexts(), [this](const v1::Contexts& m) { takeContexts(m); });
    case FrameType::LabelSets:
      return with(v1::LabelSets(), [this](const v1::LabelSets& m) { takeLabels(m); });
    case FrameType::Threads:
      return with(v1::Threads(), [this](const v1::Threads& m) { takeThreads(m); });
    case FrameType::Strings:
      return with(v1::Strings(), [this](const v1::Strings& m) { takeStrings(m); });
    case FrameType::Symbols:
      return with(v1::Symbols(), [this](const v1::Symbols& m) { takeSymbols(m); });
    case FrameType::Facts:
      return with(v1::ProcessFacts(), [this](const v1::ProcessFacts& m) { facts_.push_back(m); });
    case FrameType::Mappings:
      return with(v1::Mappings(), [this](const v1::Mappings& m) { takeMappings(m); });
    case FrameType::Memory:
      return with(v1::MemoryPart(), [this](v1::MemoryPart& m) { takeMemory(std::move(m)); });
    case FrameType::Counters:
      return with(v1::Counters(), [this](const v1::Counters& m) { takeCounters(m); });
    case FrameType::Points:
      return with(v1::Points(), [this](const v1::Points& m) { takePoints(m); });
    case FrameType::Findings:
      return with(v1::Findings(), [this](const v1::Findings& m) { takeFindings(m); });
    default:  // what a later version adds to the definitions
      return;
  }
}

void Definitions::takeNodes(const v1::Nodes& nodes) {
  const int count = std::min({nodes.id_size(), nodes.pc_size(), nodes.parent_size(), nodes.flags_size()});
  for (int i = 0; i < count; ++i) {
    const std::uint32_t id = nodes.id(i);
    if (id == 0 || id >= ring::kMaxNodes) continue;
    memory_->node(id) = {nodes.pc(i), nodes.parent(i), nodes.flags(i)};
    std::atomic<std::uint32_t>& known = memory_->header().nodeCount;
    known.store(std::max(known.load(), id + 1));
  }
}

void Definitions::takeModules(const v1::Modules& modules) {
  for (const v1::Module& module : modules.modules()) {
    if (module.index() >= ring::kMaxModules) continue;
    if (module.index() >= modules_.size()) modules_.resize(module.index() + 1);
    modules_[module.index()] = {module.loaded_nanos(), module.unloaded_nanos()};
    ring::Module& shown = memory_->module(module.index());
    shown.start = module.start();
    shown.end = module.end();
    shown.bias = module.bias();
    shown.buildIdBytes = static_cast<std::uint32_t>(std::min(module.build_id().size(), sizeof shown.buildId));
    std::memcpy(shown.buildId, module.build_id().data(), shown.buildIdBytes);
    copyText(shown.path, module.path());
  }
}

void Definitions::takeNames(const v1::Names& names) {
  for (int i = 0; i < names.names_size(); ++i) {
    const std::uint64_t index = std::uint64_t{names.first()} + static_cast<std::uint64_t>(i);
    if (index >= ring::kMaxNames) return;
    copyText(memory_->name(static_cast<std::uint32_t>(index)).text, names.names(i));
    std::atomic<std::uint32_t>& known = memory_->header().nameCount;
    known.store(std::max(known.load(), static_cast<std::uint32_t>(index) + 1));
  }
}

void Definitions::takeThreads(const v1::Threads& threads) {
  for (const v1::ThreadName& thread : threads.threads()) {
    if (thread.index() >= ThreadTable::kMaxThreads) continue;
    if (thread.index() >= threads_.size()) threads_.resize(thread.index() + 1);
    Thread& known = threads_[thread.index()];
    known.tid = thread.tid();
    if (known.names.empty() || thread.nanos() >= known.names.back().first) {
      known.names.emplace_back(thread.nanos(), thread.name());
    }
  }
}

void Definitions::takeContexts(const v1::Contexts& contexts) {
  const int count =
      std::min({contexts.node_size(), contexts.thread_size(), contexts.labels_size(), contexts.sample_mean_size()});
  if (!continueAt(contexts_, contexts.first(), static_cast<std::uint64_t>(count), Entry::kMaxContexts, {})) return;
  for (int i = 0; i < count; ++i) {
    Context& context = contexts_[contexts.first() + static_cast<std::uint32_t>(i)];
    context.node = contexts.node(i) % ring::kMaxNodes;
    context.thread = contexts.thread(i);
    context.labels = contexts.labels(i);
    context.sampleMean = contexts.sample_mean(i) > 0 ? contexts.sample_mean(i) : 0;
  }
}

void Definitions::takeLabels(const v1::LabelSets& sets) {
  const auto count = static_cast<std::uint64_t>(sets.sets_size());
  if (!continueAt(labels_, sets.first(), count, LabelSets::kMaxSets, {})) return;
  for (int i = 0; i < sets.sets_size(); ++i) {
    LabelNames& names = labels_[sets.first() + static_cast<std::uint32_t>(i)];
    const int known = std::min(sets.sets(i).names_size(), static_cast<int>(names.size()));
    for (int kind = 0; kind < known; ++kind) names[static_cast<std::size_t>(kind)] = sets.sets(i).names(kind);
  }
}

void Definitions::takeStrings(const v1::Strings& strings) {
  const auto count = static_cast<std::uint64_t>(strings.strings_size());
  if (!continueAt(strings_, strings.first(), count, kMaxStrings, {})) return;
  for (int i = 0; i < strings.strings_size(); ++i) {
    strings_[strings.first() + static_cast<std::uint32_t>(i)] = strings.strings(i);
  }
}

const std::string& Definitions::stringAt(std::uint32_t index) const {
  static const std::string none;
  return index < strings_.size() ? strings_[index] : none;
}

void Definitions::takeSymbols(const v1::Symbols& symbols) {
  for (const v1::Symbol& symbol : symbols.symbols()) {
    CodeFrames frames;
    for (const v1::SymbolFrame& frame : symbol.frames()) {
      frames.push_back({symbol.pc(), stringAt(frame.function()), stringAt(frame.file()), frame.line(),
                        stringAt(frame.module()), frame.module_offset(), frame.inlined()});
    }
    if (!frames.empty()) code_[symbol.pc() << 1 | static_cast<std::uint64_t>(symbol.exact())] = std::move(frames);
  }
}

void Definitions::takeMappings(const v1::Mappings& mappings) {
  RegionsAt& at = regions_.emplace_back();
  at.nanos = mappings.nanos();
  for (const v1::Mapping& mapping : mappings.mappings()) {
    node::Region& region = at.regions.emplace_back();
    region.from = mapping.from();
    region.to = std::max(mapping.from(), mapping.to());
    region.kind = mapping.kind();
    region.name = mapping.name();
    region.rssBytes = mapping.rss_bytes();
    region.pssBytes = mapping.pss_bytes();
    region.numaPages.assign(mapping.numa_pages().begin(), mapping.numa_pages().end());
  }
}

// The end of a part's bytes does not pass the end of the address space.
void Definitions::takeMemory(v1::MemoryPart part) {
  if (part.data().empty() || part.data().size() - 1 > ~0ull - part.address()) return;
  memoryBytes_ += part.data().size();
  if (memoryBytes_ > kMostMemoryBytes) return;
  memoryParts_.push_back(std::move(part));
}

node::MemoryBytes Definitions::memoryAt(std::uint64_t position, std::uint64_t address, std::uint64_t count) const {
  count = std::min(count, kMostMemoryBytes);
  std::vector<std::uint8_t> bytes(count);
  std::vector<bool> known(count);
  for (const v1::MemoryPart& part : memoryParts_) {
    if (part.position() > position) break;
    const std::uint64_t skipped = part.address() < address ? address - part.address() : 0;
    const std::uint64_t first = part.address() > address ? part.address() - address : 0;
    if (skipped >= part.data().size() || first >= count) continue;
    const auto length = std::min<std::uint64_t>(part.data().size() - skipped, count - first);
    std::memcpy(bytes.data() + first, part.data().data() + skipped, length);
    std::fill_n(known.begin() + static_cast<std::ptrdiff_t>(first), length, true);
  }
  const auto end = std::find(known.begin(), known.end(), false);
  bytes.resize(static_cast<std::size_t>(end - known.begin()));
  const std::uint64_t unreadable = count - bytes.size();
  return {std::move(bytes), unreadable};
}

void Definitions::takeCounters(const v1::Counters& counters) {
  for (const v1::GapMark& gap : counters.gaps()) gaps_.push_back({gap.from(), gap.to(), gap.events()});
  counters_.push_back(counters);
  counters_.back().clear_gaps();
}

void Definitions::takePoints(const v1::Points& points) {
  const int count = std::min({points.nanos_size(), points.live_bytes_size(), points.live_allocations_size(),
                              points.allocations_size(), points.releases_size(), points.rss_bytes_size()});
  for (int i = 0; i < count; ++i) {
    points_.push_back({points.nanos(i), points.live_bytes(i), points.live_allocations(i), points.allocations(i),
                       points.releases(i), points.rss_bytes(i), i < points.threads_size() ? points.threads(i) : 0});
  }
}

void Definitions::takeFindings(const v1::Findings& findings) {
  for (const v1::RecordedFinding& finding : findings.findings()) {
    if (findings_.size() == Detector::kMostFindings) return;
    if (const std::optional<Finding> known = read(finding)) findings_.push_back(*known);
  }
}

void Definitions::fillHeader() {
  const v1::ProcessFacts& facts = facts_.front();
  ring::Header& header = memory_->header();
  header.pid = facts.pid();
  header.parentPid = facts.parent_pid();
  header.startNanos = facts.start_monotonic_nanos();
  header.startRealNanos = facts.start_real_nanos();
  copyText(header.allocator, facts.allocator());
  copyText(header.session, "replay");
}

void Definitions::showModulesAt(std::uint64_t nanos) {
  std::uint32_t loaded = 0;
  for (std::uint32_t i = 0; i < modules_.size(); ++i) {
    if (modules_[i].loaded > nanos) continue;
    loaded = i + 1;
    memory_->module(i).unloadedTicks = modules_[i].unloaded != 0 && modules_[i].unloaded <= nanos ? 1 : 0;
  }
  memory_->header().moduleCount = loaded;
}

// An unknown one is unlike any other, so that it takes no known one's number.
void Definitions::internInto(Heap& heap) const {
  for (std::uint32_t i = 0; i < labels_.size(); ++i) {
    const bool isUnknown = i != 0 && labels_[i] == LabelNames{};
    heap.labels().intern(isUnknown ? LabelNames{~0u - i} : labels_[i]);
  }
  for (std::uint32_t i = 0; i < contexts_.size(); ++i) {
    const Context& context = contexts_[i];
    const bool isUnknown = i != 0 && context == Context{};
    heap.context(context.node, isUnknown ? ~0u - i : context.thread, context.labels, context.sampleMean);
  }
}

const v1::ProcessFacts& Definitions::factsAt(std::uint64_t nanos) const {
  return lastAt(facts_, nanos, [](const v1::ProcessFacts& facts) { return facts.nanos(); });
}

const v1::Counters* Definitions::countersAt(std::uint64_t nanos) const {
  if (counters_.empty()) return nullptr;
  return &lastAt(counters_, nanos, [](const v1::Counters& counters) { return counters.nanos(); });
}

std::span<const GapSpan> Definitions::gapsAt(std::uint64_t nanos) const {
  const auto end = std::upper_bound(gaps_.begin(), gaps_.end(), nanos,
                                    [](std::uint64_t time, const GapSpan& gap) { return time < gap.to; });
  return {gaps_.begin(), end};
}

std::vector<node::Region> Definitions::regionsAt(std::uint64_t nanos) const {
  if (regions_.empty()) return {};
  return lastAt(regions_, nanos, [](const RegionsAt& at) { return at.nanos; }).regions;
}

const Definitions::CodeFrames* Definitions::framesOf(std::uint64_t pc, bool exact) const {
  const auto found = code_.find(pc << 1 | static_cast<std::uint64_t>(exact));
  return found == code_.end() ? nullptr : &found->second;
}

}  // namespace heapatlas::collector
