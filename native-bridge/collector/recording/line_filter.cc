#include "recording/line_filter.h"

#include <algorithm>
#include <bit>

#include "recording/columns.h"

namespace heapatlas::recording {

namespace {

// One column: how many pages, each page's distance from the one before and its lines; then the large blocks' distance
// from the one before and length. Pages and blocks ascend.
constexpr std::uint64_t kMaxIntegers = 1 << 22;
constexpr std::uint64_t kPageBytes = 4096;

std::uint64_t hashOf(std::uint64_t page) { return page * 0x9e3779b97f4a7c15u; }

// What of [from, last] lies in a page, as its lines.
std::uint32_t linesIn(std::uint64_t page, std::uint64_t from, std::uint64_t last) {
  if (from / kPageBytes > page || last / kPageBytes < page) return 0;
  const std::uint64_t low = from / kPageBytes == page ? from % kPageBytes / kLineBytes : 0;
  const std::uint64_t high = last / kPageBytes == page ? last % kPageBytes / kLineBytes : 31;
  return ~0u >> (31 - (high - low)) << low;
}

}  // namespace

void LineSet::clear() {
  pages_.assign(std::max<std::size_t>(1024, std::bit_ceil(used_ * 2)), {0, 0});
  used_ = 0;
  lastPage_ = ~0ull;
  large_.clear();
}

void LineSet::grow() {
  std::vector<Page> old(std::max<std::size_t>(1024, pages_.size() * 2), {0, 0});
  old.swap(pages_);
  used_ = 0;
  for (const Page& page : old) {
    if (page.lines == 0) continue;
    find(page.page);
    pages_[lastSlot_].lines = page.lines;
  }
}

void LineSet::find(std::uint64_t page) {
  if ((used_ + 1) * 3 > pages_.size() * 2) grow();
  const std::size_t mask = pages_.size() - 1;
  std::size_t at = hashOf(page) >> 20 & mask;
  while (pages_[at].lines != 0 && pages_[at].page != page) at = (at + 1) & mask;
  used_ += pages_[at].lines == 0 ? 1 : 0;
  pages_[at].page = page;
  lastPage_ = page;
  lastSlot_ = at;
}

void LineSet::addLarge(std::uint64_t address, std::uint64_t size) {
  large_.push_back({address, lastOf(address, size)});
}

std::string LineSet::take() {
  std::erase_if(pages_, [](const Page& page) { return page.lines == 0; });
  std::sort(pages_.begin(), pages_.end(), [](const Page& a, const Page& b) { return a.page < b.page; });
  std::sort(large_.begin(), large_.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  ColumnWriter column;
  column.varint(pages_.size());
  std::uint64_t before = 0;
  for (const Page& page : pages_) {
    column.varint(page.page - before);
    column.varint(page.lines);
    before = page.page;
  }
  before = 0;
  for (const Span& span : large_) {
    column.varint(span.from - before);
    column.varint(span.last - span.from);
    before = span.from;
  }
  const bool fits = column.count() <= kMaxIntegers;
  const v1::Column lines = column.take("lines", v1::VARINT);
  clear();
  return fits ? lines.SerializeAsString() : "";
}

bool mayCover(std::string_view lines, std::uint64_t from, std::uint64_t to) try {
  if (from >= to) return false;
  v1::Column column;
  if (lines.empty() || !column.ParseFromArray(lines.data(), static_cast<int>(lines.size()))) return true;
  ColumnReader reader;
  reader.open(column, v1::VARINT, kMaxIntegers);
  std::uint64_t pages = reader.varint();
  std::uint64_t page = 0;
  for (; pages > 0; --pages) {
    page += reader.varint();
    if ((reader.varint() & linesIn(page, from, to - 1)) != 0) return true;
  }
  std::uint64_t start = 0;
  while (!reader.atEnd()) {
    start += reader.varint();
    const std::uint64_t length = reader.varint();
    if (start < to && start + length >= from) return true;
  }
  return false;
} catch (const Damaged&) {
  return true;  // a chunk that need not be decoded costs time; one that must be and is not, an event
}

}  // namespace heapatlas::recording
