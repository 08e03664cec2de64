// Writes what happens in one process into its folder of a recording, beside the thread that drains its ring.
// Entry: Recorder, owned by the process's recording; append and cut, by the drain thread; status, by any.
// Must hold: never blocks the drain thread (full() says when it must leave the ring alone for a while); a failure to
// write stops the recording and nothing else; definitions are sealed before the chunk that uses them.
// Threads: an encoder thread of its own, which end() and the destructor wait for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "recording.pb.h"
#include "recording/event.h"
#include "recording/frame_file.h"
#include "recording/net_effect.h"

namespace heapatlas::recording {

namespace v1 = heapatlas::v1;

inline constexpr std::size_t kChunkEvents = 1u << 15;      // a chunk is cut at the first chance behind so many
inline constexpr std::uint64_t kChunkNanos = 500'000'000;  // or so long after the last cut, when there are any

struct Limits {
  std::uint64_t maxBytes = 0;                        // on disk; 0: no limit
  std::uint64_t lastNanos = 0;                       // a moving window of so long; 0: from the beginning
  std::shared_ptr<std::atomic<std::uint64_t>> used;  // by all that maxBytes is for; empty: by this one alone
};

struct Status {
  std::uint64_t events = 0;  // in sealed chunks
  std::uint64_t bytes = 0;   // on disk
  bool recording = true;
  bool ended = false;  // as it should: all is written
  std::string why;     // it is not recorded any more
};

class Recorder {
 public:
  // Makes the folder. Throws RecordingError.
  Recorder(std::string folder, Limits limits);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // The encoder is behind by as much as may wait: append only what cannot stay where it is.
  bool full() const { return waiting_.load(std::memory_order_relaxed) >= kMaxWaiting; }
  void append(std::span<const Event> events);
  // Of the next event.
  std::uint64_t position() const { return firstPosition_ + chunk_.size(); }
  // Whether what was appended should be cut now, at a monotonic time.
  bool due(std::uint64_t nanos) const {
    return chunk_.size() >= kChunkEvents || (!chunk_.empty() && nanos >= lastCut_ + kChunkNanos);
  }
  // Whether the next cut ends a group of kRadix chunks, and wants totals.
  bool totalsDue() const { return (sequence_ + 1) % kRadix == 0; }
  // The state before the first event.
  void begin(std::uint64_t nanos, v1::Mark begin);
  // end: the state behind the chunk's last event. totals: called once by the encoder thread; of copies, that is.
  void cut(std::uint64_t nanos, v1::Mark end, std::function<v1::Totals()> totals);
  // Sealed before the next chunk.
  void define(FrameType type, const google::protobuf::MessageLite& message);
  // Nothing more will come.
  void end(const v1::End& end);
  // Waits until all is sealed.
  void wait();
  void fail(const std::string& why) { stop(why, false); }
  Status status() const;
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kMaxWaiting = 32;  // chunks

  struct Cut {
    std::vector<Event> events;
    std::uint64_t firstPosition = 0;
    v1::Mark begin;
    std::function<v1::Totals()> totals;
  };
  struct Definition {
    FrameType type;
    std::string message;
  };
  using Work = std::variant<Cut, Definition>;

  void cutChunk(v1::Mark end, std::function<v1::Totals()> totals);
  void loop();
  void write(Work& work);
  void writeChunk(Cut& cut);
  void writeEffect(Cut& cut, const Paired& paired);
  void seal();
  bool sealedRest();
  void beginFileWhenDue(const v1::Chunk& head);
  void makeRoom(std::uint64_t bytes);
  void giveUpBehind(std::uint64_t nanos);
  void giveUpOldest(std::size_t files);
  void count(std::uint64_t before, std::uint64_t after);
  void enqueue(Work work);
  void stop(const std::string& why, bool ended);

  const std::string folder_;
  const Limits limits_;
  // The drain thread's.
  std::vector<Event> chunk_;
  std::uint64_t firstPosition_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t lastCut_ = 0;
  v1::Mark begin_;
  // Shared.
  mutable std::mutex mutex_;
  std::condition_variable signal_;
  std::deque<Work> queue_;
  std::vector<std::vector<Event>> spare_;  // emptied, with their memory
  std::atomic<std::size_t> waiting_{0};
  bool ending_ = false;
  std::string endsBecause_ = "it was given up";
  std::atomic<bool> stopped_{false};
  Status status_;
  // The encoder thread's.
  struct Files;
  std::unique_ptr<Files> files_;
  std::mutex joining_;
  std::thread thread_;
};

}  // namespace heapatlas::recording
