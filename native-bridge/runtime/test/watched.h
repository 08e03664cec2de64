// Runs a small program under the runtime and reads what it left in its ring files: a reader too naive to be wrong in
// the same way as the collector, which only balances allocations and releases an address. Used by the runtime's tests.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
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

// What was read of one process image.
struct Live {
  std::map<Kind, std::uint64_t> kinds;
  std::vector<ring::Record> others;  // all that are not of the heap, ring by ring
  std::uint32_t pid = 0;
  std::uint32_t rings = 0;
  std::uint32_t finished = 0;
  std::string session;
  std::map<std::uint64_t, int> balance;
  std::map<std::uint64_t, std::uint64_t> size;
  std::uint64_t records = 0;  // of the heap
  std::uint64_t lost = 0;
  std::uint64_t skipped = 0;
  std::uint64_t gaps = 0;
  std::uint64_t stacks = 0;
  std::uint64_t tickets = 0;
  std::uint64_t fileBytes = 0;  // in memory, when the file was opened
};

inline void replay(Live& live, const ring::Record& record) {
  ++live.kinds[record.kind()];
  switch (record.kind()) {
    case Kind::Alloc:
    case Kind::AllocNew:
    case Kind::AllocNewArray:
    case Kind::ReallocTo:
    case Kind::SampledAlloc:
      ++live.balance[record.address()];
      live.size[record.address()] = record.size();
      live.stacks += record.stack() != 0 ? 1 : 0;
      break;
    case Kind::ReallocFailed:
      ++live.balance[record.address()];
      break;
    case Kind::Free:
    case Kind::Delete:
    case Kind::DeleteArray:
    case Kind::ReallocFrom:
    case Kind::SampledFree:
      --live.balance[record.address()];
      break;
    default:
      live.others.push_back(record);
      return;
  }
  ++live.records;
  live.tickets += record.ticket() != 0 ? 1 : 0;
}

// A ring file, read as the collector does it: from each tail to each head, and with the gap's table. sharing:
// MAP_SHARED to empty it, MAP_PRIVATE to leave it as it is.
class RingReader {
 public:
  RingReader(const std::string& path, int sharing) {
    const int file = open(path.c_str(), O_RDWR);
    base_ = static_cast<char*>(mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, sharing, file, 0));
    struct stat status {};
    fstat(file, &status);
    live_.fileBytes = static_cast<std::uint64_t>(status.st_blocks) * 512;
    close(file);
  }
  ~RingReader() { munmap(base_, ring::kFileBytes); }
  RingReader(const RingReader&) = delete;
  RingReader& operator=(const RingReader&) = delete;

  ring::Header& header() const { return *reinterpret_cast<ring::Header*>(base_); }

  // Everything between tails and heads; true when there was something.
  bool drain() {
    auto* controls = reinterpret_cast<ring::RingControl*>(base_ + ring::kControlsOffset);
    bool any = false;
    // The first thread's ring last: what the scenarios keep is allocated there, behind all others' use of the address.
    for (std::uint32_t i = header().ringCount; i-- > 0;) {
      const auto* data = reinterpret_cast<const ring::Record*>(base_ + ring::kDataOffset + i * ring::kRingBytes);
      const std::uint64_t head = controls[i].head.load(std::memory_order_acquire);
      for (std::uint64_t at = controls[i].tail; at < head; ++at) replay(live_, data[ring::slotOf(controls[i], at)]);
      any = any || controls[i].tail != head;
      controls[i].tail.store(head, std::memory_order_release);
    }
    return any;
  }

  // Ends the gap: the rings once more and the table, while all of its locks are held.
  void endGap() {
    auto* shards = reinterpret_cast<ring::Shard*>(base_ + ring::kShardsOffset);
    for (std::uint32_t i = 0; i < ring::kShards; ++i) {
      for (std::uint32_t free = 0; !shards[i].lock.compare_exchange_weak(free, static_cast<std::uint32_t>(getpid()));
           free = 0) {
      }
    }
    drain();
    for (std::uint32_t i = 0; i < ring::kShards; ++i) {
      if (shards[i].used == 0) continue;
      for (auto& entry : shards[i].entries) takeEntry(entry);
      shards[i].used = 0;
    }
    header().gap.store(0);
    ++live_.gaps;
    for (std::uint32_t i = 0; i < ring::kShards; ++i) shards[i].lock.store(0, std::memory_order_release);
  }

  Live& live() {
    live_.pid = header().pid;
    live_.lost = header().lostEvents;
    live_.skipped = header().skippedEvents;
    live_.rings = header().ringCount;
    live_.finished = header().finished;
    live_.session = header().session;
    return live_;
  }

 private:
  void takeEntry(ring::Coalesced& entry) {
    if (entry.address == 0) return;
    live_.balance[entry.address] += entry.live - entry.firstWasFree;
    if (entry.live != 0) live_.size[entry.address] = entry.size;
    entry = {};
  }

  char* base_ = nullptr;
  Live live_;
};

// What a process that has ended left in its file.
inline Live readRing(const std::string& path) {
  RingReader reader(path, MAP_PRIVATE);
  EXPECT_EQ(reader.header().magic, ring::kMagic);
  EXPECT_EQ(reader.header().ready, 1u);
  reader.drain();
  if (reader.header().gap != 0) reader.endGap();
  return reader.live();
}

// The image that allocated most: the shell that starts a program is watched too.
inline Live largestOf(std::vector<Live> images) {
  Live largest;
  for (Live& one : images) {
    if (one.records >= largest.records) largest = std::move(one);
  }
  return largest;
}

inline std::vector<Live> readAll(const Folder& folder) {
  std::vector<Live> images;
  for (const auto& path : folder.rings()) images.push_back(readRing(path));
  return images;
}

inline Live readLargest(const Folder& folder) { return largestOf(readAll(folder)); }

// Stands in for the collector while a program runs: empties the rings, ends gaps.
class Draining {
 public:
  explicit Draining(const Folder& folder) : folder_(folder), thread_([this] { run(); }) {}
  ~Draining() { stop(); }
  Draining(const Draining&) = delete;
  Draining& operator=(const Draining&) = delete;

  // Call it once all watched processes have ended.
  std::vector<Live> stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    std::vector<Live> images;
    for (auto& [path, reader] : readers_) images.push_back(reader->live());
    return images;
  }

 private:
  void run() {
    bool last = false;
    while (!last) {
      last = stopping_;
      if (!pass()) usleep(500);
    }
  }
  bool pass() {
    bool any = false;
    for (const auto& path : folder_.rings()) {
      auto& reader = readers_[path];
      if (reader == nullptr && std::filesystem::file_size(path) == ring::kFileBytes) {
        reader = std::make_unique<RingReader>(path, MAP_SHARED);
      }
      if (reader == nullptr || reader->header().ready == 0) continue;
      timespec now{};
      clock_gettime(CLOCK_MONOTONIC, &now);
      reader->header().collectorNanos.store(static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
                                            static_cast<std::uint64_t>(now.tv_nsec));
      any = reader->drain() || any;
      if (reader->header().gap != 0) reader->endGap();
    }
    return any;
  }

  const Folder& folder_;
  std::map<std::string, std::unique_ptr<RingReader>> readers_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace heapatlas
