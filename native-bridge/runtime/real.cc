// See real.h. Order matters here: the loader calls malloc before libc's own constructor ran (environ is still null
// then), and dlsym may call calloc or free, so both are served from a static arena.
#include "real.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "new_names.h"
#include "writer.h"

namespace heapatlas::runtime {
namespace {

// --- The arena ---------------------------------------------------------------------------------------------------
constexpr std::size_t kArenaBytes = 256 << 10;
constexpr std::size_t kArenaHeader = 16;  // the block's size, before the block
alignas(64) unsigned char arena[kArenaBytes];
std::atomic<std::size_t> arenaUsed{0};

void* arenaAllocate(std::size_t alignment, std::size_t bytes) {
  alignment = alignment < 16 ? 16 : alignment;
  const std::size_t need = bytes + alignment + kArenaHeader;
  const std::size_t offset = bytes > kArenaBytes ? kArenaBytes : arenaUsed.fetch_add((need + 15) & ~std::size_t{15});
  if (offset + need > kArenaBytes) {
    errno = ENOMEM;
    return nullptr;
  }
  const auto start = reinterpret_cast<std::uintptr_t>(arena) + offset + kArenaHeader;
  auto* block = reinterpret_cast<unsigned char*>((start + alignment - 1) & ~(alignment - 1));
  std::memcpy(block - kArenaHeader, &bytes, sizeof bytes);
  return block;  // zero: it is never used twice
}

// --- Resolving ---------------------------------------------------------------------------------------------------
std::atomic<pid_t> resolver{0};
std::atomic<bool> resolved{false};

pid_t threadId() { return static_cast<pid_t>(syscall(SYS_gettid)); }

// False: the caller is inside dlsym, or libc is not ready; the arena serves.
bool ready() {
  if (isResolved()) return true;
  if (environ == nullptr) return false;
  const pid_t me = threadId();
  if (resolver.load() == me) return false;
  resolve();
  return true;
}

void* earlyMalloc(std::size_t bytes) { return ready() ? real.malloc(bytes) : arenaAllocate(16, bytes); }

void* earlyCalloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return ready() ? real.calloc(count, size) : arenaAllocate(16, bytes);
}

void* earlyMemalign(std::size_t alignment, std::size_t bytes) {
  return ready() ? real.memalign(alignment, bytes) : arenaAllocate(alignment, bytes);
}

void* earlyAlignedAlloc(std::size_t alignment, std::size_t bytes) {
  return ready() ? real.alignedAlloc(alignment, bytes) : arenaAllocate(alignment, bytes);
}

void* earlyRealloc(void* old, std::size_t bytes) {
  if (ready()) return real.realloc(old, bytes);
  void* block = arenaAllocate(16, bytes);
  if (block != nullptr && isBootstrap(old)) {
    const std::size_t kept = bootstrapSize(old) < bytes ? bootstrapSize(old) : bytes;
    std::memcpy(block, old, kept);
  }
  return block;
}

// Before libc is ready the loader frees blocks of its own minimal allocator: nobody could take them.
void earlyFree(void* block) {
  if (block != nullptr && !isBootstrap(block) && ready()) real.free(block);
}

int earlyPosixMemalign(void** out, std::size_t alignment, std::size_t bytes) {
  if (ready()) return real.posixMemalign(out, alignment, bytes);
  *out = arenaAllocate(alignment, bytes);
  return *out != nullptr ? 0 : ENOMEM;
}

void* earlyValloc(std::size_t bytes) { return earlyMemalign(4096, bytes); }
std::size_t earlyUsableSize(void* block) {
  return block == nullptr ? 0 : isBootstrap(block) ? bootstrapSize(block) : ready() ? real.usableSize(block) : 0;
}

void* earlyMmap(void* at, std::size_t bytes, int protection, int flags, int file, off_t offset) {
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}
int earlyMunmap(void* at, std::size_t bytes) { return static_cast<int>(syscall(SYS_munmap, at, bytes)); }

// A stand-in for one entry of the table: resolves, then calls what stands there now.
template <auto Entry, typename Function>
struct StandIn;
template <auto Entry, typename Result, typename... Arguments>
struct StandIn<Entry, Result (*)(Arguments...)> {
  static Result call(Arguments... arguments) {
    resolve();
    return (real.*Entry)(arguments...);
  }
};
template <auto Entry, typename Owner, typename Function>
constexpr Function standInFor(Function Owner::*) {
  return &StandIn<Entry, Function>::call;
}
template <auto Entry>
constexpr auto standIn = standInFor<Entry>(Entry);

// NOLINTNEXTLINE(cert-dcl50-cpp) mremap has an ellipsis.
void* earlyMremap(void* at, std::size_t from, std::size_t to, int flags, ...) {
  return reinterpret_cast<void*>(syscall(SYS_mremap, at, from, to, flags, nullptr));
}

template <typename Function>
void find(Function& entry, const char* name, const char* version = nullptr) {
  if (void* found = findBehind(name, version); found != nullptr) entry = reinterpret_cast<Function>(found);
}

void findAllocator(Real& to) {
  find(to.malloc, "malloc");
  find(to.free, "free");
  find(to.calloc, "calloc");
  find(to.realloc, "realloc");
  find(to.memalign, "memalign");
  find(to.alignedAlloc, "aligned_alloc");
  find(to.posixMemalign, "posix_memalign");
  find(to.valloc, "valloc");
  find(to.pvalloc, "pvalloc");
  find(to.usableSize, "malloc_usable_size");
  find(to.mmap, "mmap");
  find(to.munmap, "munmap");
  find(to.mremap, "mremap");
  find(to.sbrk, "sbrk");
}

void findThreads(Real& to) {
  find(to.mutexLock, "pthread_mutex_lock");
  find(to.mutexTrylock, "pthread_mutex_trylock");
  find(to.mutexTimedlock, "pthread_mutex_timedlock");
  find(to.mutexClocklock, "pthread_mutex_clocklock");
  find(to.mutexUnlock, "pthread_mutex_unlock");
  find(to.rwlockRdlock, "pthread_rwlock_rdlock");
  find(to.rwlockTryrdlock, "pthread_rwlock_tryrdlock");
  find(to.rwlockWrlock, "pthread_rwlock_wrlock");
  find(to.rwlockTrywrlock, "pthread_rwlock_trywrlock");
  find(to.rwlockUnlock, "pthread_rwlock_unlock");
  // Two generations of these live in libc, of different layout; unversioned lookup may give the old one.
  find(to.condWait, "pthread_cond_wait", "GLIBC_2.3.2");
  find(to.condTimedwait, "pthread_cond_timedwait", "GLIBC_2.3.2");
  find(to.condClockwait, "pthread_cond_clockwait");
  find(to.condSignal, "pthread_cond_signal", "GLIBC_2.3.2");
  find(to.condBroadcast, "pthread_cond_broadcast", "GLIBC_2.3.2");
  find(to.threadCreate, "pthread_create");
  find(to.threadSetname, "pthread_setname_np");
  find(to.dlclose, "dlclose");
  find(to.fork, "fork");
  find(to.forkRaw, "_Fork");
  find(to.exitNow, "_exit");
  find(to.quickExit, "quick_exit");
  find(to.execve, "execve");
  find(to.execvpe, "execvpe");
  find(to.fexecve, "fexecve");
}

// The real free once the arena has been used: its blocks stay where they are.
void (*freeBehind)(void*) = nullptr;
void freeExceptBootstrap(void* block) {
  if (!isBootstrap(block)) freeBehind(block);
}

void findNewProvider() {
  void* found = findBehind(names::kNew);
  Dl_info info{};
  link_map* map = nullptr;
  if (found == nullptr || dladdr1(found, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0) return;
  const char* file = info.dli_fname != nullptr ? info.dli_fname : "";
  if (std::strstr(file, "libstdc++") != nullptr || std::strstr(file, "libc++") != nullptr) return;
  const auto* header = static_cast<const ElfW(Ehdr)*>(info.dli_fbase);
  const auto* segment = reinterpret_cast<const ElfW(Phdr)*>(static_cast<const char*>(info.dli_fbase) + header->e_phoff);
  for (int i = 0; i < header->e_phnum; ++i) {
    if (segment[i].p_type != PT_LOAD || (segment[i].p_flags & PF_X) == 0) continue;
    newProvider.from = map->l_addr + segment[i].p_vaddr;
    newProvider.to = newProvider.from + segment[i].p_memsz;
  }
  newProvider.asMalloc = false;
}

}  // namespace

// Entries that the loader or dlsym may need have careful stand-ins; for the rest, resolving first is enough.
constinit Real real = {
    earlyMalloc,
    earlyFree,
    earlyCalloc,
    earlyRealloc,
    earlyMemalign,
    earlyAlignedAlloc,
    earlyPosixMemalign,
    earlyValloc,
    earlyValloc,
    earlyUsableSize,
    earlyMmap,
    earlyMunmap,
    earlyMremap,
    standIn<&Real::sbrk>,
    standIn<&Real::mutexLock>,
    standIn<&Real::mutexTrylock>,
    standIn<&Real::mutexTimedlock>,
    standIn<&Real::mutexClocklock>,
    standIn<&Real::mutexUnlock>,
    standIn<&Real::rwlockRdlock>,
    standIn<&Real::rwlockTryrdlock>,
    standIn<&Real::rwlockWrlock>,
    standIn<&Real::rwlockTrywrlock>,
    standIn<&Real::rwlockUnlock>,
    standIn<&Real::condWait>,
    standIn<&Real::condTimedwait>,
    standIn<&Real::condClockwait>,
    standIn<&Real::condSignal>,
    standIn<&Real::condBroadcast>,
    standIn<&Real::threadCreate>,
    standIn<&Real::threadSetname>,
    standIn<&Real::dlclose>,
    standIn<&Real::fork>,
    standIn<&Real::forkRaw>,
    standIn<&Real::exitNow>,
    standIn<&Real::quickExit>,
    standIn<&Real::execve>,
    standIn<&Real::execvpe>,
    standIn<&Real::fexecve>,
};
NewProvider newProvider;

void resolve() {
  if (isResolved()) return;
  const pid_t me = threadId();
  pid_t nobody = 0;
  if (!resolver.compare_exchange_strong(nobody, me)) {
    while (nobody != me && !isResolved()) syscall(SYS_sched_yield);
    return;
  }
  // Into a copy first: dlsym may call malloc, which must see either all stand-ins or all real functions.
  Real found = real;
  findAllocator(found);
  findThreads(found);
  findNewProvider();
  freeBehind = found.free;
  if (arenaUsed.load() != 0) found.free = freeExceptBootstrap;
  real = found;
  resolved.store(true, std::memory_order_release);
}

bool loadedLate = false;

namespace {

void* findFrom(void* handle, const char* name, const char* version) {
  void* found = version != nullptr ? dlvsym(handle, name, version) : nullptr;
  return found != nullptr ? found : dlsym(handle, name);
}

// An executable at a fixed address that takes a function's address has a stub under the function's name, which jumps
// through the executable's table: once that is rewritten, to our hook.
bool isStub(void* function) {
  Dl_info info{};
  void* symbol = nullptr;
  if (dladdr1(function, &info, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr) return false;
  return static_cast<const ElfW(Sym)*>(symbol)->st_shndx == SHN_UNDEF;
}

// The function of that name in the first object behind the executable that has one.
void* findBehindStub(const char* name, const char* version) {
  for (const link_map* object = _r_debug.r_map->l_next; object != nullptr; object = object->l_next) {
    void* const handle = dlopen(object->l_name, RTLD_LAZY | RTLD_NOLOAD);
    void* const found = handle != nullptr ? findFrom(handle, name, version) : nullptr;
    Dl_info info{};  // the handle finds what the object's dependencies have, too
    if (found != nullptr && dladdr(found, &info) != 0 && addressOf(info.dli_fbase) == object->l_addr) return found;
  }
  return nullptr;
}

}  // namespace

void* findBehind(const char* name, const char* version) {
  void* found = findFrom(loadedLate ? RTLD_DEFAULT : RTLD_NEXT, name, version);
  if (loadedLate && found != nullptr && isStub(found)) found = findBehindStub(name, version);
  return isOwnCode(addressOf(found)) ? nullptr : found;
}

bool isResolved() { return resolved.load(std::memory_order_acquire); }

bool isBootstrap(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(arena) < kArenaBytes;
}

std::size_t bootstrapSize(const void* address) {
  std::size_t bytes = 0;
  std::memcpy(&bytes, static_cast<const unsigned char*>(address) - kArenaHeader, sizeof bytes);
  return bytes;
}

void* findCxx(const char* mangled) {
  if (void* found = findBehind(mangled); found != nullptr) return found;
  for (const char* library : {"libstdc++.so.6", "libc++.so.1"}) {
    void* handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    void* found = handle != nullptr ? dlsym(handle, mangled) : nullptr;
    if (found != nullptr) return found;
  }
  return nullptr;
}

bool programHasOwnMalloc() {
  if (!loadedLate) return dlsym(RTLD_DEFAULT, "malloc") != reinterpret_cast<void*>(&::malloc);
  // Its own calls do not pass through a table that could be rewritten.
  Dl_info info{};
  const auto program = static_cast<std::uint64_t>(getauxval(AT_PHDR)) & ~std::uint64_t{4095};
  return dladdr(findBehind("malloc"), &info) != 0 && addressOf(info.dli_fbase) == program;
}

const char* allocatorPath() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(real.malloc), &info) == 0 || info.dli_fname == nullptr) return "";
  return info.dli_fname;
}

}  // namespace heapatlas::runtime
