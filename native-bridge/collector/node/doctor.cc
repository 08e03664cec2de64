#include "node/doctor.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "node/json_text.h"
#include "node/probes.h"

namespace heapatlas::node {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kWhole{2700};
constexpr std::chrono::milliseconds kEach{600};

struct Check {
  const char* name;
  Outcome (*probe)();
  const char* usedInstead;
};

constexpr std::array kChecks = {
    Check{"LD_PRELOAD interposition", probePreload, "nothing: without it only attaching to a running process is left"},
    Check{"shared memory", probeSharedMemory, "a node folder on another file system, named by HEAPATLAS_DIR"},
    Check{"memfd", probeMemfd, "files in the node folder"},
    Check{"huge pages for shared memory", probeSharedHugePages, "4 KiB pages, populated before they are needed"},
    Check{"ptrace", probePtrace, "nothing: no attach, and no stacks of paused threads"},
    Check{"process_vm_readv", probeReadMemory, "nothing: memory of the process is not shown"},
    Check{"perf hardware watchpoint", probePerfWatchpoint, "page protection with SIGSEGV, then a single step"},
    Check{"ptrace debug registers", probeDebugRegisters, "page protection with SIGSEGV, then a single step"},
    Check{"perf hardware counters", probePerfCounters, "the kernel's software clock; no cache misses, no cycles"},
    Check{"perf cpu-clock sampling", probePerfSampling, "the processor time of each thread from /proc"},
    Check{"userfaultfd write-protect", probeWriteProtectFaults, "page protection with SIGSEGV"},
    Check{"soft-dirty pages", probeSoftDirty, "userfaultfd write-protect with PAGEMAP_SCAN"},
    Check{"MADV_GUARD_INSTALL", probeGuardPages, "mprotect, which splits mappings"},
    Check{"page protection with SIGSEGV", probePageProtection, "canaries that are checked on release"},
    Check{"eBPF", probeBpf, "hooks inside the process only"},
    Check{"DAMON", probeDamon, "accesses are not shown, only allocations and resident pages"},
    Check{"pressure stall information", probePressure, "major faults and swap from /proc"},
    Check{"NUMA nodes", probeNumaNodes, "all memory is shown as one node"},
    Check{"protection keys", probeProtectionKeys, "mprotect"},
    Check{"memory tagging (MTE)", probeMemoryTagging, "canaries, quarantine and sampled guard pages"},
    Check{"invariant time stamp counter", probeTimeStampCounter, "times of the ring are scaled by measured rates"},
};

// Where a child leaves what it saw. Shared and of fixed size, so that a child which dies leaves nothing half.
struct Report {
  bool filled;
  ProbeState state;
  char why[240];
};

class SharedReport {
 public:
  SharedReport() : page_(mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  ~SharedReport() {
    if (page_ != MAP_FAILED) munmap(page_, sizeof(Report));
  }
  SharedReport(const SharedReport&) = delete;
  SharedReport& operator=(const SharedReport&) = delete;
  Report* get() const { return page_ == MAP_FAILED ? nullptr : static_cast<Report*>(page_); }

 private:
  void* page_;
};

[[noreturn]] void runInChild(const Check& check, Report* report) {
  // A group of its own, so that children of the probe go with it; and none outlives the caller.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number : {SIGSEGV, SIGBUS, SIGTRAP, SIGALRM, SIGCHLD, SIGPIPE}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const Outcome outcome = check.probe();
  report->state = outcome.state;
  std::strncpy(report->why, outcome.why.c_str(), sizeof report->why - 1);
  report->filled = true;
  _exit(0);
}

// The exit status of the child, or nothing in time: then it is killed with its group.
bool endsInTime(pid_t child, Clock::time_point until, int* status) {
  for (;;) {
    const pid_t got = waitpid(child, status, WNOHANG);
    if (got == child) {
      kill(-child, SIGKILL);  // what it may have left
      return true;
    }
    if (got < 0 && errno != EINTR) return false;
    if (Clock::now() >= until) break;
    const timespec pause{0, 500'000};
    nanosleep(&pause, nullptr);
  }
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  while (waitpid(child, status, 0) < 0 && errno == EINTR) {
  }
  return false;
}

Outcome tryOut(const Check& check, Clock::time_point end) {
  const SharedReport shared;
  Report* report = shared.get();
  if (report == nullptr) return absentByError("its test could not be started");
  const Clock::time_point until = std::min(end, Clock::now() + kEach);
  if (until <= Clock::now()) return ineffective("there was no time left to test it");
  const pid_t child = fork();
  if (child < 0) return absentByError("its test could not be started");
  if (child == 0) runInChild(check, report);
  setpgid(child, child);  // whichever of the two comes first
  int status = 0;
  if (!endsInTime(child, until, &status)) return ineffective("its test did not end in time");
  if (report->filled) return {report->state, report->why};
  if (WIFSIGNALED(status)) return ineffective("its test was ended by signal " + std::to_string(WTERMSIG(status)));
  return ineffective("its test ended without a result");
}

const char* nameOf(ProbeState state) {
  switch (state) {
    case ProbeState::Works:
      return "works";
    case ProbeState::Ineffective:
      return "ineffective";
    case ProbeState::Absent:
      return "absent";
  }
  return "absent";
}

}  // namespace

Outcome absentByError(const std::string& what) { return absent(what + ": " + std::strerror(errno)); }

std::vector<Capability> doctor() {
  std::vector<Capability> capabilities;
  const Clock::time_point end = Clock::now() + kWhole;
  for (const Check& check : kChecks) {
    Outcome outcome = tryOut(check, end);
    capabilities.push_back({check.name, nameOf(outcome.state), std::move(outcome.why), check.usedInstead});
  }
  return capabilities;
}

std::string toJson(const std::vector<Capability>& capabilities) {
  std::string text = "[";
  for (const Capability& one : capabilities) {
    if (text.size() > 1) text += ", ";
    text += "{\"name\": " + quoted(one.name) + ", \"state\": " + quoted(one.state) + ", \"why\": " + quoted(one.why) +
            ", \"usedInstead\": " + quoted(one.usedInstead) + "}";
  }
  return text + "]";
}

}  // namespace heapatlas::node
