// Scanning behind objects.h, by dl_iterate_phdr. No lock of ours is held while the loader's is taken.
#include "objects.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <atomic>

#include "module_table.h"

// Weak: a libc before 2.35 has none. NOLINTNEXTLINE(readability-redundant-declaration)
extern "C" int _dl_find_object(void* pc, dl_find_object* object) noexcept __attribute__((weak));

namespace heapatlas::unwind {
namespace {

constexpr std::uint32_t kMaxObjects = 4096;
constexpr std::uint64_t kPage = 4096;

struct List {
  std::uint32_t count;
  LoadedObject objects[kMaxObjects];
};

List lists[2];
std::atomic<std::uint32_t> current{0};  // the list of this number, modulo 2, is whole

int visit(dl_phdr_info* info, std::size_t, void* argument) {
  List& list = *static_cast<List*>(argument);
  LoadedObject object{~0ull, 0, 0};
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const std::uint64_t address = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      object.start = std::min<std::uint64_t>(object.start, address & ~(kPage - 1));
      object.end = std::max<std::uint64_t>(object.end, (address + segment.p_memsz + kPage - 1) & ~(kPage - 1));
    }
    if (segment.p_type == PT_GNU_EH_FRAME) object.frameHeader = address;
  }
  if (object.end == 0) return 0;
  if (list.count < kMaxObjects) list.objects[list.count++] = object;
  seeModule(*info, object);
  return 0;
}

bool inList(std::uint64_t pc, LoadedObject& found) {
  constexpr int kTries = 4;  // a scan that ends meanwhile may be followed by one that overwrites this list
  for (int i = 0; i < kTries; ++i) {
    const std::uint32_t number = current.load(std::memory_order_acquire);
    const List& list = lists[number % 2];
    const LoadedObject* end = list.objects + std::min(list.count, kMaxObjects);
    const LoadedObject* behind = std::upper_bound(
        list.objects, end, pc, [](std::uint64_t at, const LoadedObject& object) { return at < object.start; });
    const bool inside = behind != list.objects && pc < behind[-1].end;
    if (inside) found = behind[-1];
    std::atomic_thread_fence(std::memory_order_acquire);
    if (current.load(std::memory_order_relaxed) == number) return inside;
  }
  return false;
}

bool askLoader(std::uint64_t pc, LoadedObject& object) {
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void*>(pc), &found) != 0) return false;
  object = {reinterpret_cast<std::uint64_t>(found.dlfo_map_start), reinterpret_cast<std::uint64_t>(found.dlfo_map_end),
            reinterpret_cast<std::uint64_t>(found.dlfo_eh_frame)};
  return true;
}

}  // namespace

ScanResult scanObjects() {
  const std::uint32_t next = current.load(std::memory_order_relaxed) + 1;
  List& list = lists[next % 2];
  list.count = 0;
  beginModules();
  dl_iterate_phdr(visit, &list);
  std::sort(list.objects, list.objects + list.count,
            [](const LoadedObject& a, const LoadedObject& b) { return a.start < b.start; });
  current.store(next, std::memory_order_release);
  return endModules();
}

bool objectAt(std::uint64_t pc, LoadedObject& object) {
  LoadedObject listed{};
  const bool inAList = inList(pc, listed);
  if (_dl_find_object == nullptr) {
    object = listed;
    return inAList || (codeAppeared() && inList(pc, object));
  }
  const bool found = askLoader(pc, object);
  if (found != inAList || (found && listed.frameHeader != object.frameHeader)) codeAppeared();
  // The loader's answer leaves out the kernel's own object.
  return found || inList(pc, object);
}

bool objectNow(std::uint64_t pc, LoadedObject& object) { return _dl_find_object != nullptr && askLoader(pc, object); }

}  // namespace heapatlas::unwind
