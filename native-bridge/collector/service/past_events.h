// An event of a recording, and its messages. Entry: Identities, eventAt and fill, for the calls about the past.
// Must hold: what an event's numbers mean is copied once for a call, so that a long answer holds no process's mutex.
#pragma once

#include <cstdint>
#include <vector>

#include "collector.pb.h"
#include "process/process.h"
#include "recording/chunk_codec.h"

namespace heapatlas::collector {

// Who is meant by the numbers of a process's events.
class Identities {
 public:
  explicit Identities(Process& process);
  std::uint32_t siteOf(std::uint32_t context) const { return context < sites_.size() ? sites_[context] : 0; }
  // The thread that allocated.
  std::uint32_t threadOf(std::uint32_t context) const { return context < threads_.size() ? threads_[context] : 0; }
  std::uint32_t tidOf(std::uint32_t thread) const { return thread < tids_.size() ? tids_[thread] : 0; }
  // The stack node of who did it.
  std::uint32_t siteOf(const recording::Event& event) const;

 private:
  std::vector<std::uint32_t> sites_;
  std::vector<std::uint32_t> threads_;
  std::vector<std::uint32_t> tids_;
};

struct PastEvent {
  recording::Event event;
  std::uint64_t position = 0;
  std::uint64_t birth = recording::kNoPosition;  // of the block that it ends
};

PastEvent eventAt(const recording::Rows& rows, std::size_t index, std::uint64_t firstPosition);
void fill(heapatlas::v1::Event& shown, const PastEvent& event, const Identities& who);

// A set of kinds of events.
class Kinds {
 public:
  static Kinds all() { return Kinds(~0ull); }
  static Kinds ofHeap();
  // Those that are named; empty, and there are some: otherwise.
  static Kinds of(const google::protobuf::RepeatedField<int>& named, Kinds otherwise);
  bool has(recording::What what) const { return (bits_ >> static_cast<unsigned>(what) & 1) != 0; }
  // Whether their addresses are those of memory that they are about, which chunks' line filters know.
  bool areOfMemory() const { return (bits_ & ~ofMemory().bits_) == 0; }

 private:
  explicit Kinds(std::uint64_t bits) : bits_(bits) {}
  static Kinds ofMemory() { return Kinds((2ull << static_cast<unsigned>(recording::What::Unmap)) - 1); }
  std::uint64_t bits_;
};

}  // namespace heapatlas::collector
