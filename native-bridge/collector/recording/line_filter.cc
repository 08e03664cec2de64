#include "recording/line_filter.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "recording/columns.h"
#include "recording/frame_file.h"

namespace heapatlas::recording {

namespace {

// A page: its distance from the one before in its part, the first's from the part's page, times kLinesCodes, and which
// of its lines; then, where they are listed, 4 bytes. Pages ascend.
enum class LinesCode : std::uint8_t { Listed = 0, All = 1, AsBefore = 2, AsTwoBefore = 3 };
constexpr unsigned kLinesCodes = 4;

constexpr std::size_t kMostParts = 64;   // what says where they are is read for every chunk
constexpr std::size_t kPartPages = 128;  // at least; the last one may have fewer
constexpr std::size_t kMaxLinesBytes = 16u << 20;

// The first byte of a part.
enum class Packing : std::uint8_t { None = 0, Zstd = 1 };
constexpr std::uint64_t kPageBytes = 4096;

std::uint64_t hashOf(std::uint64_t page) { return page * 0x9e3779b97f4a7c15u; }

// What of [from, last] lies in a page, as its lines.
std::uint32_t linesIn(std::uint64_t page, std::uint64_t from, std::uint64_t last) {
  if (from / kPageBytes > page || last / kPageBytes < page) return 0;
  const std::uint64_t low = from / kPageBytes == page ? from % kPageBytes / kLineBytes : 0;
  const std::uint64_t high = last / kPageBytes == page ? last % kPageBytes / kLineBytes : 31;
  return ~0u >> (31 - (high - low)) << low;
}

void append(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

// Of the one that is smaller.
void appendPart(std::string& bytes, const std::string& part) {
  const std::string packed = compressed(part);
  const bool smaller = packed.size() < part.size();
  bytes.push_back(static_cast<char>(smaller ? Packing::Zstd : Packing::None));
  bytes += smaller ? packed : part;
}

// Throws Damaged.
std::string unpacked(std::string_view part) try {
  if (part.empty()) throw Damaged("a part of the lines is empty");
  const auto packing = static_cast<Packing>(part[0]);
  if (packing > Packing::Zstd) throw Damaged("a part of the lines is packed as none is");
  part.remove_prefix(1);
  return packing == Packing::Zstd ? decompressed(part, kMaxLinesBytes) : std::string(part);
} catch (const RecordingError& error) {
  throw Damaged(error.what());
}

// The lines of pages that come one behind the other; both directions keep what the codes mean alike.
class LinesBefore {
 public:
  LinesCode codeOf(std::uint32_t lines) const {
    if (lines == ~0u) return LinesCode::All;
    if (lines == before_) return LinesCode::AsBefore;
    return lines == twoBefore_ ? LinesCode::AsTwoBefore : LinesCode::Listed;
  }
  std::uint32_t of(LinesCode code) const {
    if (code == LinesCode::All) return ~0u;
    return code == LinesCode::AsBefore ? before_ : twoBefore_;
  }
  void learn(std::uint32_t lines) {
    if (lines == ~0u || lines == before_) return;
    twoBefore_ = before_;
    before_ = lines;
  }

 private:
  std::uint32_t before_ = 0;
  std::uint32_t twoBefore_ = 0;
};

// Throws Damaged.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : at_(bytes.begin()), end_(bytes.end()) {}
  bool atEnd() const { return at_ == end_; }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto next = static_cast<std::uint8_t>(byte());
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    throw Damaged("lines have an integer that does not end");
  }
  std::uint32_t word() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) {
      value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(byte())) << shift;
    }
    return value;
  }

 private:
  char byte() {
    if (at_ == end_) throw Damaged("lines end too early");
    return *at_++;
  }

  std::string_view::const_iterator at_;
  std::string_view::const_iterator end_;
};

bool partCovers(std::string_view part, std::uint64_t page, std::uint64_t from, std::uint64_t last) {
  Bytes bytes(part);
  LinesBefore before;
  while (!bytes.atEnd()) {
    const std::uint64_t step = bytes.varint();
    page += step / kLinesCodes;
    const auto code = static_cast<LinesCode>(step % kLinesCodes);
    const std::uint32_t lines = code == LinesCode::Listed ? bytes.word() : before.of(code);
    before.learn(lines);
    if (page > last / kPageBytes) return false;
    if ((lines & linesIn(page, from, last)) != 0) return true;
  }
  return false;
}

bool largeCovers(std::string_view large, std::uint64_t from, std::uint64_t last) {
  Bytes bytes(large);
  std::uint64_t start = 0;
  while (!bytes.atEnd()) {
    start += bytes.varint();
    const std::uint64_t length = bytes.varint();
    if (start > last) return false;
    if (start + length >= from) return true;
  }
  return false;
}

bool isWhole(const v1::LineParts& parts) {
  return parts.page_size() == parts.bytes_size() && parts.page_size() == parts.sum_size();
}

}  // namespace

LineSet::LineSet() : pages_(1024, Page{0, 0}) {}

// What was used alone: a chunk's pages are mostly few.
void LineSet::clear() {
  for (const std::uint32_t slot : used_) pages_[slot].lines = 0;
  used_.clear();
  lastPage_ = ~0ull;
  large_.clear();
}

void LineSet::grow() {
  std::vector<Page> old(pages_.size() * 4, Page{0, 0});
  old.swap(pages_);
  for (const std::uint32_t slot : std::exchange(used_, {})) {
    find(old[slot].page);
    pages_[lastSlot_].lines = old[slot].lines;
  }
}

void LineSet::find(std::uint64_t page) {
  if (used_.size() * 2 >= pages_.size()) grow();
  const std::size_t mask = pages_.size() - 1;
  std::size_t at = hashOf(page) >> 20 & mask;
  while (pages_[at].lines != 0 && pages_[at].page != page) at = (at + 1) & mask;
  if (pages_[at].lines == 0) used_.push_back(static_cast<std::uint32_t>(at));
  pages_[at].page = page;
  lastPage_ = page;
  lastSlot_ = at;
}

void LineSet::addAcross(std::uint64_t first, std::uint64_t last) {
  while (first / kPageLines != last / kPageLines) {
    const std::uint64_t end = first | (kPageLines - 1);
    mark(first / kPageLines, linesOf(first, end));
    first = end + 1;
  }
  mark(first / kPageLines, linesOf(first, last));
}

void LineSet::addLarge(std::uint64_t address, std::uint64_t size) {
  large_.push_back({address, lastOf(address, size)});
}

void LineSet::takePages(std::string& bytes, v1::LineParts& parts) {
  byPage_.clear();
  for (const std::uint32_t slot : used_) byPage_.add(pages_[slot].page, slot);
  const std::vector<SortByKey::Item>& sorted = byPage_.sorted();
  const std::size_t each = std::max(kPartPages, (sorted.size() + kMostParts - 1) / kMostParts);
  std::uint64_t partBefore = 0;
  std::string part;
  for (std::size_t from = 0; from < sorted.size(); from += each) {
    part.clear();
    LinesBefore before;
    std::uint64_t pageBefore = sorted[from].key;
    for (std::size_t i = from; i < std::min(from + each, sorted.size()); ++i) {
      const std::uint32_t lines = pages_[sorted[i].index].lines;
      const LinesCode code = before.codeOf(lines);
      append(part, (sorted[i].key - pageBefore) * kLinesCodes + static_cast<unsigned>(code));
      for (unsigned shift = 0; code == LinesCode::Listed && shift < 32; shift += 8) {
        part.push_back(static_cast<char>(lines >> shift));
      }
      before.learn(lines);
      pageBefore = sorted[i].key;
    }
    const std::size_t begin = bytes.size();
    appendPart(bytes, part);
    parts.add_page(sorted[from].key - partBefore);
    parts.add_bytes(static_cast<std::uint32_t>(bytes.size() - begin));
    parts.add_sum(sumOf(std::string_view(bytes).substr(begin)));
    partBefore = sorted[from].key;
  }
}

void LineSet::takeLarge(std::string& bytes, v1::LineParts& parts) {
  if (large_.empty()) return;
  std::sort(large_.begin(), large_.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::string part;
  std::uint64_t before = 0;
  std::uint64_t last = 0;
  for (const Span& span : large_) {
    append(part, span.from - before);
    append(part, span.last - span.from);
    before = span.from;
    last = std::max(last, span.last);
  }
  const std::size_t begin = bytes.size();
  appendPart(bytes, part);
  parts.set_large_bytes(static_cast<std::uint32_t>(bytes.size() - begin));
  parts.set_large_sum(sumOf(std::string_view(bytes).substr(begin)));
  parts.set_large_from(large_.front().from);
  parts.set_large_last(last);
}

void LineSet::take(v1::Chunk& chunk) {
  std::string& bytes = *chunk.mutable_lines();
  v1::LineParts& parts = *chunk.mutable_line_parts();
  takePages(bytes, parts);
  takeLarge(bytes, parts);
  if (bytes.size() > kMaxLinesBytes) {
    chunk.clear_lines();
    chunk.clear_line_parts();
  }
  clear();
}

bool mayCover(const v1::LineParts& parts, std::uint64_t from, std::uint64_t to, const LinesReader& read) try {
  if (from >= to) return false;
  if (!isWhole(parts)) return true;
  const std::uint64_t last = to - 1;
  std::uint64_t offset = 0;
  std::uint64_t page = 0;
  for (int i = 0; i < parts.page_size(); offset += parts.bytes(i++)) {
    page += parts.page(i);
    if (page > last / kPageBytes) continue;
    if (i + 1 < parts.page_size() && page + parts.page(i + 1) <= from / kPageBytes) continue;
    const std::optional<std::string> part = read(offset, parts.bytes(i), parts.sum(i));
    if (!part || partCovers(unpacked(*part), page, from, last)) return true;
  }
  if (parts.large_bytes() == 0 || parts.large_from() > last || parts.large_last() < from) return false;
  const std::optional<std::string> large = read(offset, parts.large_bytes(), parts.large_sum());
  return !large || largeCovers(unpacked(*large), from, last);
} catch (const Damaged&) {
  return true;  // a chunk that need not be decoded costs time; one that must be and is not, an event
}

bool mayCover(const v1::Chunk& chunk, std::uint64_t from, std::uint64_t to) {
  if (!chunk.has_line_parts()) return from < to;
  const auto read = [&chunk](std::uint64_t offset, std::uint64_t bytes, std::uint32_t sum) {
    const std::string& lines = chunk.lines();
    std::optional<std::string> part;
    if (offset <= lines.size() && bytes <= lines.size() - offset) part = lines.substr(offset, bytes);
    return part && sumOf(*part) == sum ? part : std::nullopt;
  };
  return mayCover(chunk.line_parts(), from, to, read);
}

}  // namespace heapatlas::recording
