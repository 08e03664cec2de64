// See recorder.h.
#include "recording/recorder.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "recording/chunk_codec.h"
#include "recording/event_files.h"
#include "recording/pairing.h"

namespace heapatlas::recording {
namespace {

constexpr std::uint64_t kMaxFileBytes = 64u << 20;  // a file of chunks is closed at the first chance behind so many
constexpr std::uint64_t kFilesOfWindow = 8;         // at least so many make a moving window
constexpr std::uint64_t kSealedTogether = 4;        // chunks at most, while others wait: a seal may take milliseconds
constexpr int kNice = 5;                            // the programs that are watched come first

std::string makeFolder(std::string folder) {
  if (mkdir(folder.c_str(), 0700) != 0) {
    throw RecordingError("cannot make the folder " + folder + ": " + std::strerror(errno));
  }
  sealName(folder);
  return folder;
}

// Whether a time is at least so much later than another one.
bool isBehind(std::uint64_t nanos, std::uint64_t earlier, std::uint64_t much) {
  return nanos >= earlier && nanos - earlier >= much;
}

Limits withBudget(Limits limits) {
  if (limits.used == nullptr) limits.used = std::make_shared<std::atomic<std::uint64_t>>(0);
  return limits;
}

}  // namespace

struct Recorder::Files {
  explicit Files(const std::string& folder)
      : definitions(folder + "/definitions.frames"), events(folder), nets(folder + "/effects.frames") {}

  FrameWriter definitions;
  EventFiles events;
  NetEffects nets;
  bool definitionsUnsealed = false;
  bool atTotals = true;  // behind the last chunk; a file that begins there needs nothing of the ones before it
  std::uint64_t chunks = 0;
  std::uint64_t unsealedChunks = 0;
  std::uint64_t unsealedEvents = 0;
  Pairing pairing;
  ChunkEncoder encoder;
};

Recorder::Recorder(std::string folder, Limits limits)
    : folder_(makeFolder(std::move(folder))),
      limits_(withBudget(std::move(limits))),
      files_(new Files(folder_)),
      thread_([this] { loop(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  signal_.notify_all();
  wait();
}

void Recorder::begin(std::uint64_t nanos, v1::Mark begin) {
  lastCut_ = nanos;
  begin_ = std::move(begin);
}

// A batch may bring more than a chunk may hold: then the mark of the next chunk is older than its first event.
void Recorder::append(std::span<const Event> events) {
  while (chunk_.size() + events.size() > kMaxChunkEvents) {
    const std::size_t fits = kMaxChunkEvents - chunk_.size();
    chunk_.insert(chunk_.end(), events.begin(), events.begin() + static_cast<std::ptrdiff_t>(fits));
    events = events.subspan(fits);
    cutChunk(begin_, {});
  }
  chunk_.insert(chunk_.end(), events.begin(), events.end());
}

void Recorder::cut(std::uint64_t nanos, v1::Mark end, std::function<v1::Totals()> totals) {
  lastCut_ = nanos;
  if (!chunk_.empty()) cutChunk(std::move(end), std::move(totals));
}

void Recorder::cutChunk(v1::Mark end, std::function<v1::Totals()> totals) {
  std::vector<Event> next;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!spare_.empty()) {
      next = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  const std::uint64_t position = this->position();
  enqueue(Cut{std::exchange(chunk_, std::move(next)), std::exchange(firstPosition_, position),
              std::exchange(begin_, std::move(end)), std::move(totals)});
  ++sequence_;
}

void Recorder::define(FrameType type, const google::protobuf::MessageLite& message) {
  enqueue(Definition{type, message.SerializeAsString()});
}

void Recorder::enqueue(Work work) {
  const bool isChunk = std::holds_alternative<Cut>(work);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.recording) return;
    queue_.push_back(std::move(work));
    if (isChunk) ++waiting_;
  }
  signal_.notify_all();
}

void Recorder::end(const v1::End& end) {
  define(FrameType::End, end);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
    endsBecause_ = end.why();
  }
  signal_.notify_all();
}

void Recorder::wait() {
  const std::lock_guard<std::mutex> lock(joining_);
  if (thread_.joinable()) thread_.join();
}

Status Recorder::status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

void Recorder::stop(const std::string& why, bool ended) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!status_.recording) return;
  status_.recording = false;
  status_.ended = ended;
  status_.why = why;
  queue_.clear();
  waiting_ = 0;
  stopped_ = true;
  signal_.notify_all();  // whoever failed may be another thread than the encoder, which waits for more
}

void Recorder::loop() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    // Once writing has failed nothing more comes, and nobody ends it: whoever waits for it must not wait for that.
    signal_.wait(lock, [this] { return !queue_.empty() || ending_ || stopped_; });
    if (queue_.empty()) break;
    Work work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    try {
      write(work);
    } catch (const std::exception& error) {
      stop(error.what() + std::string(sealedRest() ? "; what was recorded until then is whole" : ""), false);
    }
    lock.lock();
    if (Cut* cut = std::get_if<Cut>(&work)) {
      if (waiting_ > 0) --waiting_;
      cut->events.clear();
      if (spare_.size() < kMaxWaiting) spare_.push_back(std::move(cut->events));
    }
  }
  lock.unlock();
  if (!sealedRest()) stop("its last events could not be given to the disk", false);
  files_.reset();  // nobody writes them any more, and readers are told so by the locks
  stop(endsBecause_, true);
}

void Recorder::write(Work& work) {
  if (Cut* cut = std::get_if<Cut>(&work)) {
    writeChunk(*cut);
    return;
  }
  const Definition& definition = std::get<Definition>(work);
  if (definition.message.size() > kMaxDefinitionBytes) {
    throw RecordingError("what events name would take " + std::to_string(definition.message.size()) +
                         " bytes in one part of " + files_->definitions.path() + ", which is more than may be read");
  }
  const std::string payload = compressed(definition.message);
  makeRoom(payload.size() + kFrameHeaderBytes);
  const std::uint64_t before = files_->definitions.bytes();
  files_->definitions.append(definition.type, payload);
  count(before, files_->definitions.bytes());
  files_->definitionsUnsealed = true;
  if (definition.type == FrameType::End) files_->definitions.seal();
}

void Recorder::count(std::uint64_t before, std::uint64_t after) {
  *limits_.used += after - before;
  const std::lock_guard<std::mutex> lock(mutex_);
  status_.bytes += after - before;
}

// A moving window gives up its oldest files for it.
void Recorder::makeRoom(std::uint64_t bytes) {
  const auto lacks = [&] { return limits_.maxBytes != 0 && limits_.used->load() + bytes > limits_.maxBytes; };
  while (lacks() && limits_.lastNanos != 0 && files_->events.files().size() > 1) giveUpOldest(1);
  if (!lacks()) return;
  throw RecordingError("the recording " + folder_ + " has reached its limit of " + std::to_string(limits_.maxBytes) +
                       " bytes");
}

// The files that hold nothing of the window's.
void Recorder::giveUpBehind(std::uint64_t nanos) {
  const auto& files = files_->events.files();
  std::size_t old = 0;
  while (old + 1 < files.size() && isBehind(nanos, files[old + 1].firstNanos, limits_.lastNanos)) ++old;
  if (old != 0) giveUpOldest(old);
}

void Recorder::giveUpOldest(std::size_t files) {
  const std::uint64_t effects = files_->nets.bytes();
  files_->nets.giveUpBefore(files_->events.files()[files].firstChunk);
  count(effects, files_->nets.bytes());
  for (; files > 0; --files) count(files_->events.removeOldest(), 0);
}

void Recorder::beginFileWhenDue(const v1::Chunk& head) {
  EventFiles& events = files_->events;
  bool due = events.files().empty();
  if (!due) {
    const EventFiles::File& last = events.files().back();
    due = last.bytes >= kMaxFileBytes;
    if (limits_.lastNanos != 0) {
      const bool large = limits_.maxBytes != 0 && last.bytes >= limits_.maxBytes / kFilesOfWindow;
      const bool old = isBehind(head.first_nanos(), last.firstNanos, limits_.lastNanos / kFilesOfWindow);
      due = (due || large || old) && files_->atTotals;
    }
  }
  if (!due) return;
  seal();
  events.beginFile(head.sequence(), head.first_nanos());
}

void Recorder::writeChunk(Cut& cut) {
  Files& files = *files_;
  const Paired& paired = files.pairing.pair(cut.events, cut.firstPosition);
  v1::Chunk chunk = files.encoder.encode(cut.events, paired, cut.firstPosition, files.chunks);
  *chunk.mutable_begin() = std::move(cut.begin);
  v1::Chunk columns;
  columns.mutable_columns()->Swap(chunk.mutable_columns());
  std::string lines = std::exchange(*chunk.mutable_lines(), {});
  if (files.definitionsUnsealed) files.definitions.seal();
  files.definitionsUnsealed = false;
  beginFileWhenDue(chunk);
  const std::pair<FrameType, std::string> parts[] = {{FrameType::Chunk, chunk.SerializeAsString()},
                                                     {FrameType::ChunkColumns, columns.SerializeAsString()},
                                                     {FrameType::ChunkLines, std::move(lines)}};
  std::uint64_t bytes = 0;
  for (const auto& [type, payload] : parts) bytes += kFrameHeaderBytes + payload.size();
  makeRoom(bytes);
  for (const auto& [type, payload] : parts) files.events.append(type, payload);
  count(0, bytes);
  files.unsealedEvents += cut.events.size();
  const bool othersWait = waiting_.load(std::memory_order_relaxed) > 1;
  if (++files.unsealedChunks == kSealedTogether || !othersWait) seal();
  writeEffect(cut, paired);
  if (limits_.lastNanos != 0) giveUpBehind(chunk.last_nanos());
}

// Whether what had been written when writing failed is on the disk.
bool Recorder::sealedRest() {
  try {
    seal();
    return true;
  } catch (const RecordingError&) {
    return false;  // what failed first is what is said
  }
}

void Recorder::seal() {
  Files& files = *files_;
  if (files.unsealedChunks == 0) return;
  files.unsealedChunks = 0;
  const std::uint64_t events = std::exchange(files.unsealedEvents, 0);
  files.events.seal();  // the kernel tells of a failure once: what it was about is never counted
  const std::lock_guard<std::mutex> lock(mutex_);
  status_.events += events;
}

void Recorder::writeEffect(Cut& cut, const Paired& paired) {
  Files& files = *files_;
  const std::uint64_t before = files.nets.bytes();
  if ((files.chunks + 1) % kRadix == 0) seal();  // no effect is of events that are not on the disk
  files.nets.add(netOf(cut.events, paired, files.chunks++, cut.firstPosition));
  files.atTotals = cut.totals && files.chunks % kRadix == 0;
  if (files.atTotals) files.nets.addTotals(compressed(cut.totals().SerializeAsString()));
  if (files.nets.bytes() == before) return;
  files.nets.seal();
  count(before, files.nets.bytes());
}

}  // namespace heapatlas::recording
