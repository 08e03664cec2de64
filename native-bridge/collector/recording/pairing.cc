#include "recording/pairing.h"

#include <algorithm>
#include <bit>

namespace heapatlas::recording {

namespace {

// Bit 63 parts a pool's block from the heap's at the same address.
std::uint64_t keyOf(const Event& event) { return event.address ^ static_cast<std::uint64_t>(ofPool(event.what)) << 63; }
constexpr std::uint32_t kAhead = 16;  // events whose slots are on their way from memory

}  // namespace

Birth birthOf(std::span<const Event> events, const Paired& paired, std::uint32_t index, std::uint64_t firstPosition) {
  if (events[index].what == What::Restore) {
    const auto at = std::lower_bound(paired.restored.begin(), paired.restored.end(), index,
                                     [](const Restored& one, std::uint32_t wanted) { return one.index < wanted; });
    if (at != paired.restored.end() && at->index == index) return at->birth;
  }
  return {firstPosition + index, events[index].nanos};
}

void Births::grow() {
  HugeVector<Slot> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
  for (const Slot& slot : old) {
    if (slot.position != kNoPosition) slots_[find(slot.key)] = slot;
  }
}

std::size_t Births::find(std::uint64_t key) const {
  std::size_t at = home(key);
  while (slots_[at].position != kNoPosition && slots_[at].key != key) at = (at + 1) & mask();
  return at;
}

void Births::insert(std::uint64_t key, const Birth& birth) {
  if (used_ == maxBlocks_) return;
  if (used_ >= slots_.size() / 8 * 7) grow();
  Slot& slot = slots_[find(key)];
  used_ += slot.position == kNoPosition ? 1 : 0;
  slot = {key, birth.position, birth.nanos};
}

std::optional<Birth> Births::take(std::uint64_t key) {
  if (used_ == 0) return std::nullopt;
  std::size_t hole = find(key);
  if (slots_[hole].position == kNoPosition) return std::nullopt;
  const Birth birth{slots_[hole].position, slots_[hole].nanos};
  for (std::size_t at = (hole + 1) & mask(); slots_[at].position != kNoPosition; at = (at + 1) & mask()) {
    if (((at - home(slots_[at].key)) & mask()) < ((at - hole) & mask())) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole].position = kNoPosition;
  --used_;
  return birth;
}

void Births::clear() {
  slots_.clear();
  shift_ = 64;
  used_ = 0;
}

std::uint64_t Pairing::hashOf(const Event& event) { return keyOf(event) * 0x9e3779b97f4a7c15u; }

Pairing::Slot& Pairing::slotOf(std::span<const Event> events, const Event& event) {
  const std::uint64_t hash = hashOf(event);
  const auto tag = static_cast<std::uint32_t>(hash) & ~kIndexMask;
  for (std::size_t at = hash >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot == 0) return slot;
    if ((slot & ~kIndexMask) == tag && keyOf(events[(slot & kIndexMask) - 1]) == keyOf(event)) return slot;
  }
}

void Pairing::prefetch(const Event& event) const {
  __builtin_prefetch(&slots_[hashOf(event) >> shift_]);
  if (endsBlock(event.what)) births_.prefetch(keyOf(event));
}

// Once the slot is there.
void Pairing::prefetchBlock(std::span<const Event> events, const Event& event) const {
  const Slot slot = slots_[hashOf(event) >> shift_];
  __builtin_prefetch(&events[slot == 0 ? 0 : (slot & kIndexMask) - 1]);
}

void Pairing::begin(std::span<const Event> events, std::uint32_t index) {
  Slot& slot = slotOf(events, events[index]);
  if (slot != 0) {
    const std::uint32_t before = (slot & kIndexMask) - 1;
    lives_[before] = 0;
    paired_.again[index] = events[before].size >= events[index].size ? 1 : 0;
  }
  slot = (static_cast<std::uint32_t>(hashOf(events[index])) & ~kIndexMask) | (index + 1);
  lives_[index] = 1;
}

void Pairing::end(std::span<const Event> events, std::uint32_t index) {
  const Slot slot = slotOf(events, events[index]);
  const std::uint32_t born = (slot & kIndexMask) - 1;
  if (slot != 0 && lives_[born] != 0) {
    paired_.born[index] = born;
    lives_[born] = 0;
    return;
  }
  paired_.old.push_back({index, births_.take(keyOf(events[index])).value_or(Birth{})});
}

void Pairing::keepMoved(std::span<const Event> events, std::uint32_t index, std::uint64_t firstPosition) {
  const std::uint32_t born = paired_.born[index];
  const Birth birth = born == kNotHere ? paired_.old.back().birth : birthOf(events, paired_, born, firstPosition);
  moved_[events[index].thread] = {events[index].address, birth};
}

void Pairing::restore(std::span<const Event> events, std::uint32_t index, std::uint64_t firstPosition) {
  const auto moved = moved_.find(events[index].thread);
  const bool known = moved != moved_.end() && moved->second.address == events[index].address;
  const Birth birth = known && moved->second.birth.position != kNoPosition
                          ? moved->second.birth
                          : Birth{firstPosition + index, events[index].nanos};
  paired_.restored.push_back({index, birth});
}

void Pairing::forget() {
  births_.clear();
  moved_.clear();
  std::fill(lives_.begin(), lives_.end(), std::uint8_t{0});
}

void Pairing::settle(std::span<const Event> events, std::uint64_t firstPosition) {
  paired_.survivors.resize(events.size() + 1);
  std::size_t survivors = 0;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    paired_.survivors[survivors] = i;
    survivors += lives_[i];
  }
  paired_.survivors.resize(survivors);
  for (std::size_t i = 0; i < paired_.survivors.size(); ++i) {
    if (i + kAhead < paired_.survivors.size()) births_.prefetch(keyOf(events[paired_.survivors[i + kAhead]]));
    births_.insert(keyOf(events[paired_.survivors[i]]), birthOf(events, paired_, paired_.survivors[i], firstPosition));
  }
}

const Paired& Pairing::pair(std::span<const Event> events, std::uint64_t firstPosition) {
  const auto count = static_cast<std::uint32_t>(events.size());
  slots_.assign(std::bit_ceil(std::size_t{count} + count / 2 + 2), 0);
  shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
  lives_.assign(count, 0);
  paired_.born.assign(count, kNotHere);
  paired_.again.assign(count, 0);
  paired_.old.clear();
  paired_.restored.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + kAhead < count) {
      prefetch(events[i + kAhead]);
      prefetchBlock(events, events[i + kAhead / 2]);
    }
    const What what = events[i].what;
    if (beginsBlock(what)) begin(events, i);
    if (endsBlock(what)) end(events, i);
    if (what == What::ReleaseMoved || what == What::ReleaseInGap) keepMoved(events, i, firstPosition);
    if (what == What::Restore) restore(events, i, firstPosition);
    if (what == What::Forget) forget();
  }
  settle(events, firstPosition);
  return paired_;
}

}  // namespace heapatlas::recording
