// Counters, samples and watchpoints of perf_event_open, and the time stamp counter. See probes.h.
#include <cpuid.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>

#include "node/probes.h"
#include "node/text_file.h"

namespace heapatlas::node {
namespace {

volatile std::uint64_t watched = 0;
volatile std::uint64_t unwatched = 0;

perf_event_attr userEvent(std::uint32_t type, std::uint64_t config) {
  perf_event_attr event{};
  event.type = type;
  event.size = sizeof event;
  event.config = config;
  event.exclude_kernel = 1;
  event.exclude_hv = 1;
  return event;
}

int openOnThisThread(perf_event_attr& event) {
  return static_cast<int>(syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

std::uint64_t countOf(int counter) {
  std::uint64_t count = 0;
  return read(counter, &count, sizeof count) == sizeof count ? count : 0;
}

std::uint64_t nanos(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

void work(std::uint64_t forNanos) {
  const std::uint64_t until = nanos(CLOCK_MONOTONIC) + forNanos;
  while (nanos(CLOCK_MONOTONIC) < until) {
    for (int round = 0; round < 10'000; ++round) watched = watched + 1;
  }
}

Outcome refused(const std::string& what) {
  const int error = errno;
  if (error != EACCES && error != EPERM) return absentByError(what);
  std::string level = readText("/proc/sys/kernel/perf_event_paranoid", 16).value_or("?");
  while (level.ends_with('\n')) level.pop_back();
  return absent(what + ": kernel.perf_event_paranoid is " + level);
}

// Ticks a nanosecond over some milliseconds on one processor; negative when the counter ran backwards.
double rateOn(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(processor), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) return 0;
  const std::uint64_t startNanos = nanos(CLOCK_MONOTONIC_RAW);
  const std::uint64_t start = __rdtsc();
  std::uint64_t last = start;
  while (nanos(CLOCK_MONOTONIC_RAW) < startNanos + 5'000'000) {
    const std::uint64_t ticks = __rdtsc();
    if (ticks < last) return -1;
    last = ticks;
  }
  return static_cast<double>(__rdtsc() - start) / static_cast<double>(nanos(CLOCK_MONOTONIC_RAW) - startNanos);
}

bool saysInvariant() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned kPowerManagement = 0x80000007;
  return __get_cpuid(kPowerManagement, &a, &b, &c, &d) != 0 && (d & 1u << 8) != 0;
}

}  // namespace

Outcome probePerfWatchpoint() {
  perf_event_attr event = userEvent(PERF_TYPE_BREAKPOINT, 0);
  event.bp_type = HW_BREAKPOINT_W;
  event.bp_addr = reinterpret_cast<std::uintptr_t>(&watched);
  event.bp_len = HW_BREAKPOINT_LEN_8;
  const int counter = openOnThisThread(event);
  if (counter < 0) return refused("the kernel gives none");
  constexpr int kWrites = 10;
  for (int round = 0; round < kWrites; ++round) unwatched = unwatched + 1;
  if (countOf(counter) != 0) return ineffective("accepted, but it counted writes elsewhere");
  for (int round = 0; round < kWrites; ++round) watched = watched + 1;
  const std::uint64_t count = countOf(counter);
  const std::string figures = "counted " + std::to_string(count) + " of " + std::to_string(kWrites) + " writes";
  return count == kWrites ? works(figures) : ineffective("accepted, but " + figures);
}

Outcome probePerfCounters() {
  perf_event_attr event = userEvent(PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
  const int counter = openOnThisThread(event);
  if (counter < 0) return refused("no cycle counter");
  work(2'000'000);
  const std::uint64_t cycles = countOf(counter);
  return cycles > 0 ? works("counted " + std::to_string(cycles) + " cycles in 2 ms")
                    : ineffective("accepted, but counted no cycle in 2 ms");
}

Outcome probePerfSampling() {
  perf_event_attr event = userEvent(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK);
  event.sample_period = 500'000;  // ns
  event.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_CALLCHAIN;
  event.exclude_callchain_kernel = 1;
  const int sampler = openOnThisThread(event);
  if (sampler < 0) return refused("no sampling clock");
  const std::size_t bytes = (1 + 8) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* map = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, sampler, 0);
  if (map == MAP_FAILED) return refused("its buffer cannot be mapped");
  work(20'000'000);
  ioctl(sampler, PERF_EVENT_IOC_DISABLE, 0);
  const auto* page = static_cast<const perf_event_mmap_page*>(map);
  const auto* data = static_cast<const char*>(map) + sysconf(_SC_PAGESIZE);
  int samples = 0;
  for (std::uint64_t at = 0; at < page->data_head;) {
    const auto* header = reinterpret_cast<const perf_event_header*>(data + at);
    if (header->size == 0) break;
    samples += header->type == PERF_RECORD_SAMPLE ? 1 : 0;
    at += header->size;
  }
  const std::string figures = std::to_string(samples) + " samples in 20 ms of work";
  return samples > 0 ? works(figures) : ineffective("accepted, but " + figures);
}

Outcome probeTimeStampCounter() {
  double lowest = 0;
  double highest = 0;
  const int processors = static_cast<int>(std::min(4L, sysconf(_SC_NPROCESSORS_ONLN)));
  for (int processor = 0; processor < processors; ++processor) {
    const double rate = rateOn(processor);
    if (rate < 0) return ineffective("it ran backwards");
    if (rate == 0) continue;  // not a processor that this process may use
    lowest = lowest == 0 ? rate : std::min(lowest, rate);
    highest = std::max(highest, rate);
  }
  if (lowest == 0) return absent("no processor could be measured");
  const std::string figures = std::to_string(std::lround(lowest * 1000)) + " MHz, processors differ by " +
                              std::to_string(std::lround((highest - lowest) / lowest * 1e6)) + " ppm";
  // Reading two clocks one after the other is good for some 100 ppm over 5 ms on a busy machine.
  if ((highest - lowest) / lowest > 0.002) return ineffective(figures);
  return saysInvariant() ? works(figures)
                         : ineffective("steady when measured (" + figures + "), not promised by cpuid");
}

}  // namespace heapatlas::node
