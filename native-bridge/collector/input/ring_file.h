// A mapped ring file of one watched process. Everything in it is written by that process and therefore untrusted.
// Entry: RingFile::open, called by the drain for a new file; the accessors, by the order room.
// Must hold: no accessor reads outside of the mapping, whatever the file says; strings end.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "input/bus_guard.h"
#include "ring/ring.h"

namespace heapatlas::collector {

// A whole sentence: what, where, what to do.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ModuleSnapshot {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t bias = 0;
  std::uint64_t loadedTicks = 0;
  std::uint64_t unloadedTicks = 0;
  std::vector<std::uint8_t> buildId;
  std::string path;
};

// What is fixed when a process starts, copied out once.
struct ProcessIdentity {
  std::uint32_t pid = 0;
  std::uint32_t parentPid = 0;
  std::uint64_t processStart = 0;
  std::uint64_t startTicks = 0;
  std::uint64_t startNanos = 0;
  std::uint64_t startRealNanos = 0;
  std::uint32_t runtimeFlags = 0;
  std::string session;
  std::string executable;  // empty where the process could not read it …
  std::vector<std::string> arguments;
};

// What one thread wrote, by position.
class RingRecords {
 public:
  RingRecords(const ring::RingControl& control, const ring::Record* data) : control_(&control), data_(data) {}
  // The program may write while it is read; each half is taken once.
  ring::Record at(std::uint64_t position) const {
    const ring::Record& shared = data_[ring::slotOf(*control_, position)];
    return {__atomic_load_n(&shared.word0, __ATOMIC_RELAXED), __atomic_load_n(&shared.word1, __ATOMIC_RELAXED)};
  }

 private:
  const ring::RingControl* control_;
  const ring::Record* data_;
};

class RingFile {
 public:
  // Throws InputError. Empty when the program has not finished the header yet: try again later.
  static std::optional<RingFile> open(const std::string& path);
  // A file in memory that looks like one, for tests and the fuzzer: bytes must be kFileBytes long.
  static RingFile overMemory(std::byte* bytes, std::uint32_t pid);
  ~RingFile();
  RingFile(RingFile&& other) noexcept;
  RingFile& operator=(RingFile&&) = delete;

  ring::Header& header() const { return *reinterpret_cast<ring::Header*>(base_); }
  ring::RingControl& control(std::uint32_t ring) const {
    return reinterpret_cast<ring::RingControl*>(base_ + ring::kControlsOffset)[ring % ring::kMaxRings];
  }
  RingRecords records(std::uint32_t ring) const {
    return {control(ring), reinterpret_cast<const ring::Record*>(base_ + ring::kDataOffset +
                                                                 (ring % ring::kMaxRings) * ring::kRingBytes)};
  }
  ring::Shard& shard(std::uint32_t index) const {
    return reinterpret_cast<ring::Shard*>(base_ + ring::kShardsOffset)[index % ring::kShards];
  }
  std::uint32_t ringCount() const;
  std::uint32_t moduleCount() const;
  ModuleSnapshot module(std::uint32_t index) const;
  // One that a published record names, and its parents, are whole.
  ring::StackNode node(std::uint32_t index) const {
    return reinterpret_cast<const ring::StackNode*>(base_ + ring::kNodesOffset)[index % ring::kMaxNodes];
  }
  std::uint32_t nameCount() const;
  // From the leaf to the root, at most kMaxDepth nodes.
  std::vector<ring::StackNode> stack(std::uint32_t node) const;
  std::string allocator() const;
  // What a probe calls something; valid UTF-8. Empty for 0 and for what is not there.
  std::string name(std::uint32_t index) const;
  // Gives the memory of rings and coalesced table back, once nobody writes there; stacks and modules stay.
  void releaseData() const;
  const ProcessIdentity& identity() const { return identity_; }
  const std::string& path() const { return path_; }
  std::string folder() const;  // the node folder
  bool broken() const { return guard_ != nullptr && guard_->broken(); }

  static constexpr std::size_t kMaxDepth = 1024;

 private:
  RingFile(std::byte* base, std::string path, bool mapped);

  std::byte* base_;
  std::string path_;
  bool mapped_;
  std::unique_ptr<BusGuard> guard_;
  ProcessIdentity identity_;
};

}  // namespace heapatlas::collector
