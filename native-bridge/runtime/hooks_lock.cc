// Mutexes, read-write locks and condition variables. Recorded only with HEAPATLAS_LOCKS=1; else one test and the real
// call. An uncontended acquisition costs no clock: only where a trylock fails is the wait timed.
#include <pthread.h>

#include <cerrno>

#include "real.h"
#include "system.h"
#include "writer.h"

namespace rt = heapatlas::runtime;
using rt::Kind;

namespace heapatlas::runtime {
namespace {

bool isHeld(int result) { return result == 0 || result == EOWNERDEAD; }

[[gnu::always_inline]] inline void recordLock(Kind kind, const void* lock, std::uint64_t waited, Frame frame) {
  writeRecord<StackWanted::OfAllocation>(kind, addressOf(lock), waited, frame);
}

// try first: most acquisitions succeed at once. Only EBUSY says that the lock would have to be waited for.
template <typename Try, typename Lock>
[[gnu::always_inline]] inline int acquire(Kind kind, const void* object, Frame frame, Try tryLock, Lock lock) {
  int result = tryLock();
  std::uint64_t waited = 0;
  if (result == EBUSY || result == EAGAIN) {
    const std::uint64_t begin = ticks();
    result = lock();
    waited = ticks() - begin;
  }
  if (isHeld(result)) recordLock(kind, object, waited, frame);
  return result;
}

[[gnu::always_inline]] inline void recordRelease(const void* object, Frame frame) {
  writeRecord<StackWanted::None>(Kind::LockRelease, addressOf(object), 0, frame);
}

template <typename Wait>
int wait(const void* condition, Frame frame, Wait realWait) {
  if (!process.locksWanted) return realWait();
  const std::uint64_t begin = ticks();
  const int result = realWait();
  writeRecord<StackWanted::OfAllocation>(Kind::CondWait, addressOf(condition), ticks() - begin, frame);
  return result;
}

}  // namespace
}  // namespace heapatlas::runtime

extern "C" {

[[gnu::visibility("default")]] int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (!rt::process.locksWanted) [[likely]]
    return rt::real.mutexLock(mutex);
  return rt::acquire(
      Kind::LockAcquire, mutex, rt::hookFrame(), [=] { return rt::real.mutexTrylock(mutex); },
      [=] { return rt::real.mutexLock(mutex); });
}

[[gnu::visibility("default")]] int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  const int result = rt::real.mutexTrylock(mutex);
  if (rt::process.locksWanted && rt::isHeld(result)) rt::recordLock(Kind::LockAcquire, mutex, 0, rt::hookFrame());
  return result;
}

[[gnu::visibility("default")]] int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  if (!rt::process.locksWanted) return rt::real.mutexTimedlock(mutex, until);
  return rt::acquire(
      Kind::LockAcquire, mutex, rt::hookFrame(), [=] { return rt::real.mutexTrylock(mutex); },
      [=] { return rt::real.mutexTimedlock(mutex, until); });
}

[[gnu::visibility("default")]] int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                                           const timespec* until) noexcept {
  if (!rt::process.locksWanted) return rt::real.mutexClocklock(mutex, clock, until);
  return rt::acquire(
      Kind::LockAcquire, mutex, rt::hookFrame(), [=] { return rt::real.mutexTrylock(mutex); },
      [=] { return rt::real.mutexClocklock(mutex, clock, until); });
}

[[gnu::visibility("default")]] int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (rt::process.locksWanted) rt::recordRelease(mutex, rt::hookFrame());
  return rt::real.mutexUnlock(mutex);
}

[[gnu::visibility("default")]] int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  if (!rt::process.locksWanted) return rt::real.rwlockRdlock(lock);
  return rt::acquire(
      Kind::LockShared, lock, rt::hookFrame(), [=] { return rt::real.rwlockTryrdlock(lock); },
      [=] { return rt::real.rwlockRdlock(lock); });
}

[[gnu::visibility("default")]] int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  const int result = rt::real.rwlockTryrdlock(lock);
  if (rt::process.locksWanted && result == 0) rt::recordLock(Kind::LockShared, lock, 0, rt::hookFrame());
  return result;
}

[[gnu::visibility("default")]] int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  if (!rt::process.locksWanted) return rt::real.rwlockWrlock(lock);
  return rt::acquire(
      Kind::LockAcquire, lock, rt::hookFrame(), [=] { return rt::real.rwlockTrywrlock(lock); },
      [=] { return rt::real.rwlockWrlock(lock); });
}

[[gnu::visibility("default")]] int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  const int result = rt::real.rwlockTrywrlock(lock);
  if (rt::process.locksWanted && result == 0) rt::recordLock(Kind::LockAcquire, lock, 0, rt::hookFrame());
  return result;
}

[[gnu::visibility("default")]] int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  if (rt::process.locksWanted) rt::recordRelease(lock, rt::hookFrame());
  return rt::real.rwlockUnlock(lock);
}

[[gnu::visibility("default")]] int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return rt::wait(condition, rt::hookFrame(), [=] { return rt::real.condWait(condition, mutex); });
}

[[gnu::visibility("default")]] int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                          const timespec* until) {
  return rt::wait(condition, rt::hookFrame(), [=] { return rt::real.condTimedwait(condition, mutex, until); });
}

[[gnu::visibility("default")]] int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                          clockid_t clock, const timespec* until) {
  return rt::wait(condition, rt::hookFrame(), [=] { return rt::real.condClockwait(condition, mutex, clock, until); });
}

[[gnu::visibility("default")]] int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (rt::process.locksWanted) {
    rt::writeRecord<rt::StackWanted::None>(Kind::CondSignal, rt::addressOf(condition), 0, rt::hookFrame());
  }
  return rt::real.condSignal(condition);
}

[[gnu::visibility("default")]] int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (rt::process.locksWanted) {
    rt::writeRecord<rt::StackWanted::None>(Kind::CondSignal, rt::addressOf(condition), 1, rt::hookFrame());
  }
  return rt::real.condBroadcast(condition);
}

}  // extern "C"
