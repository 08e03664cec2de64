// Allocations of the heap with their lifetimes, from a process's recorded chunks.
// Entry: Lifetimes::run, called for the call of that name. Must hold: in the order of release, then what lives at the
// end, in address order; chunks in which nothing can end that was asked for are not read.
// What a Forget took out of the table was not released, and is not live: it is left out.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "absl/container/flat_hash_map.h"
#include "collector.pb.h"
#include "recording/reader.h"
#include "service/past_events.h"

namespace heapatlas::collector {

class Lifetimes {
 public:
  static constexpr int kRowsAMessage = 3'000;                      // of at most 80 bytes: below 256 KiB
  static constexpr std::size_t kMostKinds = std::size_t{1} << 25;  // blocks of which the kind is remembered at once

  using GoesOn = std::function<bool()>;
  // Answers false when nobody listens any more.
  using Write = std::function<bool(const heapatlas::v1::LifetimeColumns&)>;
  Lifetimes(recording::Reader& reader, const Identities& who, const heapatlas::v1::LifetimesRequest& request,
            GoesOn goesOn, Write write);
  // False: it did not come to the end, because nobody wants to know it any more.
  bool run();

 private:
  struct Block {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint64_t begin = recording::kNoPosition;
    std::uint64_t beginNanos = 0;
    std::uint64_t end = recording::kNoPosition;
    std::uint64_t endNanos = ~0ull;
    std::uint32_t context = 0;
    std::uint32_t releaseSite = 0;
    std::uint32_t releaseThread = 0;
    recording::What what = recording::What::Allocate;
  };
  using Live = absl::flat_hash_map<std::uint64_t, recording::NetBlock>;

  bool asks(heapatlas::v1::LifetimeColumn column) const { return asked_[static_cast<std::size_t>(column)]; }
  bool isWanted(const Block& block) const;
  bool mayEndWanted(const heapatlas::v1::Chunk& head) const;
  bool ended(std::size_t chunk);
  bool failed(std::size_t release) const;
  bool stillLive();
  void take(Live& live, const recording::Net& net) const;
  void take(Live& live, std::uint64_t first) const;
  bool add(const Block& block);
  bool flush();

  recording::Reader& reader_;
  const Identities& who_;
  const heapatlas::v1::LifetimesRequest& request_;
  const GoesOn goesOn_;
  const Write write_;
  std::array<bool, 16> asked_{};
  recording::Rows rows_;
  absl::flat_hash_map<std::uint64_t, recording::What> kinds_;  // of live blocks, by their address
  heapatlas::v1::LifetimeColumns columns_;
  int rowCount_ = 0;
};

}  // namespace heapatlas::collector
