// See reader.h.
#include "recording/reader.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "recording/line_filter.h"

namespace heapatlas::recording {
namespace {

constexpr std::uint64_t kMaxTotalsBytes = 1ull << 30;
constexpr std::uint64_t kMaxHeadBytes = 16u << 20;  // of a chunk or an effect without its columns
constexpr std::uint64_t kMaxPosition = 1ull << 62;  // sums of two do not overflow
constexpr std::size_t kMaxFiles = 4096;             // of events: each takes a file descriptor
constexpr int kMaxAttempts = 8;                     // to read a recording whose oldest is given up just now
constexpr std::uint64_t kMaxSequence = 1ull << 32;

bool exists(const std::string& path) {
  struct stat facts {};
  return lstat(path.c_str(), &facts) == 0;
}

// The numbers of the files of events, behind one, ascending.
std::set<std::size_t> numbersBehind(const std::string& folder, std::optional<std::size_t> last) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
  if (open == nullptr) throw RecordingError("cannot read " + folder + ": " + std::strerror(errno));
  std::set<std::size_t> numbers;
  while (const dirent* entry = readdir(open.get())) {
    unsigned number = 0;
    int length = 0;
    if (sscanf(entry->d_name, "events-%u.frames%n", &number, &length) != 1 || length == 0) continue;
    if (entry->d_name[length] == '\0' && (!last || number > *last)) numbers.insert(number);
  }
  return numbers;
}

std::string span(std::uint64_t from, std::uint64_t end) {
  return "events " + std::to_string(from) + " to " + std::to_string(end - 1);
}

}  // namespace

Reader::Reader(const std::string& folder) : folder_(folder) {
  struct stat facts {};
  if (lstat(folder_.c_str(), &facts) != 0) throw RecordingError("cannot read " + folder_ + ": " + std::strerror(errno));
  if (!S_ISDIR(facts.st_mode)) throw RecordingError(folder_ + " is no folder");
  if (!exists(folder_ + "/definitions.frames")) {
    throw RecordingError(folder_ + " holds no recording of a process: it has no definitions.frames");
  }
  extend();
}

bool Reader::extend() {
  const std::size_t before = chunks_.size();
  bool anew = false;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    readEffects();
    if (!events_.empty()) readChunks(events_.size() - 1);
    openNewFiles();
    if (effectsFile_ == nullptr || !effectsFile_->replaced()) break;
    forgetAll();  // the oldest was given up meanwhile
    anew = true;
  }
  return anew || chunks_.size() != before;
}

void Reader::forgetAll() {
  lastFile_.reset();
  events_.clear();
  eventFramesRead_.clear();
  effectsFile_.reset();
  effectFramesRead_ = 0;
  chunks_.clear();
  effects_.clear();
  effectsByFirst_.clear();
  totals_.clear();
  missing_.clear();
}

// A file that cannot be opened is said, and the next one tried.
void Reader::openNewFiles() {
  for (const std::size_t number : numbersBehind(folder_, lastFile_)) {
    if (events_.size() == kMaxFiles) {
      say(folder_ + " has more than " + std::to_string(kMaxFiles) + " files of events; the others are left out");
      return;
    }
    if (!events_.empty()) readChunks(events_.size() - 1);
    lastFile_ = number;
    try {
      events_.push_back(std::make_unique<FrameFile>(folder_ + "/events-" + std::to_string(number) + ".frames"));
      eventFramesRead_.push_back(0);
      readChunks(events_.size() - 1);
    } catch (const RecordingError& error) {
      say(error.what());
    }
  }
}

void Reader::readChunks(std::size_t file) {
  events_[file]->extend();
  std::size_t& at = eventFramesRead_[file];
  while (at + 3 <= events_[file]->frames().size()) at += addChunk(file, at);
}

// The number of frames that were used up.
std::size_t Reader::addChunk(std::size_t file, std::size_t frame) {
  const FrameFile& from = *events_[file];
  const std::vector<FrameRef>& frames = from.frames();
  ChunkInfo chunk{{}, file, frames[frame + 1], frames[frame + 2]};
  const bool inOrder = frames[frame].type == FrameType::Chunk && frames[frame + 1].type == FrameType::ChunkColumns &&
                       frames[frame + 2].type == FrameType::ChunkLines;
  if (!inOrder) return 1;  // a part of it was damaged, which its neighbours' positions will say
  const std::optional<std::string> head =
      frames[frame].length <= kMaxHeadBytes ? payload(from, frames[frame]) : std::nullopt;
  if (!head) return 3;
  try {
    if (!chunk.head.ParseFromString(*head)) throw Damaged("it is no message");
    checkOrder(chunk.head);
  } catch (const Damaged& error) {
    say("a chunk of " + from.path() + " at byte " + std::to_string(frames[frame].offset) +
        " is left out: " + error.what());
    return 3;
  }
  if (chunk.head.sequence() < baseEnd_) return 3;
  const std::uint64_t expected = endPosition();
  if (!chunks_.empty() && chunk.head.first_position() > expected) {
    say(span(expected, chunk.head.first_position()) + " are missing; the figures behind them leave these out");
  }
  chunks_.push_back(std::move(chunk));
  return 3;
}

// Positions and sequence numbers ascend, and stay so small that sums of them mean what they say.
void Reader::checkOrder(const v1::Chunk& head) {
  if (head.count() == 0 || head.count() > kMaxChunkEvents) throw Damaged("it has no possible number of events");
  if (head.first_position() > kMaxPosition || head.sequence() > kMaxSequence) throw Damaged("its place is impossible");
  if (chunks_.empty()) return;
  if (head.first_position() < endPosition() || head.sequence() <= chunks_.back().head.sequence()) {
    throw Damaged("something stands at its place already");
  }
}

void Reader::readEffects() {
  const std::string path = folder_ + "/effects.frames";
  try {
    if (effectsFile_ == nullptr && exists(path)) effectsFile_ = std::make_unique<FrameFile>(path);
    if (effectsFile_ == nullptr) return;
    effectsFile_->extend();
  } catch (const RecordingError& error) {
    say(error.what());
    return;
  }
  const std::vector<FrameRef>& frames = effectsFile_->frames();
  for (; effectFramesRead_ < frames.size(); ++effectFramesRead_) {
    const FrameRef& frame = frames[effectFramesRead_];
    if (frame.type == FrameType::Totals && !effects_.empty()) {
      totals_.push_back({effects_.back().endChunk, effects_.back().head.end_position(), frame});
    }
    if (frame.type != FrameType::NetEffect) continue;
    if (effectFramesRead_ + 1 == frames.size()) break;  // its columns are still to come
    if (!addEffect(frame, frames[effectFramesRead_ + 1])) {
      say("a net effect of " + path + " at byte " + std::to_string(frame.offset) + " is left out: it is damaged");
    }
  }
}

bool Reader::addEffect(const FrameRef& frame, const FrameRef& columns) {
  if (columns.type != FrameType::NetEffectColumns || frame.length > kMaxHeadBytes) return false;
  const std::optional<std::string> head = payload(*effectsFile_, frame);
  Effect effect;
  if (!head || !effect.head.ParseFromString(*head)) return false;
  effect.firstChunk = effect.head.first_chunk();
  effect.endChunk = effect.head.end_chunk();
  effect.columns = columns;
  if (effect.endChunk <= effect.firstChunk || effect.endChunk > kMaxSequence) return false;
  if (effect.head.level() == kBaseLevel) baseEnd_ = effect.endChunk;
  effectsByFirst_.emplace(effect.firstChunk, effects_.size());
  effects_.push_back(std::move(effect));
  return true;
}

std::optional<std::string> Reader::payload(const FrameFile& file, const FrameRef& frame) {
  std::optional<std::string> bytes = file.read(frame);
  if (!bytes) sayDamaged(file, frame);
  return bytes;
}

void Reader::sayDamaged(const FrameFile& file, const FrameRef& frame) {
  say("a part of " + file.path() + " at byte " + std::to_string(frame.offset) + " is damaged");
}

std::size_t Reader::chunkAt(std::uint64_t position) const {
  const auto found =
      std::upper_bound(chunks_.begin(), chunks_.end(), position,
                       [](std::uint64_t at, const ChunkInfo& chunk) { return at < chunk.endPosition(); });
  return static_cast<std::size_t>(found - chunks_.begin());
}

std::size_t Reader::chunkAfter(std::uint64_t nanos) const {
  const auto found =
      std::upper_bound(chunks_.begin(), chunks_.end(), nanos,
                       [](std::uint64_t at, const ChunkInfo& chunk) { return at < chunk.head.last_nanos(); });
  return static_cast<std::size_t>(found - chunks_.begin());
}

bool Reader::decode(std::size_t chunk, Rows& rows) {
  const ChunkInfo& info = chunks_[chunk];
  const std::optional<std::string> bytes = payload(*events_[info.file], info.columns);
  if (!bytes) {
    rows = {};
    return false;
  }
  v1::Chunk columns;
  try {
    if (!columns.ParseFromString(*bytes)) throw Damaged("its columns are no message");
    v1::Chunk whole = info.head;
    whole.mutable_columns()->Swap(columns.mutable_columns());
    recording::decode(whole, rows);
    return true;
  } catch (const Damaged& error) {
    say(span(info.head.first_position(), info.endPosition()) + " cannot be read: " + error.what());
    rows = {};
    return false;
  }
}

bool Reader::mayCover(std::size_t chunk, std::uint64_t from, std::uint64_t to) {
  const ChunkInfo& info = chunks_[chunk];
  const bool near = info.head.lowest_address() < to && info.head.highest_address() >= from;
  if (!near && info.head.highest_address() != 0) return false;
  if (!info.head.has_line_parts()) return true;
  const FrameFile& file = *events_[info.file];
  return recording::mayCover(info.head.line_parts(), from, to,
                             [&](std::uint64_t offset, std::uint64_t bytes, std::uint32_t sum) {
                               std::optional<std::string> part = file.readPart(info.lines, offset, bytes, sum);
                               if (!part) sayDamaged(file, info.lines);
                               return part;
                             });
}

std::optional<Net> Reader::net(std::size_t effect) {
  Effect& info = effects_[effect];
  const std::optional<std::string> bytes = payload(*effectsFile_, info.columns);
  info.damaged = !bytes;
  if (!bytes) return std::nullopt;
  v1::NetEffect columns;
  try {
    if (!columns.ParseFromString(*bytes)) throw Damaged("its columns are no message");
    v1::NetEffect whole = info.head;
    whole.mutable_columns()->Swap(columns.mutable_columns());
    return fromMessage(whole);
  } catch (const Damaged& error) {
    say("the net effect of chunks " + std::to_string(info.firstChunk) + " to " + std::to_string(info.endChunk - 1) +
        " cannot be read: " + error.what());
    info.damaged = true;
    return std::nullopt;
  }
}

std::size_t Reader::indexOf(std::uint64_t sequence) const {
  const auto found =
      std::lower_bound(chunks_.begin(), chunks_.end(), sequence,
                       [](const ChunkInfo& chunk, std::uint64_t number) { return chunk.head.sequence() < number; });
  return static_cast<std::size_t>(found - chunks_.begin());
}

// The one of the most chunks that ends in time and is not known to be damaged; effects().size(): there is none.
std::size_t Reader::effectFrom(std::uint64_t chunk, std::uint64_t end) const {
  std::size_t best = effects_.size();
  const auto [first, last] = effectsByFirst_.equal_range(chunk);
  for (auto at = first; at != last; ++at) {
    const Effect& effect = effects_[at->second];
    if (effect.damaged || effect.endChunk > end) continue;
    if (best == effects_.size() || effect.endChunk > effects_[best].endChunk) best = at->second;
  }
  return best;
}

// Over what is not there, in one step: what a file says of its place may be anything.
std::uint64_t Reader::nextAfter(std::uint64_t sequence, std::uint64_t end) const {
  if (const std::size_t later = indexOf(sequence + 1); later < chunks_.size()) {
    end = std::min(end, chunks_[later].head.sequence());
  }
  if (const auto later = effectsByFirst_.upper_bound(sequence); later != effectsByFirst_.end()) {
    end = std::min(end, later->first);
  }
  return end;
}

void Reader::tableAt(const Start& start, const std::function<void(const Net&)>& onEffect,
                     const std::function<void(std::size_t chunk)>& onChunk) {
  for (std::uint64_t at = 0; at < start.sequence;) {
    std::optional<Net> read;
    std::size_t effect = effectFrom(at, start.sequence);
    while (effect != effects_.size() && !(read = net(effect))) effect = effectFrom(at, start.sequence);
    if (read) {
      onEffect(*read);
      at = effects_[effect].endChunk;
      continue;
    }
    const std::size_t index = indexOf(at);
    if (index < chunks_.size() && chunks_[index].head.sequence() == at) onChunk(index);
    at = nextAfter(at, start.sequence);
  }
}

// Empty when they are damaged, or not those of that place: the effect that they came behind may be lost.
std::optional<v1::Totals> Reader::totalsAt(const TotalsAt& at) {
  const std::optional<std::string> bytes = payload(*effectsFile_, at.frame);
  v1::Totals totals;
  try {
    if (!bytes || !totals.ParseFromString(decompressed(*bytes, kMaxTotalsBytes))) return std::nullopt;
  } catch (const RecordingError& error) {
    say("totals of " + effectsFile_->path() + " at byte " + std::to_string(at.frame.offset) + ": " + error.what());
    return std::nullopt;
  }
  if (totals.mark().position() != at.position) return std::nullopt;
  return totals;
}

Reader::Start Reader::startFor(std::size_t chunk) {
  Start start;
  if (chunks_.empty()) return start;
  const std::uint64_t target =
      chunk < chunks_.size() ? chunks_[chunk].head.sequence() : chunks_.back().head.sequence() + 1;
  for (auto at = totals_.rbegin(); at != totals_.rend() && !start.totals; ++at) {
    if (at->chunk > target) continue;
    start.totals = totalsAt(*at);
    if (start.totals) start.sequence = at->chunk;
  }
  start.firstChunk = indexOf(start.sequence);
  return start;
}

void Reader::definitions(const std::function<void(FrameType, const std::string&)>& visit) {
  for (const char* name : {"/definitions.frames", "/symbols.frames"}) {
    try {
      auto file = std::make_unique<FrameFile>(folder_ + name);
      visitDefinitions(*file, visit);
      definitions_.push_back(std::move(file));
    } catch (const RecordingError& error) {
      say(error.what());
    }
  }
}

void Reader::visitDefinitions(const FrameFile& file, const std::function<void(FrameType, const std::string&)>& visit) {
  for (const FrameRef& frame : file.frames()) {
    const std::optional<std::string> bytes = payload(file, frame);
    if (!bytes) continue;
    try {
      const std::string message = decompressed(*bytes, kMaxDefinitionBytes);
      v1::End end;
      if (frame.type == FrameType::End && end.ParseFromString(message)) end_ = end;
      visit(frame.type, message);
    } catch (const RecordingError& error) {
      say("a part of " + file.path() + " at byte " + std::to_string(frame.offset) + ": " + error.what());
    }
  }
}

std::vector<std::string> Reader::missing() const {
  std::unique_lock<std::mutex> lock(missingMutex_);
  std::set<std::string> all = missing_;
  lock.unlock();
  const auto add = [&all](const FrameFile& file) {
    for (std::string& sentence : file.missing()) all.insert(std::move(sentence));
  };
  for (const std::unique_ptr<FrameFile>& file : events_) add(*file);
  for (const std::unique_ptr<FrameFile>& file : definitions_) add(*file);
  if (effectsFile_ != nullptr) add(*effectsFile_);
  if (firstPosition() != 0 && !beginsAtBase()) {
    all.insert(span(0, firstPosition()) + " are missing; the figures behind them leave these out");
  }
  if (definitions_.empty()) return {all.begin(), all.end()};
  if (end_ && end_->position() > endPosition()) {
    all.insert(span(endPosition(), end_->position()) + ", the last ones, are missing");
  }
  if (!end_ && definitions_.front()->isFinal()) {
    all.insert("the recording in " + folder_ + " was cut short; it holds what was written until then");
  }
  return {all.begin(), all.end()};
}

// Where the oldest was given up, an effect says what there was at the first event.
bool Reader::beginsAtBase() const {
  const auto [first, last] = effectsByFirst_.equal_range(0);
  return std::any_of(first, last, [this](const auto& at) {
    const Effect& effect = effects_[at.second];
    return !effect.damaged && effect.endChunk == chunks_.front().head.sequence() &&
           effect.head.end_position() == firstPosition();
  });
}

}  // namespace heapatlas::recording
