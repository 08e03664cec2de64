// What some chunks together did to the table: the blocks that they left in it, and those from before that they took
// out. From these any state is put together without the history (a log-structured merge, as O'Neil et al. 1996, of
// levels of kRadix). Entry: NetEffects, the encoder thread's; fromMessage, by the reader. Must hold: applied one behind
// the other, the effects of adjacent chunks do what the chunks' events do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recording.pb.h"
#include "recording/event.h"
#include "recording/frame_file.h"
#include "recording/pairing.h"

namespace heapatlas::recording {

inline constexpr std::uint64_t kRadix = 16;                 // effects of one level in one of the next
inline constexpr std::uint32_t kBaseLevel = 255;            // of the effect that stands for all that was given up
inline constexpr std::uint64_t kMaxNetBlocks = 1ull << 27;  // of an effect

struct NetBlock {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t position = 0;  // of its allocation
  std::uint64_t nanos = 0;     // … and its time
  std::uint32_t context = 0;
  What what = What::Allocate;
};

struct Net {
  std::uint64_t firstChunk = 0;
  std::uint64_t endChunk = 0;
  std::uint64_t firstPosition = 0;
  std::uint64_t endPosition = 0;
  bool forgets = false;                 // what was live before is gone
  std::vector<NetBlock> blocks;         // by ascending address
  std::vector<std::uint64_t> released;  // addresses of blocks from before, ascending
};

// Of one chunk.
Net netOf(std::span<const Event> events, const Paired& paired, std::uint64_t chunk, std::uint64_t firstPosition);
// Of one behind the other.
Net merged(Net first, Net second);
v1::NetEffect toMessage(const Net& net, std::uint32_t level);
// Throws Damaged.
Net fromMessage(const v1::NetEffect& message);

// The file of effects and totals. Merges the chunks' effects into larger ones as they come: level n ends at each
// multiple of kRadix^n chunks.
class NetEffects {
 public:
  // Makes the file. All that write throw RecordingError.
  explicit NetEffects(const std::string& path) : file_(path) {}
  void add(Net net);
  // As they stand behind the last chunk that was added, which ended an effect.
  void addTotals(const std::string& payload);
  void seal() { file_.seal(); }
  std::uint64_t bytes() const { return file_.bytes(); }
  // All effects before a chunk, behind which an effect ends, become one, the base. Makes the file anew.
  void giveUpBefore(std::uint64_t chunk);

 private:
  struct Written {
    bool isTotals = false;  // then the head says the last chunk alone
    v1::NetEffect head;
    FrameRef payload;
  };
  void write(const Net& net, std::uint32_t level);
  Net read(const Written& written) const;
  Net baseBefore(std::uint64_t chunk) const;

  FrameWriter file_;
  std::vector<Net> chunks_;       // since the last effect of level 1
  std::vector<Written> written_;  // as in the file
};

}  // namespace heapatlas::recording
