// Rows behind module_table.h. A library that is loaded again where it was, with none in its place meanwhile, takes its
// old row, so that a program which opens and closes the same ones for ever does not run out of rows. Of several rows
// around one address the last is the latest.
#include "module_table.h"

#include <elf.h>
#include <x86intrin.h>

#include <cstring>

#include "system.h"
#include "unwind.h"

namespace heapatlas::unwind {
namespace {

struct Identity {
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t bias;
  std::uint32_t buildIdBytes;
  std::uint8_t buildId[sizeof(ring::Module::buildId)];
  char path[sizeof(ring::Module::path)];
};

struct Row {
  Identity identity;
  std::uint64_t loadedTicks;
  std::uint64_t unloadedTicks;
  bool seen;
};

Row rows[ring::kMaxModules];
std::uint32_t count = 0;
ScanResult result;
Identity candidate;
RingParts shared{};
void (*probeFound)(std::uint64_t slot) = nullptr;

void publish(std::uint32_t index) {
  const Row& row = rows[index];
  ring::Module& module = shared.modules[index];
  module.start = row.identity.start;
  module.end = row.identity.end;
  module.bias = row.identity.bias;
  module.loadedTicks = row.loadedTicks;
  module.buildIdBytes = row.identity.buildIdBytes;
  std::memcpy(module.buildId, row.identity.buildId, sizeof module.buildId);
  std::memcpy(module.path, row.identity.path, sizeof module.path);
  module.unloadedTicks.store(row.unloadedTicks, std::memory_order_release);
}

bool isLoaded(const dl_phdr_info& info, const ElfW(Phdr) & part) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && part.p_vaddr >= segment.p_vaddr &&
        part.p_vaddr + part.p_filesz <= segment.p_vaddr + segment.p_filesz) {
      return true;
    }
  }
  return false;
}

struct Note {
  std::uint32_t type;
  const char* name;
  std::uint32_t nameBytes;
  std::uint64_t content;
  std::uint32_t bytes;

  bool is(const char* wanted, std::uint32_t wantedBytes, std::uint32_t wantedType) const {
    return type == wantedType && nameBytes == wantedBytes && std::memcmp(name, wanted, wantedBytes) == 0;
  }
};

// The notes of one segment.
template <typename Visit>
void forEachNote(std::uint64_t from, std::uint64_t bytes, std::uint64_t alignment, Visit visit) {
  const std::uint64_t mask = alignment == 8 ? 7 : 3;
  for (std::uint64_t at = from; at + sizeof(ElfW(Nhdr)) <= from + bytes;) {
    ElfW(Nhdr) head;
    std::memcpy(&head, reinterpret_cast<const void*>(at), sizeof head);
    const std::uint64_t name = at + sizeof head;
    const std::uint64_t content = from + ((name + head.n_namesz - from + mask) & ~mask);
    if (content + head.n_descsz > from + bytes) return;
    visit(Note{head.n_type, reinterpret_cast<const char*>(name), head.n_namesz, content, head.n_descsz});
    at = from + ((content + head.n_descsz - from + mask) & ~mask);
  }
}

template <typename Visit>
void forEachNote(const dl_phdr_info& info, Visit visit) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE || !isLoaded(info, segment)) continue;
    forEachNote(info.dlpi_addr + segment.p_vaddr, segment.p_filesz, segment.p_align, visit);
  }
}

void takeBuildId(const Note& note) {
  if (!note.is("GNU", 4, NT_GNU_BUILD_ID) || note.bytes > sizeof candidate.buildId) return;
  std::memcpy(candidate.buildId, reinterpret_cast<const void*>(note.content), note.bytes);
  candidate.buildIdBytes = note.bytes;
}

// Its content is the way from there to the object's listener.
void takeProbe(const Note& note, const LoadedObject& object) {
  if (!note.is("HeapAtlas", 10, 1) || note.bytes != sizeof(std::uint64_t) || probeFound == nullptr) return;
  std::uint64_t distance = 0;
  std::memcpy(&distance, reinterpret_cast<const void*>(note.content), sizeof distance);
  const std::uint64_t slot = note.content + distance;
  if (slot >= object.start && slot + sizeof slot <= object.end) probeFound(slot);
}

// The loader keeps relative names as they were given; the main program's is empty.
void takePath(const char* name) {
  constexpr std::size_t kRoom = sizeof candidate.path - 1;
  if (name == nullptr || name[0] == 0) {
    readLink("/proc/self/exe", candidate.path, kRoom);
    return;
  }
  std::size_t used = 0;
  if (name[0] != '/' && std::strchr(name, '/') != nullptr) {
    const long bytes = readLink("/proc/self/cwd", candidate.path, kRoom - 1);
    used = bytes < 0 ? 0 : static_cast<std::size_t>(bytes);
    if (used != 0) candidate.path[used++] = '/';
  }
  const std::size_t length = std::strlen(name);
  std::memcpy(candidate.path + used, name, length < kRoom - used ? length : kRoom - used);
}

constexpr std::uint32_t kNone = ~0u;

std::uint32_t lastAround(const Identity& wanted) {
  for (std::uint32_t i = count; i-- > 0;) {
    if (rows[i].identity.start < wanted.end && wanted.start < rows[i].identity.end) return i;
  }
  return kNone;
}

}  // namespace

void onProbe(void (*found)(std::uint64_t slot)) { probeFound = found; }

void startModules(const RingParts& parts) {
  shared = parts;
  if (!shared.reserveModules(count)) count = 0;
  for (std::uint32_t i = 0; i < count; ++i) publish(i);
  shared.header->moduleCount.store(count, std::memory_order_release);
}

void beginModules() {
  result = {};
  for (std::uint32_t i = 0; i < count; ++i) rows[i].seen = false;
}

void seeModule(const dl_phdr_info& info, const LoadedObject& object) {
  std::memset(&candidate, 0, sizeof candidate);
  candidate.start = object.start;
  candidate.end = object.end;
  candidate.bias = info.dlpi_addr;
  forEachNote(info, takeBuildId);
  takePath(info.dlpi_name);
  const std::uint32_t last = lastAround(candidate);
  const bool known = last != kNone && std::memcmp(&rows[last].identity, &candidate, sizeof candidate) == 0;
  if (known && rows[last].unloadedTicks == 0) {
    rows[last].seen = true;
    return;
  }
  result.loaded = true;
  if (!known && last != kNone) result.replaced = true;
  if (!known && (count == ring::kMaxModules || !shared.reserveModules(count + 1))) return;
  const std::uint32_t index = known ? last : count++;
  rows[index] = {candidate, __rdtsc(), 0, true};
  publish(index);
  shared.header->moduleCount.store(count, std::memory_order_release);
  forEachNote(info, [&object](const Note& note) { takeProbe(note, object); });
}

ScanResult endModules() {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (rows[i].seen || rows[i].unloadedTicks != 0) continue;
    rows[i].unloadedTicks = __rdtsc();
    shared.modules[i].unloadedTicks.store(rows[i].unloadedTicks, std::memory_order_release);
    result.unloaded = true;
  }
  return result;
}

}  // namespace heapatlas::unwind
