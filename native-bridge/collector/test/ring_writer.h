// The runtime's side of the ring for tests: writes a ring file, or the same layout in memory, as a program would.
// Entry: RingWriter. Must hold: keeps ring.h's commit rule; blocks in no way when a ring is full (full() says so).
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "input/clock.h"
#include "ring/ring.h"

namespace heapatlas::collector::test {

class RingWriter {
 public:
  // In memory alone (path empty), or as a file.
  explicit RingWriter(const std::string& path = "", std::uint32_t pid = static_cast<std::uint32_t>(getpid())) {
    int fd = -1;
    if (!path.empty()) {
      fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (fd < 0 || ftruncate(fd, static_cast<off_t>(ring::kFileBytes)) != 0) throw std::runtime_error("ring file");
    }
    const int flags = path.empty() ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
    void* base = mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (fd >= 0) close(fd);
    if (base == MAP_FAILED) throw std::runtime_error("ring memory");
    base_ = static_cast<std::byte*>(base);
    fillHeader(pid);
  }
  // As new; in memory alone.
  void reset() {
    madvise(base_, ring::kFileBytes, MADV_DONTNEED);
    fillHeader(static_cast<std::uint32_t>(getpid()));
  }
  ~RingWriter() { munmap(base_, ring::kFileBytes); }
  RingWriter(const RingWriter&) = delete;
  RingWriter& operator=(const RingWriter&) = delete;

  std::byte* base() { return base_; }
  ring::Header& header() { return *reinterpret_cast<ring::Header*>(base_); }
  ring::RingControl& control(std::uint32_t ring) {
    return reinterpret_cast<ring::RingControl*>(base_ + ring::kControlsOffset)[ring];
  }
  ring::Shard& shard(std::uint32_t index) { return reinterpret_cast<ring::Shard*>(base_ + ring::kShardsOffset)[index]; }
  bool full(std::uint32_t ring) {
    return ring::roomOf(control(ring).head.load(std::memory_order_relaxed),
                        control(ring).tail.load(std::memory_order_acquire)) == 0;
  }
  void put(std::uint32_t ring, const ring::Record& record) {
    if (header().ringCount.load() <= ring) header().ringCount.store(ring + 1);
    auto* data = reinterpret_cast<ring::Record*>(base_ + ring::kDataOffset + ring * ring::kRingBytes);
    const std::uint64_t head = control(ring).head.load(std::memory_order_relaxed);
    // In the order of the positions, which is one that a program may take.
    ring::setSlice(control(ring), head / ring::kSliceRecords,
                   static_cast<std::uint8_t>(head / ring::kSliceRecords % ring::kSlices));
    data[ring::slotOf(control(ring), head)] = record;
    control(ring).head.store(head + 1, std::memory_order_release);
  }
  void alloc(std::uint32_t ring, std::uint64_t address, std::uint64_t size, std::uint32_t stack = 1) {
    put(ring, ring::Record::make(ring::Kind::Alloc, address, size, stack));
  }
  void free(std::uint32_t ring, std::uint64_t address) {
    put(ring, ring::Record::make(ring::Kind::Free, address, 0, 0));
  }
  void time(std::uint32_t ring) { put(ring, ring::Record::time(ticksNow())); }
  // An executable or library that lies as far from its file's addresses as it begins.
  void addModule(std::uint64_t start, std::uint64_t end, const std::string& path) {
    const std::uint32_t index = header().moduleCount.load();
    ring::Module& module = reinterpret_cast<ring::Module*>(base_ + ring::kModulesOffset)[index];
    module.start = module.bias = start;
    module.end = end;
    path.copy(module.path, sizeof module.path - 1);
    header().moduleCount.store(index + 1, std::memory_order_release);
  }
  std::uint32_t addNode(std::uint64_t pc, std::uint32_t parent) {
    auto* nodes = reinterpret_cast<ring::StackNode*>(base_ + ring::kNodesOffset);
    const std::uint32_t id = header().nodeCount.load();
    nodes[id] = {pc, parent, 0};
    header().nodeCount.store(id + 1, std::memory_order_release);
    return id;
  }

 private:
  void fillHeader(std::uint32_t pid) {
    ring::Header& h = header();
    h.magic = ring::kMagic;
    h.version = ring::kVersion;
    h.headerBytes = ring::kControlsOffset;
    h.fileBytes = ring::kFileBytes;
    h.pid = pid;
    h.startTicks = ticksNow();
    h.startNanos = monotonicNanos();
    h.startRealNanos = h.startNanos;
    h.wantedMode = static_cast<std::uint32_t>(ring::Mode::Full);
    h.sampleMean = 524288;
    h.modeInForce = ring::modeWord(ring::Mode::Full, 0);
    h.nodeCount = 1;
    h.ready.store(1, std::memory_order_release);
  }

  std::byte* base_;
};

}  // namespace heapatlas::collector::test
