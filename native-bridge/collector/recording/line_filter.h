// Which 128-byte lines of memory the blocks of a chunk's events cover, so that a search for an address decodes only the
// chunks that can know of it. Entry: LineSet, by ChunkEncoder; mayCover, by the reader.
// Must hold: mayCover is true wherever a block was; where it is not understood, it is true. For blocks below 64 KiB it
// is exact to the line, for larger ones to the byte. Whoever asks for one address reads a part of the lines, not all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "recording.pb.h"
#include "recording/sort_by_key.h"

namespace heapatlas::recording {

namespace v1 = heapatlas::v1;

inline constexpr std::uint64_t kLineBytes = 128;

class LineSet {
 public:
  LineSet();
  void add(std::uint64_t address, std::uint64_t size) {
    if (size >= kLargeBytes) return addLarge(address, size);
    const std::uint64_t first = address / kLineBytes;
    const std::uint64_t last = lastOf(address, size) / kLineBytes;
    const std::uint64_t page = first / kPageLines;
    if (page != last / kPageLines) return addAcross(first, last);
    mark(page, linesOf(first, last));
  }
  // Chunk.lines and Chunk.line_parts; neither is there when they would be too large, which stands for all of memory.
  void take(v1::Chunk& chunk);

 private:
  static constexpr std::uint64_t kLargeBytes = 64 << 10;
  static constexpr std::uint64_t kPageLines = 32;
  struct Page {
    std::uint64_t page;
    std::uint32_t lines;  // 0: the slot is empty
  };
  struct Span {
    std::uint64_t from;
    std::uint64_t last;
  };
  static std::uint64_t lastOf(std::uint64_t address, std::uint64_t size) {
    const std::uint64_t last = address + (size == 0 ? 0 : size - 1);
    return last < address ? ~0ull : last;
  }
  // Of one page.
  static std::uint32_t linesOf(std::uint64_t first, std::uint64_t last) {
    return ~0u >> (31 - (last - first)) << first % kPageLines;
  }
  void mark(std::uint64_t page, std::uint32_t lines) {
    if (page != lastPage_) find(page);
    pages_[lastSlot_].lines |= lines;
  }
  void addAcross(std::uint64_t first, std::uint64_t last);
  void addLarge(std::uint64_t address, std::uint64_t size);
  void find(std::uint64_t page);
  void grow();
  void clear();
  void takePages(std::string& bytes, v1::LineParts& parts);
  void takeLarge(std::string& bytes, v1::LineParts& parts);

  std::vector<Page> pages_;          // open addressing, linear probing
  std::vector<std::uint32_t> used_;  // slots
  SortByKey byPage_;
  std::uint64_t lastPage_ = ~0ull;  // no line has it
  std::size_t lastSlot_ = 0;
  std::vector<Span> large_;
};

// Reads so many bytes of Chunk.lines from an offset, of that sum; empty when it cannot.
using LinesReader =
    std::function<std::optional<std::string>(std::uint64_t offset, std::uint64_t bytes, std::uint32_t sum)>;

// Whether one of them may lie in [from, to).
bool mayCover(const v1::LineParts& parts, std::uint64_t from, std::uint64_t to, const LinesReader& read);
// … of a chunk with its lines.
bool mayCover(const v1::Chunk& chunk, std::uint64_t from, std::uint64_t to);

}  // namespace heapatlas::recording
