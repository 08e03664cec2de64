// See probe.h. A name's index is found by its text in a table of this process, which a forked child inherits; the ring
// file has a copy.
#include "probe.h"

#include <cstring>

#include "probe/heapatlas.h"
#include "process.h"
#include "system.h"
#include "writer.h"

namespace heapatlas::runtime {

constinit thread_local Labels labels{};

namespace {

using ring::Label;

constexpr std::uint32_t kSlots = 2 * ring::kMaxNames;
constinit ring::Name known[ring::kMaxNames]{};  // untouched pages cost nothing
constinit std::uint32_t knownCount = 1;         // the first is no name
constinit std::uint32_t slots[kSlots]{};        // open addressing by text: an index of known, 0 empty

std::uint32_t hash(const char* text, std::size_t length) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (std::size_t i = 0; i < length; ++i) h = (h ^ static_cast<unsigned char>(text[i])) * 0x100000001b3u;
  return static_cast<std::uint32_t>(h ^ h >> 32);
}

bool publish(std::uint32_t index) {
  ring::Name& shared = process.names[index];
  if (!back(&shared, sizeof shared)) return false;
  shared = known[index];
  process.header->nameCount.store(index + 1, std::memory_order_release);
  return true;
}

// 0: there is no room for one more.
std::uint32_t findOrAdd(const char* text) {
  const std::size_t length = strnlen(text, sizeof(ring::Name::text) - 1);
  std::uint32_t slot = hash(text, length) % kSlots;
  for (; slots[slot] != 0; slot = (slot + 1) % kSlots) {
    const char* other = known[slots[slot]].text;
    if (std::memcmp(other, text, length) == 0 && other[length] == 0) return slots[slot];
  }
  if (knownCount == ring::kMaxNames) return 0;
  std::memcpy(known[knownCount].text, text, length);
  if (!publish(knownCount)) {
    known[knownCount] = {};
    return 0;
  }
  slots[slot] = knownCount;
  return knownCount++;
}

std::uint32_t nameOf(const char* text) {
  if (text == nullptr || text[0] == 0) return 0;
  const ErrnoKept errnoKept;
  if (!start()) return 0;
  const SignalsHeld signalsHeld;
  if (!ThreadLock::acquire(hot.namesLock, threadId())) return 0;
  const std::uint32_t name = findOrAdd(text);
  ThreadLock::release(hot.namesLock);
  if (name == 0) process.header->skippedEvents.fetch_add(1, std::memory_order_relaxed);
  return name;
}

// Where the thread does not record by itself just now, its next record that does goes through synchronise.
[[gnu::always_inline]] inline void setLabel(Label label, std::uint32_t name, Frame frame) {
  const auto index = static_cast<std::uint32_t>(label);
  labels.names[index] = name;
  Thread& thread = *self;
  if (thread.labels.names[index] == name || hot.mode.load(std::memory_order_relaxed) != thread.expected) return;
  writeOwn<StackWanted::None>(thread, Kind::Tag, 0, ring::labelled(label, name), frame);
  thread.labels.names[index] = name;
}

std::uint32_t label(std::uint32_t kind, std::uint32_t name) {
  if (kind >= static_cast<std::uint32_t>(Label::Pool)) return 0;
  const std::uint32_t before = labels.names[kind];
  setLabel(static_cast<Label>(kind), name, hookFrame());
  return before;
}

void poolAlloc(std::uint32_t pool, const void* block, std::size_t bytes) {
  if (block == nullptr || nothingToDo(hot.mode.load(std::memory_order_relaxed))) return;
  setLabel(Label::Pool, pool, hookFrame());
  writeRecord<StackWanted::OfAllocation>(Kind::PoolAlloc, addressOf(block), bytes, hookFrame());
}

void poolFree(std::uint32_t pool, const void* block) {
  if (block == nullptr || nothingToDo(hot.mode.load(std::memory_order_relaxed))) return;
  setLabel(Label::Pool, pool, hookFrame());
  writeRecord<StackWanted::None>(Kind::PoolFree, addressOf(block), 0, hookFrame());
}

constexpr heapatlas_listener listener{1, nameOf, label, poolAlloc, poolFree};

}  // namespace

void listenAt(std::uint64_t slot) {
  __atomic_store_n(reinterpret_cast<const heapatlas_listener**>(slot), &listener, __ATOMIC_RELEASE);
}

void publishNames() {
  process.header->nameCount.store(1);
  for (std::uint32_t i = 1; i < knownCount && publish(i); ++i) {
  }
}

}  // namespace heapatlas::runtime
