// See bus_guard.h. The handler uses nothing but atomics and mmap, which is one system call.
#include "input/bus_guard.h"

#include <signal.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <stdexcept>

namespace heapatlas::collector {
namespace {

struct Span {
  std::atomic<std::uintptr_t> start{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<bool> broken{false};
  bool used = false;
};

std::array<Span, BusGuard::kMaxSpans> spans;
std::mutex spansMutex;

void onBusError(int, siginfo_t* info, void*) {
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  for (Span& span : spans) {
    if (at < span.start.load(std::memory_order_relaxed) || at >= span.end.load(std::memory_order_relaxed)) continue;
    span.broken.store(true, std::memory_order_relaxed);
    void* page = reinterpret_cast<void*>(at & ~std::uintptr_t{4095});
    if (mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) return;
    break;
  }
  signal(SIGBUS, SIG_DFL);  // the faulting instruction runs again, and kills
}

void installHandler() {
  struct sigaction action {};
  action.sa_sigaction = onBusError;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace

BusGuard::BusGuard(void* start, std::size_t bytes) : slot_(0) {
  static std::once_flag once;
  std::call_once(once, installHandler);
  const std::lock_guard<std::mutex> lock(spansMutex);
  while (slot_ < kMaxSpans && spans[slot_].used) ++slot_;
  if (slot_ == kMaxSpans) throw std::runtime_error("more ring files are open than this collector can guard");
  Span& span = spans[slot_];
  span.used = true;
  span.broken = false;
  span.start = reinterpret_cast<std::uintptr_t>(start);
  span.end = reinterpret_cast<std::uintptr_t>(start) + bytes;
}

BusGuard::~BusGuard() {
  const std::lock_guard<std::mutex> lock(spansMutex);
  spans[slot_].end = 0;
  spans[slot_].start = 0;
  spans[slot_].used = false;
}

bool BusGuard::broken() const { return spans[slot_].broken.load(std::memory_order_relaxed); }

}  // namespace heapatlas::collector
