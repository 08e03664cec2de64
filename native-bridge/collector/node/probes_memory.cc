// Shared memory, guard pages, keys and tags. See probes.h.
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "node/probes.h"
#include "node/text_file.h"

namespace heapatlas::node {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHuge = 2u << 20;
constexpr int kGuardInstall = 102;  // MADV_GUARD_INSTALL of Linux 6.13, younger than the headers
constexpr int kGuardRemove = 103;
constexpr int kProtectMte = 0x20;  // PROT_MTE of aarch64
constexpr unsigned long kHwcap2Mte = 1ul << 18;

// The faults of the probe that runs; it is the only thread of its process.
sigjmp_buf faulted;  // NOLINT
volatile sig_atomic_t faultCode = 0;
void* volatile faultAddress = nullptr;

void onFault(int, siginfo_t* info, void*) {
  faultCode = info->si_code;
  faultAddress = info->si_addr;
  siglongjmp(faulted, 1);
}

void catchFaults() {
  struct sigaction action {};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

bool writeFaults(volatile char* address) {
  if (sigsetjmp(faulted, 1) != 0) return true;
  *address = 1;
  return false;
}

char* anonymousPages(std::size_t bytes) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

// Whether another process sees what this one writes into the mapping of file.
bool sharedWithAnother(int file) {
  void* map = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) return false;
  auto* word = static_cast<volatile std::uint64_t*>(map);
  const pid_t child = fork();
  if (child == 0) {
    *word = 0x48656170;
    _exit(0);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && *word == 0x48656170;
}

}  // namespace

Outcome probeSharedMemory() {
  const int file = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return absentByError("no file can be made in /dev/shm");
  struct statvfs room {};
  if (fstatvfs(file, &room) != 0) return absentByError("/dev/shm does not tell its size");
  const std::uint64_t freeMiB = room.f_bavail * room.f_frsize >> 20;
  const std::uint64_t allMiB = room.f_blocks * room.f_frsize >> 20;
  const std::string figures = std::to_string(freeMiB) + " of " + std::to_string(allMiB) + " MiB are free in /dev/shm";
  if (posix_fallocate(file, 0, 1 << 20) != 0) return ineffective("/dev/shm is full: " + figures);
  if (!sharedWithAnother(file)) return ineffective("a second process did not see what was written");
  // One ring file of a program with a few threads and a million stacks.
  if (freeMiB < 64) return ineffective("too little room for rings: " + figures);
  return works(figures);
}

Outcome probeMemfd() {
  const int file = memfd_create("heapatlas-doctor", MFD_CLOEXEC);
  if (file < 0) return absentByError("memfd_create is refused");
  if (ftruncate(file, kPage) != 0) return absentByError("it cannot be given a size");
  return sharedWithAnother(file) ? works("a second process saw what was written")
                                 : ineffective("a second process did not see what was written");
}

Outcome probeSharedHugePages() {
  std::string setting = readText("/sys/kernel/mm/transparent_hugepage/shmem_enabled", 256).value_or("");
  if (setting.empty()) return absent("the kernel has no transparent huge pages for shared memory");
  const int file = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, 2 * kHuge) != 0) return absentByError("no file can be made in /dev/shm");
  char* room = anonymousPages(4 * kHuge);
  if (room == nullptr) return absentByError("no memory");
  const std::uintptr_t aligned = (reinterpret_cast<std::uintptr_t>(room) + kHuge - 1) & ~(kHuge - 1);
  void* map =
      mmap(reinterpret_cast<void*>(aligned), 2 * kHuge, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
  if (map == MAP_FAILED) return absentByError("the file cannot be mapped");
  const bool advised = madvise(map, 2 * kHuge, MADV_HUGEPAGE) == 0;
  std::memset(map, 1, 2 * kHuge);
  const std::string mappings = readText("/proc/self/smaps").value_or("");
  for (std::string_view line : linesOf(mappings)) {
    if (line.starts_with("ShmemPmdMapped:") && numberOf(wordsOf(line)[1]) > 0) return works("2 MiB pages were given");
  }
  while (setting.ends_with('\n')) setting.pop_back();
  return ineffective(std::string(advised ? "asked for" : "refused") + ", 4 KiB pages were given; shmem_enabled is " +
                     setting);
}

Outcome probeGuardPages() {
  char* pages = anonymousPages(3 * kPage);
  if (pages == nullptr) return absentByError("no memory");
  std::memset(pages, 1, 3 * kPage);
  if (madvise(pages + kPage, kPage, kGuardInstall) != 0) return absentByError("the kernel does not know it");
  catchFaults();
  if (!writeFaults(pages + kPage)) return ineffective("a write into the guard page did not fault");
  if (writeFaults(pages) || writeFaults(pages + 2 * kPage)) return ineffective("the pages beside it fault as well");
  if (madvise(pages + kPage, kPage, kGuardRemove) != 0 || writeFaults(pages + kPage)) {
    return ineffective("the guard cannot be removed");
  }
  return works("a write into the guard page faulted, beside it not");
}

Outcome probePageProtection() {
  char* pages = anonymousPages(2 * kPage);
  if (pages == nullptr || mprotect(pages, kPage, PROT_READ) != 0) return absentByError("mprotect is refused");
  catchFaults();
  if (!writeFaults(pages + 100)) return ineffective("a write into the protected page did not fault");
  if (faultAddress != pages + 100) return ineffective("the fault does not tell the address");
  if (mprotect(pages, kPage, PROT_READ | PROT_WRITE) != 0 || writeFaults(pages + 100)) {
    return ineffective("the protection cannot be lifted");
  }
  return works("the fault came with the exact address, and the protection could be lifted");
}

Outcome probeProtectionKeys() {
  const int key = pkey_alloc(0, PKEY_DISABLE_WRITE);
  if (key < 0) return absent("the processor or the kernel has none");
  char* page = anonymousPages(kPage);
  if (page == nullptr || pkey_mprotect(page, kPage, PROT_READ | PROT_WRITE, key) != 0) {
    return absentByError("no page can be given a key");
  }
  catchFaults();
  if (!writeFaults(page)) return ineffective("a write against the key did not fault");
  constexpr int kKeyFault = 4;  // SEGV_PKUERR
  return faultCode == kKeyFault ? works("a write against the key faulted")
                                : ineffective("the fault does not name the key");
}

Outcome probeMemoryTagging() {
  struct utsname machine {};
  uname(&machine);
  if (std::strcmp(machine.machine, "aarch64") != 0) {
    return absent(std::string("a processor of kind ") + machine.machine + " has none");
  }
  if ((getauxval(AT_HWCAP2) & kHwcap2Mte) == 0) return absent("this processor has none");
  // Synchronous tag checks, with all tags but 0 for new pointers.
  constexpr unsigned long kTaggedSynchronous = 1ul | 1ul << 1 | 0xfffeul << 3;
  if (prctl(PR_SET_TAGGED_ADDR_CTRL, kTaggedSynchronous, 0, 0, 0) != 0) return absentByError("the kernel refuses it");
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE | kProtectMte, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return absentByError("no page can be tagged");
  catchFaults();
  auto* tagged = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(page) | std::uintptr_t{3} << 56);
  return writeFaults(tagged) ? works("a write with a wrong tag faulted")
                             : ineffective("a write with a wrong tag did not fault");
}

}  // namespace heapatlas::node
