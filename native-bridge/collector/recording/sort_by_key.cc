// See sort_by_key.h.
#include "recording/sort_by_key.h"

#include <algorithm>
#include <array>
#include <bit>

namespace heapatlas::recording {

namespace {

constexpr unsigned kDigitBits = 11;  // its counters fit into the first cache
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::size_t kFew = 512;  // below, counting digits costs more than comparing

bool before(const SortByKey::Item& a, const SortByKey::Item& b) { return a.key < b.key; }

}  // namespace

// Only the bits are looked at in which keys differ from the lowest one.
const std::vector<SortByKey::Item>& SortByKey::sorted() {
  if (std::is_sorted(items_.begin(), items_.end(), before)) return items_;
  if (items_.size() < kFew) {
    std::stable_sort(items_.begin(), items_.end(), before);
    return items_;
  }
  const std::uint64_t lowest = std::min_element(items_.begin(), items_.end(), before)->key;
  std::uint64_t used = 0;
  for (const Item& item : items_) used |= item.key - lowest;
  const auto end = static_cast<unsigned>(std::bit_width(used));
  for (auto shift = static_cast<unsigned>(std::countr_zero(used)); shift < end; shift += kDigitBits) {
    pass(lowest, shift);
  }
  return items_;
}

void SortByKey::pass(std::uint64_t lowest, unsigned shift) {
  const auto digit = [&](const Item& item) { return (item.key - lowest) >> shift & (kDigits - 1); };
  std::array<std::uint32_t, kDigits> place{};
  for (const Item& item : items_) ++place[digit(item)];
  std::uint32_t sum = 0;
  for (std::uint32_t& each : place) {
    const std::uint32_t count = each;
    each = sum;
    sum += count;
  }
  room_.resize(items_.size());
  for (const Item& item : items_) room_[place[digit(item)]++] = item;
  items_.swap(room_);
}

}  // namespace heapatlas::recording
