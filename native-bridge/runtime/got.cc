// See got.h. Tables that the loader protects once it has filled them (RELRO) are made writable for the change and
// read-only again. Whether they are read-only yet is asked of the kernel: while another thread still loads the object
// they must stay writable, and could become read-only between a look and a store; so until then they are left alone.
#include "got.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include <cstring>

#include "hook_names.h"
#include "process.h"
#include "system.h"
#include "writer.h"

namespace heapatlas::runtime {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kBetweenLooks = 1'000'000;
// An object is in the loader's list before the loader has filled its tables, so it is looked at again after 10 ms, 20
// ms, 40 ms … 11 minutes: it is never found later than the double of the time that it took.
constexpr unsigned kWalksALoad = 17;
constexpr std::uint64_t walkDue(unsigned number) { return 10'000'000ull << number; }

enum class Change { Learn, Take, Give };

// What a loaded object's dynamic section says, as run-time addresses.
struct Object {
  std::uint64_t bias = 0;
  std::uint64_t start = ~0ull;
  std::uint64_t end = 0;
  std::uint64_t relroFrom = 0;  // whole pages; end exclusive
  std::uint64_t relroTo = 0;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::uint64_t namesBytes = 0;
  const ElfW(Rela) * calls = nullptr;
  std::uint64_t callBytes = 0;
  const ElfW(Rela) * data = nullptr;
  std::uint64_t dataBytes = 0;

  bool holds(std::uint64_t address) const { return start <= address && address < end; }
};

// glibc's loader turns addresses of the dynamic section into run-time ones, others leave them as they are in the file.
template <typename T>
const T* located(const Object& object, std::uint64_t address) {
  return reinterpret_cast<const T*>(address < object.bias ? address + object.bias : address);
}

void readDynamic(Object& object, const ElfW(Dyn) * entry) {
  bool plainCalls = true;
  for (; entry->d_tag != DT_NULL; ++entry) {
    const std::uint64_t value = entry->d_un.d_ptr;
    switch (entry->d_tag) {
      case DT_SYMTAB:
        object.symbols = located<ElfW(Sym)>(object, value);
        break;
      case DT_STRTAB:
        object.names = located<char>(object, value);
        break;
      case DT_STRSZ:
        object.namesBytes = value;
        break;
      case DT_JMPREL:
        object.calls = located<ElfW(Rela)>(object, value);
        break;
      case DT_PLTRELSZ:
        object.callBytes = value;
        break;
      case DT_PLTREL:
        plainCalls = value == DT_RELA;
        break;
      case DT_RELA:
        object.data = located<ElfW(Rela)>(object, value);
        break;
      case DT_RELASZ:
        object.dataBytes = value;
        break;
      default:
        break;
    }
  }
  if (!plainCalls) object.callBytes = 0;
}

Object objectOf(const dl_phdr_info& info) {
  Object object;
  object.bias = info.dlpi_addr;
  const ElfW(Dyn)* dynamic = nullptr;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    const std::uint64_t from = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      object.start = from < object.start ? from : object.start;
      object.end = from + segment.p_memsz > object.end ? from + segment.p_memsz : object.end;
    }
    if (segment.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(from);
    if (segment.p_type == PT_GNU_RELRO) {
      object.relroFrom = from & ~(kPage - 1);
      object.relroTo = (from + segment.p_memsz) & ~(kPage - 1);
    }
  }
  if (dynamic != nullptr) readDynamic(object, dynamic);
  return object;
}

// The object's tables, opened for writing while this lives. loaded: the loader is known to be done with the object, so
// tables that are writable stay so.
class OpenTables {
 public:
  OpenTables(const Object& object, bool loaded) : from_(object.relroFrom), bytes_(object.relroTo - object.relroFrom) {
    if (object.relroTo <= object.relroFrom) return;
    const bool writable = syscall(SYS_madvise, from_, kPage, MADV_POPULATE_WRITE) == 0;
    readOnly_ = !writable && errno == EINVAL;
    usable_ = writable ? loaded : readOnly_ && syscall(SYS_mprotect, from_, bytes_, PROT_READ | PROT_WRITE) == 0;
  }
  ~OpenTables() {
    if (readOnly_ && usable_) syscall(SYS_mprotect, from_, bytes_, PROT_READ);
  }
  OpenTables(const OpenTables&) = delete;
  OpenTables& operator=(const OpenTables&) = delete;
  bool writable(std::uint64_t address) const { return usable_ || address - from_ >= bytes_; }

 private:
  std::uint64_t from_;
  std::uint64_t bytes_;
  bool readOnly_ = false;
  bool usable_ = true;
};

bool inWritableSegment(const dl_phdr_info& info, std::uint64_t address) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& segment = info.dlpi_phdr[i];
    const std::uint64_t from = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0 && address - from < segment.p_memsz) return true;
  }
  return false;
}

// Whether a value is the loader's stub for the call of that index: [endbr64] push INDEX; jmp …
bool isUnbound(const Object& object, std::uint64_t value, std::uint64_t index) {
  constexpr unsigned char kMark[] = {0xf3, 0x0f, 0x1e, 0xfa};
  constexpr std::uint64_t kLongestStub = 16;
  if (!object.holds(value) || !object.holds(value + kLongestStub)) return false;
  const auto* code = reinterpret_cast<const unsigned char*>(value);
  if (std::memcmp(code, kMark, sizeof kMark) == 0) code += sizeof kMark;
  std::uint32_t pushed = 0;
  std::memcpy(&pushed, code + 1, sizeof pushed);
  return code[0] == 0x68 && pushed == index;
}

HookedName* namedBy(const Object& object, const ElfW(Rela) & relocation) {
  const std::uint64_t symbol = ELF64_R_SYM(relocation.r_info);
  if (symbol == 0) return nullptr;
  const std::uint32_t at = object.symbols[symbol].st_name;
  if (at >= object.namesBytes) return nullptr;
  const char* name = object.names + at;
  for (HookedName& entry : hookedNames()) {
    if (entry.name[0] == name[0] && std::strcmp(entry.name, name) == 0) return entry.hook != nullptr ? &entry : nullptr;
  }
  return nullptr;
}

bool isWord(const ElfW(Rela) & relocation) {
  const std::uint64_t type = ELF64_R_TYPE(relocation.r_info);
  if (type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT) return true;
  return type == R_X86_64_64 && relocation.r_addend == 0;
}

// One walk over the objects, in the order in which they were loaded.
struct Walk {
  Change change;
  bool loadedBeforeUs = true;
};

class Visit {
 public:
  Visit(const dl_phdr_info& info, Walk& walk) : info_(info), object_(objectOf(info)), walk_(walk) {}

  void run() {
    if (object_.symbols == nullptr || object_.names == nullptr) return;
    if (object_.holds(addressOf(reinterpret_cast<const void*>(&takeOver)))) {
      walk_.loadedBeforeUs = false;
      return;
    }
    // The loader's own calls must find their way while it holds its lock.
    if (object_.start == getauxval(AT_BASE)) return;
    // It loads one object at a time, so it was done with those before us; and our hook stands where it was done.
    const OpenTables tables(object_, walk_.loadedBeforeUs || walk_.change == Change::Give);
    table(tables, object_.calls, object_.callBytes);
    table(tables, object_.data, object_.dataBytes);
  }

 private:
  void table(const OpenTables& tables, const ElfW(Rela) * first, std::uint64_t bytes) const {
    if (first == nullptr) return;
    for (std::uint64_t index = 0; index < bytes / sizeof *first; ++index) {
      const auto& relocation = first[index];
      const std::uint64_t at = object_.bias + relocation.r_offset;
      if (!isWord(relocation) || at % sizeof(void*) != 0) continue;
      HookedName* entry = namedBy(object_, relocation);
      if (entry == nullptr || !tables.writable(at) || !inWritableSegment(info_, at)) continue;
      word(*entry, *reinterpret_cast<void**>(at), first == object_.calls, index);
    }
  }

  void word(HookedName& entry, void*& slot, bool call, std::uint64_t index) const {
    const std::atomic_ref<void*> shared(slot);
    void* const value = shared.load(std::memory_order_relaxed);
    switch (walk_.change) {
      case Change::Learn:
        // A function's address in another object's table may be the executable's stub for it: only calls tell.
        if (entry.learned == nullptr && call && value != nullptr && !object_.holds(addressOf(value)) &&
            !isOwnCode(addressOf(value))) {
          entry.learned = value;
        }
        return;
      case Change::Take:
        if (value == entry.held || (call && isUnbound(object_, addressOf(value), index))) shared.store(entry.hook);
        return;
      case Change::Give:
        if (value == entry.hook) shared.store(entry.held);
        return;
    }
  }

  const dl_phdr_info& info_;
  const Object object_;
  Walk& walk_;
};

std::atomic<std::uint64_t> nextLook{0};
// Under hot.walkLock.
std::uint64_t loadsSeen = 0;
std::uint64_t loadSeenAt = 0;
unsigned walksSinceLoad = 0;
std::uint32_t walksIn =
    0;  // the process; a forked child must not ask the loader, whose lock may be held for ever there

void walk(Change change) {
  Walk walk{change};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        Visit(*info, *static_cast<Walk*>(argument)).run();
        return 0;
      },
      &walk);
}

std::uint64_t loadsNow() {
  std::uint64_t loads = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        *static_cast<std::uint64_t*>(argument) = info->dlpi_adds;
        return 1;
      },
      &loads);
  return loads;
}

// A wrapper of somebody else is what the program calls, so it is what our hook has to call.
void adoptLearned() {
  for (HookedName& entry : hookedNames()) {
    if (entry.hook == nullptr || entry.learned == nullptr || entry.learned == entry.held) continue;
    if (void** real = entry.realEntry(); real != nullptr) {
      *real = entry.held = entry.learned;
    } else {
      entry.hook = nullptr;
    }
  }
}

}  // namespace

void takeOver() {
  if (!ThreadLock::acquire(hot.walkLock, threadId())) return;
  walksIn = process.pid;
  findHooks(process.locksWanted);
  walk(Change::Learn);
  adoptLearned();
  loadsSeen = loadsNow();
  loadSeenAt = nanos(CLOCK_MONOTONIC);
  walksSinceLoad = 0;
  walk(Change::Take);
  ThreadLock::release(hot.walkLock);
}

void giveBack() {
  if (!ThreadLock::acquire(hot.walkLock, threadId())) return;
  walksIn = 0;
  walk(Change::Give);
  ThreadLock::release(hot.walkLock);
}

void followObjects() {
  if (!process.attached) return;
  const std::uint64_t now = nanos(CLOCK_MONOTONIC);
  std::uint64_t due = nextLook.load(std::memory_order_relaxed);
  if (now < due || !nextLook.compare_exchange_strong(due, now + kBetweenLooks)) return;
  const ErrnoKept errnoKept;
  std::uint32_t nobody = 0;
  if (!hot.walkLock.compare_exchange_strong(nobody, threadId())) return;
  if (walksIn == process.pid) {
    if (const std::uint64_t loads = loadsNow(); loads != loadsSeen) {
      loadsSeen = loads;
      loadSeenAt = now;
      walksSinceLoad = 0;
      walk(Change::Take);
    } else if (walksSinceLoad < kWalksALoad && now - loadSeenAt > walkDue(walksSinceLoad)) {
      ++walksSinceLoad;
      walk(Change::Take);
    }
  }
  ThreadLock::release(hot.walkLock);
}

}  // namespace heapatlas::runtime
