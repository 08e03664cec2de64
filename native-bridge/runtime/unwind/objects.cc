// Scanning behind objects.h, by dl_iterate_phdr. No lock of ours is held while the loader's is taken.
#include "objects.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <atomic>
#include <cstring>

namespace heapatlas::unwind {
namespace {

constexpr std::uint32_t kMaxObjects = ring::kMaxModules;

struct List {
  std::uint32_t count;
  LoadedObject objects[kMaxObjects];
};
std::atomic<List*> current{nullptr};
std::atomic<std::uint32_t> scanning{0};

struct Scan {
  List* list;
  ring::Header* header;
  ring::Module* modules;
  bool seen[ring::kMaxModules];
  bool changed;
};

void copyBuildId(ring::Module& module, std::uint64_t from, std::uint64_t bytes) {
  for (std::uint64_t at = from; at + sizeof(ElfW(Nhdr)) < from + bytes;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, reinterpret_cast<const void*>(at), sizeof note);
    const std::uint64_t name = at + sizeof note;
    const std::uint64_t content = name + ((note.n_namesz + 3u) & ~3u);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz <= sizeof module.buildId) {
      std::memcpy(module.buildId, reinterpret_cast<const void*>(content), note.n_descsz);
      module.buildIdBytes = note.n_descsz;
      return;
    }
    at = content + ((note.n_descsz + 3u) & ~3u);
  }
}

void publish(Scan& scan, const dl_phdr_info& info, const LoadedObject& object) {
  const std::uint32_t count = scan.header->moduleCount.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    const ring::Module& old = scan.modules[i];
    if (old.unloadedTicks.load(std::memory_order_relaxed) == 0 && old.start == object.start && old.end == object.end) {
      scan.seen[i] = true;
      return;
    }
  }
  scan.changed = true;
  if (count == ring::kMaxModules) return;
  ring::Module& module = scan.modules[count];
  module.start = object.start;
  module.end = object.end;
  module.bias = info.dlpi_addr;
  module.loadedTicks = __rdtsc();
  module.unloadedTicks.store(0, std::memory_order_relaxed);
  module.buildIdBytes = 0;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    if (segment.p_type == PT_NOTE) copyBuildId(module, info.dlpi_addr + segment.p_vaddr, segment.p_filesz);
  }
  if (info.dlpi_name != nullptr && info.dlpi_name[0] != 0) {
    std::strncpy(module.path, info.dlpi_name, sizeof module.path - 1);
  } else {
    const ssize_t bytes = readlink("/proc/self/exe", module.path, sizeof module.path - 1);
    module.path[bytes < 0 ? 0 : bytes] = 0;
  }
  scan.seen[count] = true;
  scan.header->moduleCount.store(count + 1, std::memory_order_release);
}

int visit(dl_phdr_info* info, std::size_t, void* argument) {
  Scan& scan = *static_cast<Scan*>(argument);
  if (scan.list->count == kMaxObjects) return 1;
  LoadedObject object{~0ull, 0, 0};
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const std::uint64_t address = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      object.start = std::min<std::uint64_t>(object.start, address & ~4095ull);
      object.end = std::max<std::uint64_t>(object.end, (address + segment.p_memsz + 4095) & ~4095ull);
    }
    if (segment.p_type == PT_GNU_EH_FRAME) object.frameHeader = address;
  }
  if (object.end == 0) return 0;
  scan.list->objects[scan.list->count++] = object;
  publish(scan, *info, object);
  return 0;
}

}  // namespace

bool scanObjects(ring::Header* header, ring::Module* modules) {
  std::uint32_t free = 0;
  if (!scanning.compare_exchange_strong(free, 1)) return false;  // the thread that scans sees what this one would
  void* memory = mmap(nullptr, sizeof(List) + sizeof(Scan), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    scanning.store(0);
    return false;
  }
  auto* list = static_cast<List*>(memory);
  auto* scan = reinterpret_cast<Scan*>(list + 1);
  scan->list = list;
  scan->header = header;
  scan->modules = modules;
  dl_iterate_phdr(visit, scan);
  for (std::uint32_t i = 0; i < header->moduleCount.load(); ++i) {
    if (!scan->seen[i] && modules[i].unloadedTicks.load() == 0) {
      modules[i].unloadedTicks.store(__rdtsc());
      scan->changed = true;
    }
  }
  std::sort(list->objects, list->objects + list->count,
            [](const LoadedObject& a, const LoadedObject& b) { return a.start < b.start; });
  current.store(list, std::memory_order_release);
  const bool changed = scan->changed;
  scanning.store(0);
  return changed;
}

const LoadedObject* objectAt(std::uint64_t pc) {
  const List* list = current.load(std::memory_order_acquire);
  if (list == nullptr) return nullptr;
  const LoadedObject* end = list->objects + list->count;
  const LoadedObject* behind =
      std::upper_bound(list->objects, end, pc, [](std::uint64_t at, const LoadedObject& object) { return at < object.start; });
  if (behind == list->objects || pc >= behind[-1].end) return nullptr;
  return behind - 1;
}

}  // namespace heapatlas::unwind
