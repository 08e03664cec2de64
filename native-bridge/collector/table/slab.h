// Memory for the packed entry arrays: size classes, cut from 64 KiB chunks of 64 MiB segments.
// Entry: Slab::allocate, called by LiveTable when a page's array changes its class.
// Must hold: chunk.used = arrays handed out of it; a chunk with used = 0 may serve any other class.
// Threads: one owner at a time (the process's mutex).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heapatlas::collector {

// Capacities in 8-byte words. Steps of at most an eighth from 64 on keep the unused part of an array small.
inline constexpr std::array<std::uint16_t, 37> kSlabClasses = {
    0,  1,  2,  3,  4,  5,  6,  7,   8,   10,  12,  14,  16,  20,  24,  28,  32,  36, 40,
    48, 56, 64, 72, 80, 88, 96, 112, 128, 144, 160, 176, 192, 224, 256, 320, 384, 512};

class Slab {
 public:
  static constexpr std::size_t kSegmentBytes = 64u << 20;
  static constexpr std::size_t kChunkBytes = 64u << 10;

  Slab() = default;
  ~Slab();
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  // Throws std::bad_alloc when the system gives no memory. sizeClass 1 … kSlabClasses.size() - 1.
  std::uint64_t* allocate(std::uint8_t sizeClass);
  void release(std::uint64_t* array, std::uint8_t sizeClass);
  // Bytes of all chunks that were ever touched.
  std::uint64_t bytes() const { return touchedChunks_ * kChunkBytes; }

 private:
  struct Chunk;
  struct Segment;

  Chunk* freshChunk();
  static Chunk* chunkOf(const void* address);
  static std::byte* dataOf(Chunk* chunk);
  void unlink(Chunk* chunk, std::uint8_t sizeClass);
  void push(Chunk* chunk, std::uint8_t sizeClass);

  std::vector<Segment*> segments_;
  std::vector<Chunk*> freeChunks_;
  std::array<Chunk*, kSlabClasses.size()> partial_{};  // chunks with room, the latest first
  std::size_t usedOfLastSegment_ = 0;
  std::uint64_t touchedChunks_ = 0;
};

}  // namespace heapatlas::collector
