// The functions behind the hooks: what the program would have called without us. Preloaded, this library stands first
// and they are the next of their name; loaded late, it stands last, and they are the first that the program sees.
// Main entry: real, a table that is callable from the very first instruction: until resolve() has run, each of its
// entries is a stand-in that resolves first. Called by every hook. Nothing here allocates through the program.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace heapatlas::runtime {

struct Real {
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*alignedAlloc)(std::size_t, std::size_t);
  int (*posixMemalign)(void**, std::size_t, std::size_t);
  void* (*valloc)(std::size_t);
  void* (*pvalloc)(std::size_t);
  std::size_t (*usableSize)(void*);

  void* (*mmap)(void*, std::size_t, int, int, int, off_t);
  int (*munmap)(void*, std::size_t);
  void* (*mremap)(void*, std::size_t, std::size_t, int, ...);
  void* (*sbrk)(std::intptr_t);

  int (*mutexLock)(pthread_mutex_t*);
  int (*mutexTrylock)(pthread_mutex_t*);
  int (*mutexTimedlock)(pthread_mutex_t*, const timespec*);
  int (*mutexClocklock)(pthread_mutex_t*, clockid_t, const timespec*);
  int (*mutexUnlock)(pthread_mutex_t*);
  int (*rwlockRdlock)(pthread_rwlock_t*);
  int (*rwlockTryrdlock)(pthread_rwlock_t*);
  int (*rwlockWrlock)(pthread_rwlock_t*);
  int (*rwlockTrywrlock)(pthread_rwlock_t*);
  int (*rwlockUnlock)(pthread_rwlock_t*);
  int (*condWait)(pthread_cond_t*, pthread_mutex_t*);
  int (*condTimedwait)(pthread_cond_t*, pthread_mutex_t*, const timespec*);
  int (*condClockwait)(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*);
  int (*condSignal)(pthread_cond_t*);
  int (*condBroadcast)(pthread_cond_t*);

  int (*threadCreate)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  int (*threadSetname)(pthread_t, const char*);
  int (*dlclose)(void*);
  pid_t (*fork)();
  pid_t (*forkRaw)();
  void (*exitNow)(int);
  void (*quickExit)(int);
  int (*execve)(const char*, char* const*, char* const*);
  int (*execvpe)(const char*, char* const*, char* const*);
  int (*fexecve)(int, char* const*, char* const*);
};

extern Real real;

// Finds every function; called by the library's constructor and by any stand-in that is called before it.
void resolve();
bool isResolved();
// Set by the constructor, before anything is resolved: the library came by dlopen into a program that runs.
extern bool loadedLate;
// The function that the program would call by that name; null when nobody but this library has it.
void* findBehind(const char* name, const char* version = nullptr);

// Memory handed out while dlsym itself, or the loader before libc is ready, asked for some. Never given back.
bool isBootstrap(const void* address);
std::size_t bootstrapSize(const void* address);

// Who serves operator new. asMalloc: the C++ library's own, which is malloc with an exception, so that the hook calls
// malloc itself and no inner call has to be told from a real one. Else the address range of the object that does.
struct NewProvider {
  bool asMalloc = true;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
extern NewProvider newProvider;

// A function by its mangled name, also from a C++ library that was loaded privately; null when nobody has it.
void* findCxx(const char* mangled);

// True when a malloc of the program's own stands before ours, so that we see nothing of it.
bool programHasOwnMalloc();
// Path of the object that serves malloc, "" when unknown.
const char* allocatorPath();

}  // namespace heapatlas::runtime
