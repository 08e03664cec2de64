// What the kernel tells about a process: regions, threads, command line, state, resident memory.
// Entry: ProcFs, called by the collector beside the allocator's own view. The environment of a process is read for its
// recording alone. Must hold: a process may end between any two reads; then NodeError NotFound is thrown, nothing half
// is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace heapatlas::node {

struct Region {
  std::uint64_t from = 0;
  std::uint64_t to = 0;     // exclusive
  std::string permissions;  // as in maps: rwxp
  std::uint64_t fileOffset = 0;
  std::uint64_t device = 0;  // major << 32 | minor; with inode names the mapped file
  std::uint64_t inode = 0;
  std::string kind;      // heap, anonymous, stack, thread stack, file, shared, vdso, vvar, vsyscall, special
  std::string name;      // path, [heap], [anon:…] or empty
  bool deleted = false;  // the file was removed since
  std::uint64_t rssBytes = 0;
  std::uint64_t pssBytes = 0;
  std::uint64_t swapBytes = 0;
  std::uint64_t hugeBytes = 0;           // in transparent or hugetlb pages
  std::vector<std::uint64_t> numaPages;  // resident base pages on each NUMA node; empty without numa_maps
};

struct ThreadState {
  std::uint32_t tid = 0;
  std::string name;
  char state = '?';      // letter of /proc: R, S, D, T, t, Z, X
  bool running = false;  // R
  std::uint64_t cpuNanos = 0;
};

enum class RunState { Running, Stopped, Ended };

struct ProcessFacts {
  std::uint32_t pid = 0;
  std::uint32_t parentPid = 0;
  std::uint32_t uid = 0;   // effective
  std::string executable;  // empty when the link may not be read
  std::vector<std::string> arguments;
  std::string name;
  RunState state = RunState::Running;  // Ended: a zombie, its parent has not waited yet
  std::uint64_t startTicks = 0;        // field 22 of stat; with pid names a process for good
  std::uint64_t startRealNanos = 0;    // since 1970
  std::uint64_t cpuNanos = 0;          // user and system
};

// NUMA nodes of this machine by their highest number; 0: a kernel without NUMA.
std::size_t numaNodes(const std::string& folder = "/sys/devices/system/node");

std::string hostName();

// Threads: any; holds nothing but the root.
class ProcFs {
 public:
  explicit ProcFs(std::string root = "/proc");

  // From smaps and numa_maps; takes some 45 ms a GiB of resident small pages. NodeError.
  std::vector<Region> regions(std::uint32_t pid) const;
  // From maps alone, without the resident figures; cheap. NodeError.
  std::vector<Region> maps(std::uint32_t pid) const;
  std::vector<ThreadState> threads(std::uint32_t pid) const;  // NodeError
  ProcessFacts process(std::uint32_t pid) const;              // NodeError
  // NAME=value, as it was started; empty where it may not be read.
  std::vector<std::string> environment(std::uint32_t pid) const;
  // 0 when there is no such process.
  std::uint64_t startTicks(std::uint32_t pid) const;
  // Resident bytes from statm, 0 when there is no such process: one small read, fit for every frame.
  std::uint64_t rssBytes(std::uint32_t pid) const;
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

}  // namespace heapatlas::node
