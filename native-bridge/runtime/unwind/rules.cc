// The table of rules by pc and the list of loaded objects behind rules.h. Both live in private memory from mmap.
// Writers publish a slot by its pc last; two threads that compute the same rule write the same bytes.
#include "rules.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>

#include <atomic>

#include "eh_frame.h"
#include "objects.h"

namespace heapatlas::unwind {
namespace {

constexpr std::uint64_t kSlots = 1 << 16;

struct Slot {
  std::atomic<std::uint64_t> pc;
  std::atomic<std::uint64_t> rule;  // the second word of Rule
};
Slot* table = nullptr;

std::uint64_t pack(const Rule& rule) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(rule.cfaOffset)) |
         static_cast<std::uint64_t>(static_cast<std::uint16_t>(rule.baseOffset)) << 32 |
         static_cast<std::uint64_t>(rule.cfa) << 48 | static_cast<std::uint64_t>(rule.base) << 56;
}

Rule unpack(std::uint64_t pc, std::uint64_t word) {
  return {pc, static_cast<std::int32_t>(static_cast<std::uint32_t>(word)), static_cast<std::int16_t>(word >> 32),
          static_cast<Cfa>(word >> 48 & 0xff), static_cast<SavedBase>(word >> 56)};
}

Rule compute(std::uint64_t pc, bool exact) {
  const std::uint64_t inside = exact ? pc : pc - 1;
  const LoadedObject* object = objectAt(inside);
  if (object == nullptr || object->frameHeader == 0) return {pc, 0, 0, Cfa::Unknown, SavedBase::Unknown};
  Rule rule = ruleFromTables(object->frameHeader, inside);
  rule.pc = pc;
  return rule;
}

}  // namespace

Rule ruleFor(std::uint64_t pc, bool exact) {
  if (table == nullptr) return {pc, 0, 0, Cfa::Unknown, SavedBase::Unknown};
  const std::uint64_t key = pc << 1 | (exact ? 1 : 0);
  std::uint64_t at = key * 0x9E3779B97F4A7C15ull >> 48;
  for (int probe = 0; probe < 8; ++probe, at = (at + 1) % kSlots) {
    const std::uint64_t found = table[at].pc.load(std::memory_order_acquire);
    if (found == key) return unpack(pc, table[at].rule.load(std::memory_order_relaxed));
    if (found != 0) continue;
    const Rule rule = compute(pc, exact);
    std::uint64_t expected = 0;
    // A slot is claimed with its lowest bits set apart (all ones) until the rule is in place.
    if (table[at].pc.compare_exchange_strong(expected, ~0ull, std::memory_order_acq_rel)) {
      table[at].rule.store(pack(rule), std::memory_order_relaxed);
      table[at].pc.store(key, std::memory_order_release);
    }
    return rule;
  }
  return compute(pc, exact);
}

// A reader may stand in the table: its pages are zeroed in place, never unmapped. A rule read as zero is Cfa::Unknown.
void forgetRules() {
  constexpr std::size_t bytes = kSlots * sizeof(Slot);
  if (table != nullptr && madvise(table, bytes, MADV_DONTNEED) == 0) return;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  table = memory == MAP_FAILED ? nullptr : static_cast<Slot*>(memory);
}

}  // namespace heapatlas::unwind
