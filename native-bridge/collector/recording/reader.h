// What a recording's folder holds of one process. Entry: Reader, for the replay and for searches in the past of a
// process that is being recorded. Must hold: opening reads the chunks' small heads and no columns; damage is said by
// missing() and costs what it hits, and nothing else; a file that grows is read on by extend(). Threads: one owner at a
// time, who may let others call decode and mayCover beside each other meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recording.pb.h"
#include "recording/chunk_codec.h"
#include "recording/frame_file.h"
#include "recording/net_effect.h"

namespace heapatlas::recording {

class Reader {
 public:
  struct ChunkInfo {
    v1::Chunk head;  // without columns and lines
    std::size_t file = 0;
    FrameRef columns;
    FrameRef lines;
    std::uint64_t endPosition() const { return head.first_position() + head.count(); }
  };
  struct Effect {
    std::uint64_t firstChunk = 0;
    std::uint64_t endChunk = 0;
    FrameRef columns;
    v1::NetEffect head;
    bool damaged = false;
  };
  // From where a state is counted on: totals, if any, say what was counted until there, and chunks do behind it.
  struct Start {
    std::optional<v1::Totals> totals;
    std::uint64_t sequence = 0;  // of the first chunk that is to be counted …
    std::size_t firstChunk = 0;  // … and its index
  };

  // Throws RecordingError when there is no such folder, or nothing of a recording in it.
  explicit Reader(const std::string& folder);

  // Reads what was sealed since; true when there is more, or the oldest was given up: then indices change.
  bool extend();
  const std::vector<ChunkInfo>& chunks() const { return chunks_; }
  const std::vector<Effect>& effects() const { return effects_; }
  std::uint64_t firstPosition() const { return chunks_.empty() ? 0 : chunks_.front().head.first_position(); }
  std::uint64_t endPosition() const { return chunks_.empty() ? 0 : chunks_.back().endPosition(); }
  // The chunk that holds a position; chunks().size() behind the end.
  std::size_t chunkAt(std::uint64_t position) const;
  // The first chunk that ends behind a time.
  std::size_t chunkAfter(std::uint64_t nanos) const;
  // False, and rows are empty, when the chunk is damaged, which is said.
  bool decode(std::size_t chunk, Rows& rows);
  // Whether a block that a chunk's events begin, or end, may lie in [from, to).
  bool mayCover(std::size_t chunk, std::uint64_t from, std::uint64_t to);
  // Empty when it is damaged, which is said.
  std::optional<Net> net(std::size_t effect);
  // For the state before the first event of a chunk.
  Start startFor(std::size_t chunk);
  // What the table holds at a start: the largest effects that can be read, one behind the other, and the chunks, by
  // their index, that none of them covers.
  void tableAt(const Start& start, const std::function<void(const Net&)>& onEffect,
               const std::function<void(std::size_t chunk)>& onChunk);
  // Each definition, in the order in which they were written.
  void definitions(const std::function<void(FrameType, const std::string& message)>& visit);
  // When the process ended, or its recording did; known behind definitions().
  const std::optional<v1::End>& end() const { return end_; }
  // What cannot be read, a sentence each.
  std::vector<std::string> missing() const;

 private:
  struct TotalsAt {
    std::uint64_t chunk;
    std::uint64_t position;
    FrameRef frame;
  };
  void forgetAll();
  void openNewFiles();
  void readChunks(std::size_t file);
  std::size_t addChunk(std::size_t file, std::size_t frame);
  void checkOrder(const v1::Chunk& head);
  void readEffects();
  bool addEffect(const FrameRef& frame, const FrameRef& columns);
  std::optional<std::string> payload(const FrameFile& file, const FrameRef& frame);
  void sayDamaged(const FrameFile& file, const FrameRef& frame);
  void visitDefinitions(const FrameFile& file, const std::function<void(FrameType, const std::string&)>& visit);
  std::size_t indexOf(std::uint64_t sequence) const;
  std::optional<v1::Totals> totalsAt(const TotalsAt& at);
  std::size_t effectFrom(std::uint64_t chunk, std::uint64_t end) const;
  bool beginsAtBase() const;
  std::uint64_t nextAfter(std::uint64_t sequence, std::uint64_t end) const;
  void say(const std::string& sentence) {
    const std::lock_guard<std::mutex> lock(missingMutex_);
    missing_.insert(sentence);
  }

  std::string folder_;
  std::optional<std::size_t> lastFile_;  // highest number of a file of events that was tried
  std::vector<std::unique_ptr<FrameFile>> events_;
  std::vector<std::size_t> eventFramesRead_;
  std::unique_ptr<FrameFile> effectsFile_;
  std::size_t effectFramesRead_ = 0;
  std::vector<ChunkInfo> chunks_;
  std::vector<Effect> effects_;
  std::multimap<std::uint64_t, std::size_t> effectsByFirst_;
  std::vector<TotalsAt> totals_;
  std::uint64_t baseEnd_ = 0;  // chunks before this one were given up
  std::optional<v1::End> end_;
  std::vector<std::unique_ptr<FrameFile>> definitions_;  // once they were asked for
  mutable std::mutex missingMutex_;
  std::set<std::string> missing_;
};

}  // namespace heapatlas::recording
