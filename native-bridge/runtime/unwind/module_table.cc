// Rows behind module_table.h. A library that is loaded again where it was, with none in its place meanwhile, takes its
// old row, so that a program which opens and closes the same ones for ever does not run out of rows. Of several rows
// around one address the last is the latest.
#include "module_table.h"

#include <elf.h>
#include <x86intrin.h>

#include <cstring>

#include "system.h"

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
ring::Header* shared = nullptr;
ring::Module* sharedModules = nullptr;

void publish(std::uint32_t index) {
  const Row& row = rows[index];
  ring::Module& module = sharedModules[index];
  module.start = row.identity.start;
  module.end = row.identity.end;
  module.bias = row.identity.bias;
  module.loadedTicks = row.loadedTicks;
  module.buildIdBytes = row.identity.buildIdBytes;
  std::memcpy(module.buildId, row.identity.buildId, sizeof module.buildId);
  std::memcpy(module.path, row.identity.path, sizeof module.path);
  module.unloadedTicks.store(row.unloadedTicks, std::memory_order_release);
}

// The build id among the notes of one segment.
void takeBuildId(std::uint64_t from, std::uint64_t bytes, std::uint64_t alignment) {
  const std::uint64_t mask = alignment == 8 ? 7 : 3;
  for (std::uint64_t at = from; at + sizeof(ElfW(Nhdr)) <= from + bytes;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, reinterpret_cast<const void*>(at), sizeof note);
    const std::uint64_t name = at + sizeof note;
    const std::uint64_t content = from + ((name + note.n_namesz - from + mask) & ~mask);
    if (content + note.n_descsz > from + bytes) return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz <= sizeof candidate.buildId) {
      std::memcpy(candidate.buildId, reinterpret_cast<const void*>(content), note.n_descsz);
      candidate.buildIdBytes = note.n_descsz;
      return;
    }
    at = from + ((content + note.n_descsz - from + mask) & ~mask);
  }
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

void startModules(ring::Header* header, ring::Module* modules) {
  shared = header;
  sharedModules = modules;
  for (std::uint32_t i = 0; i < count; ++i) publish(i);
  shared->moduleCount.store(count, std::memory_order_release);
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
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE || !isLoaded(info, segment)) continue;
    takeBuildId(info.dlpi_addr + segment.p_vaddr, segment.p_filesz, segment.p_align);
  }
  takePath(info.dlpi_name);
  const std::uint32_t last = lastAround(candidate);
  const bool known = last != kNone && std::memcmp(&rows[last].identity, &candidate, sizeof candidate) == 0;
  if (known && rows[last].unloadedTicks == 0) {
    rows[last].seen = true;
    return;
  }
  result.loaded = true;
  if (!known && last != kNone) result.replaced = true;
  if (!known && count == ring::kMaxModules) return;
  const std::uint32_t index = known ? last : count++;
  rows[index] = {candidate, __rdtsc(), 0, true};
  publish(index);
  shared->moduleCount.store(count, std::memory_order_release);
}

ScanResult endModules() {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (rows[i].seen || rows[i].unloadedTicks != 0) continue;
    rows[i].unloadedTicks = __rdtsc();
    sharedModules[i].unloadedTicks.store(rows[i].unloadedTicks, std::memory_order_release);
    result.unloaded = true;
  }
  return result;
}

}  // namespace heapatlas::unwind
