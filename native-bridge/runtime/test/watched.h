// Runs a small program under the runtime and reads what it left in its ring files: a reader too naive to be wrong in the
// same way as the collector, which only balances allocations and releases an address. Used by the runtime's tests.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ring/ring.h"

namespace heapatlas {

using ring::Kind;

class Folder {
 public:
  Folder() {
    std::string pattern = "/dev/shm/heapatlas-test-XXXXXX";
    path_ = mkdtemp(pattern.data());
    mkdir((path_ + "/rings").c_str(), 0700);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::vector<std::string> rings() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_ + "/rings")) found.push_back(entry.path());
    return found;
  }

 private:
  std::string path_;
};

inline int runWatched(const Folder& folder, const std::string& preload, const std::string& command) {
  const std::string line = "HEAPATLAS_DIR=" + folder.path() + " LD_PRELOAD=" + preload + " " + command;
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Live {
  std::map<Kind, std::uint64_t> kinds;
  std::uint32_t rings = 0;
  std::uint32_t finished = 0;
  std::string session;
  std::map<std::uint64_t, int> balance;
  std::map<std::uint64_t, std::uint64_t> size;
  std::uint64_t records = 0;
  std::uint64_t lost = 0;
  std::uint64_t stacks = 0;
};

inline void replay(Live& live, const ring::Record& record) {
  ++live.kinds[record.kind()];
  switch (record.kind()) {
    case Kind::Alloc:
    case Kind::AllocNew:
    case Kind::AllocNewArray:
    case Kind::ReallocTo:
      ++live.balance[record.address()];
      live.size[record.address()] = record.size();
      live.stacks += record.stack() != 0 ? 1 : 0;
      break;
    case Kind::ReallocFailed: ++live.balance[record.address()]; break;
    case Kind::Free:
    case Kind::Delete:
    case Kind::DeleteArray:
    case Kind::ReallocFrom: --live.balance[record.address()]; break;
    default: return;
  }
  ++live.records;
}

inline Live readRing(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR);
  char* base = static_cast<char*>(mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  close(file);
  const auto* header = reinterpret_cast<const ring::Header*>(base);
  EXPECT_EQ(header->magic, ring::kMagic);
  EXPECT_EQ(header->ready, 1u);
  const auto* controls = reinterpret_cast<const ring::RingControl*>(base + ring::kControlsOffset);
  Live live;
  for (std::uint32_t i = 0; i < header->ringCount; ++i) {
    const auto* data = reinterpret_cast<const ring::Record*>(base + ring::kDataOffset + i * ring::kRingBytes);
    for (std::uint64_t at = 0; at < controls[i].head; ++at) replay(live, data[at]);
  }
  if (header->gap != 0) {
    const auto* shards = reinterpret_cast<const ring::Shard*>(base + ring::kShardsOffset);
    for (std::uint32_t i = 0; i < ring::kShards; ++i) {
      for (const auto& entry : shards[i].entries) {
        if (entry.address == 0) continue;
        live.balance[entry.address] += entry.live - entry.firstWasFree;
        if (entry.live != 0) live.size[entry.address] = entry.size;
      }
    }
  }
  live.lost = header->lostEvents;
  live.rings = header->ringCount;
  live.finished = header->finished;
  live.session = header->session;
  munmap(base, ring::kFileBytes);
  return live;
}

// The image that allocated most: the shell that starts a program is watched too.
inline Live readLargest(const Folder& folder) {
  Live largest;
  for (const auto& path : folder.rings()) {
    Live one = readRing(path);
    if (one.records >= largest.records) largest = std::move(one);
  }
  return largest;
}

}  // namespace heapatlas
