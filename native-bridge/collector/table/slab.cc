// See slab.h. A segment's first chunks hold the descriptors of all its chunks, so that a pointer finds its own by
// masking; the arrays themselves carry no header.
#include "table/slab.h"

#include <sys/mman.h>

#include <new>

#include "table/mapping.h"

namespace heapatlas::collector {

struct Slab::Chunk {
  Chunk* next;
  Chunk* previous;
  std::uint64_t* free;   // chain of released arrays, through their first word
  std::uint32_t used;    // arrays handed out
  std::uint32_t carved;  // arrays ever cut from it
};

struct Slab::Segment {
  static constexpr std::size_t kChunks = kSegmentBytes / kChunkBytes;
  Chunk chunks[kChunks];
};

namespace {

constexpr std::size_t kHeaderChunks = 1;

}  // namespace

Slab::~Slab() {
  for (Segment* segment : segments_) munmap(segment, kSegmentBytes);
}

Slab::Chunk* Slab::chunkOf(const void* address) {
  static_assert(sizeof(Segment) <= kHeaderChunks * kChunkBytes);
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  auto* segment = reinterpret_cast<Segment*>(at & ~(kSegmentBytes - 1));
  return &segment->chunks[(at & (kSegmentBytes - 1)) / kChunkBytes];
}

std::byte* Slab::dataOf(Chunk* chunk) {
  const auto at = reinterpret_cast<std::uintptr_t>(chunk);
  const std::uintptr_t segment = at & ~(kSegmentBytes - 1);
  return reinterpret_cast<std::byte*>(segment) + (at - segment) / sizeof(Chunk) * kChunkBytes;
}

Slab::Chunk* Slab::freshChunk() {
  if (!freeChunks_.empty()) {
    Chunk* chunk = freeChunks_.back();
    freeChunks_.pop_back();
    return chunk;
  }
  if (segments_.empty() || usedOfLastSegment_ == Segment::kChunks) {
    segments_.reserve(segments_.size() + 1);
    void* fresh = mapAligned(kSegmentBytes, Pages::Huge);
    if (fresh == nullptr) throw std::bad_alloc();
    segments_.push_back(static_cast<Segment*>(fresh));
    usedOfLastSegment_ = kHeaderChunks;
    touchedChunks_ += kHeaderChunks;
  }
  ++touchedChunks_;
  return &segments_.back()->chunks[usedOfLastSegment_++];
}

void Slab::push(Chunk* chunk, std::uint8_t sizeClass) {
  chunk->previous = nullptr;
  chunk->next = partial_[sizeClass];
  if (chunk->next != nullptr) chunk->next->previous = chunk;
  partial_[sizeClass] = chunk;
}

void Slab::unlink(Chunk* chunk, std::uint8_t sizeClass) {
  if (chunk->next != nullptr) chunk->next->previous = chunk->previous;
  if (chunk->previous != nullptr) {
    chunk->previous->next = chunk->next;
  } else {
    partial_[sizeClass] = chunk->next;
  }
}

std::uint64_t* Slab::allocate(std::uint8_t sizeClass) {
  const std::size_t words = kSlabClasses[sizeClass];
  const std::size_t perChunk = kChunkBytes / 8 / words;
  Chunk* chunk = partial_[sizeClass];
  if (chunk == nullptr) {
    chunk = freshChunk();
    chunk->free = nullptr;
    chunk->used = 0;
    chunk->carved = 0;
    push(chunk, sizeClass);
  }
  std::uint64_t* array = chunk->free;
  if (array != nullptr) {
    chunk->free = reinterpret_cast<std::uint64_t*>(array[0]);
  } else {
    array = reinterpret_cast<std::uint64_t*>(dataOf(chunk)) + chunk->carved++ * words;
  }
  if (++chunk->used == perChunk) unlink(chunk, sizeClass);
  return array;
}

void Slab::release(std::uint64_t* array, std::uint8_t sizeClass) {
  const std::size_t perChunk = kChunkBytes / 8 / kSlabClasses[sizeClass];
  Chunk* chunk = chunkOf(array);
  array[0] = reinterpret_cast<std::uint64_t>(chunk->free);
  chunk->free = array;
  if (chunk->used-- == perChunk) push(chunk, sizeClass);
  if (chunk->used == 0) {
    unlink(chunk, sizeClass);
    freeChunks_.push_back(chunk);
  }
}

}  // namespace heapatlas::collector
