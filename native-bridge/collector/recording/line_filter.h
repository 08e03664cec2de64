// Which 128-byte lines of memory the blocks of a chunk's events cover, so that a search for an address decodes only the
// chunks that can know of it. Entry: LineSet, by ChunkEncoder; mayCover, by the reader.
// Must hold: mayCover is true wherever a block was; where it is not understood, it is true. For blocks below 64 KiB it
// is exact to the line, for larger ones to the byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heapatlas::recording {

inline constexpr std::uint64_t kLineBytes = 128;

class LineSet {
 public:
  void clear();
  void add(std::uint64_t address, std::uint64_t size) {
    if (size >= kLargeBytes) return addLarge(address, size);
    const std::uint64_t first = address / kLineBytes;
    const std::uint64_t last = lastOf(address, size) / kLineBytes;
    for (std::uint64_t line = first; line <= last; ++line) mark(line);
  }
  // Chunk.lines; empty when that would be too large, which stands for all of memory.
  std::string take();

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
  void mark(std::uint64_t line) {
    const std::uint64_t page = line / kPageLines;
    if (page != lastPage_) find(page);
    pages_[lastSlot_].lines |= 1u << line % kPageLines;
  }
  void find(std::uint64_t page);
  void grow();
  void addLarge(std::uint64_t address, std::uint64_t size);

  std::vector<Page> pages_;  // open addressing, linear probing
  std::size_t used_ = 0;
  std::uint64_t lastPage_ = ~0ull;  // no line has it
  std::size_t lastSlot_ = 0;
  std::vector<Span> large_;
};

// Whether one of them may lie in [from, to).
bool mayCover(std::string_view lines, std::uint64_t from, std::uint64_t to);

}  // namespace heapatlas::recording
