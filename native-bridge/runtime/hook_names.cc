// See hook_names.h.
#include "hook_names.h"

#include <dlfcn.h>
#include <sys/auxv.h>

#include <cstring>

#include "new_names.h"
#include "real.h"
#include "writer.h"

namespace heapatlas::runtime {
namespace {

constexpr HookedName hooked(Family family, const char* name, std::size_t real = kNoReal) {
  return {name, real, family, nullptr, nullptr, nullptr};
}

constinit HookedName table[] = {
    hooked(Family::Allocation, "malloc", offsetof(Real, malloc)),
    hooked(Family::Allocation, "free", offsetof(Real, free)),
    hooked(Family::Allocation, "calloc", offsetof(Real, calloc)),
    hooked(Family::Allocation, "realloc", offsetof(Real, realloc)),
    hooked(Family::Allocation, "memalign", offsetof(Real, memalign)),
    hooked(Family::Allocation, "aligned_alloc", offsetof(Real, alignedAlloc)),
    hooked(Family::Allocation, "posix_memalign", offsetof(Real, posixMemalign)),
    hooked(Family::Allocation, "valloc", offsetof(Real, valloc)),
    hooked(Family::Allocation, "pvalloc", offsetof(Real, pvalloc)),
    hooked(Family::Allocation, "cfree"),
    hooked(Family::Allocation, "reallocarray"),
    hooked(Family::Allocation, names::kNew),
    hooked(Family::Allocation, names::kNewArray),
    hooked(Family::Allocation, names::kNewNothrow),
    hooked(Family::Allocation, names::kNewArrayNothrow),
    hooked(Family::Allocation, names::kNewAligned),
    hooked(Family::Allocation, names::kNewArrayAligned),
    hooked(Family::Allocation, names::kNewAlignedNothrow),
    hooked(Family::Allocation, names::kNewArrayAlignedNothrow),
    hooked(Family::Allocation, names::kDelete),
    hooked(Family::Allocation, names::kDeleteArray),
    hooked(Family::Allocation, names::kDeleteAligned),
    hooked(Family::Allocation, names::kDeleteArrayAligned),
    hooked(Family::Allocation, names::kDeleteSized),
    hooked(Family::Allocation, names::kDeleteArraySized),
    hooked(Family::Allocation, names::kDeleteNothrow),
    hooked(Family::Allocation, names::kDeleteArrayNothrow),
    hooked(Family::Allocation, names::kDeleteSizedAligned),
    hooked(Family::Allocation, names::kDeleteArraySizedAligned),
    hooked(Family::Allocation, names::kDeleteAlignedNothrow),
    hooked(Family::Allocation, names::kDeleteArrayAlignedNothrow),
    hooked(Family::Process, "mmap", offsetof(Real, mmap)),
    hooked(Family::Process, "mmap64"),
    hooked(Family::Process, "munmap", offsetof(Real, munmap)),
    hooked(Family::Process, "mremap", offsetof(Real, mremap)),
    hooked(Family::Process, "dlclose", offsetof(Real, dlclose)),
    hooked(Family::Process, "pthread_create", offsetof(Real, threadCreate)),
    hooked(Family::Process, "pthread_setname_np", offsetof(Real, threadSetname)),
    hooked(Family::Process, "fork", offsetof(Real, fork)),
    hooked(Family::Process, "_Fork", offsetof(Real, forkRaw)),
    hooked(Family::Process, "_exit", offsetof(Real, exitNow)),
    hooked(Family::Process, "_Exit"),
    hooked(Family::Process, "quick_exit", offsetof(Real, quickExit)),
    hooked(Family::Process, "execve", offsetof(Real, execve)),
    hooked(Family::Process, "execvpe", offsetof(Real, execvpe)),
    hooked(Family::Process, "fexecve", offsetof(Real, fexecve)),
    hooked(Family::Process, "execv"),
    hooked(Family::Process, "execvp"),
    hooked(Family::Process, "execl"),
    hooked(Family::Process, "execlp"),
    hooked(Family::Process, "execle"),
    hooked(Family::Lock, "pthread_mutex_lock", offsetof(Real, mutexLock)),
    hooked(Family::Lock, "pthread_mutex_trylock", offsetof(Real, mutexTrylock)),
    hooked(Family::Lock, "pthread_mutex_timedlock", offsetof(Real, mutexTimedlock)),
    hooked(Family::Lock, "pthread_mutex_clocklock", offsetof(Real, mutexClocklock)),
    hooked(Family::Lock, "pthread_mutex_unlock", offsetof(Real, mutexUnlock)),
    hooked(Family::Lock, "pthread_rwlock_rdlock", offsetof(Real, rwlockRdlock)),
    hooked(Family::Lock, "pthread_rwlock_tryrdlock", offsetof(Real, rwlockTryrdlock)),
    hooked(Family::Lock, "pthread_rwlock_wrlock", offsetof(Real, rwlockWrlock)),
    hooked(Family::Lock, "pthread_rwlock_trywrlock", offsetof(Real, rwlockTrywrlock)),
    hooked(Family::Lock, "pthread_rwlock_unlock", offsetof(Real, rwlockUnlock)),
    hooked(Family::Lock, "pthread_cond_wait", offsetof(Real, condWait)),
    hooked(Family::Lock, "pthread_cond_timedwait", offsetof(Real, condTimedwait)),
    hooked(Family::Lock, "pthread_cond_clockwait", offsetof(Real, condClockwait)),
    hooked(Family::Lock, "pthread_cond_signal", offsetof(Real, condSignal)),
    hooked(Family::Lock, "pthread_cond_broadcast", offsetof(Real, condBroadcast)),
};

void* baseOf(void* function) {
  Dl_info info{};
  return dladdr(function, &info) != 0 ? info.dli_fbase : nullptr;
}

void* ownHandle() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&hookedNames), &info) == 0) return nullptr;
  return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

}  // namespace

void** HookedName::realEntry() const {
  return realOffset == kNoReal ? nullptr : reinterpret_cast<void**>(reinterpret_cast<char*>(&real) + realOffset);
}

std::span<HookedName> hookedNames() { return table; }

void findHooks(bool locksWanted) {
  void* const own = ownHandle();
  auto* const program = reinterpret_cast<void*>(getauxval(AT_PHDR) & ~std::uint64_t{4095});
  const bool ownMalloc = programHasOwnMalloc();
  for (HookedName& entry : table) {
    entry.learned = nullptr;
    const bool mangled = std::strncmp(entry.name, "_Z", 2) == 0;
    entry.held = entry.realEntry() != nullptr ? *entry.realEntry()
                 : mangled                    ? findCxx(entry.name)
                                              : findBehind(entry.name);
    const bool unwanted =
        (entry.family == Family::Lock && !locksWanted) || (entry.family == Family::Allocation && ownMalloc);
    const bool unknown = own == nullptr || entry.held == nullptr || isOwnCode(addressOf(entry.held));
    entry.hook = unwanted || unknown || baseOf(entry.held) == program ? nullptr : dlsym(own, entry.name);
  }
}

}  // namespace heapatlas::runtime
