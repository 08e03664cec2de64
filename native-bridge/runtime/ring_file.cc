// See ring_file.h. The folder must belong to this user and be closed to others, or the events could be read or forged.
#include "ring_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "ring/ring.h"
#include "system.h"

namespace heapatlas::runtime {
namespace {

constexpr std::size_t kPathBytes = 4096;
char path[kPathBytes];

bool isPrivateFolder(const char* folder) {
  struct stat status {};
  return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 077) == 0;
}

// The path of a new ring file in `path`; false when the node folder is not usable.
bool choosePath(const char* named, std::uint32_t pid) {
  char folder[kPathBytes - 64];
  const int length = named != nullptr && named[0] != 0
                         ? std::snprintf(folder, sizeof folder, "%s", named)
                         : std::snprintf(folder, sizeof folder, "/dev/shm/heapatlas-%u", geteuid());
  if (length < 0 || static_cast<std::size_t>(length) >= sizeof folder || !isPrivateFolder(folder)) return false;
  std::snprintf(path, sizeof path, "%s/rings", folder);
  if (!isPrivateFolder(path)) return false;
  std::uint64_t random = 0;
  if (syscall(SYS_getrandom, &random, sizeof random, 1 /* GRND_NONBLOCK */) != sizeof random) random = ticks();
  std::snprintf(path, sizeof path, "%s/rings/%u-%016llx.ring", folder, pid, static_cast<unsigned long long>(random));
  return true;
}

// A file size limit would send SIGXFSZ instead of an error.
bool mayBeThatLarge() {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= ring::kFileBytes;
}

}  // namespace

void* createRingFile(const char* folder, std::uint32_t pid) {
  errno = EACCES;
  if (!mayBeThatLarge() || !choosePath(folder, pid)) return nullptr;
  const int file =
      static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file < 0) return nullptr;
  const bool large = syscall(SYS_ftruncate, file, ring::kFileBytes) == 0;
  void* memory = large ? mapMemory(nullptr, ring::kFileBytes, MAP_SHARED, file) : nullptr;
  syscall(SYS_close, file);
  if (memory == nullptr) {
    unlink(path);
    return nullptr;
  }
  // A child must not write into its parent's rings; and no core dump needs them.
  madvise(memory, ring::kFileBytes, MADV_DONTFORK);
  madvise(memory, ring::kFileBytes, MADV_DONTDUMP);
  return memory;
}

void refuseRingFile(void* memory, int error) {
  unmapMemory(memory, ring::kFileBytes);
  if (truncate(path, ring::refusedBytes(error)) != 0) unlink(path);
}

namespace {

constexpr std::size_t kStatBytes = 1024;

// What stands behind the name in a process's stat file, with a blank before it; null when it cannot be read.
const char* statFields(const char* file, char (&text)[kStatBytes]) {
  const long got = readHead(file, text, sizeof text - 1);
  if (got <= 0) return nullptr;
  text[got] = 0;
  const char* at = std::strrchr(text, ')');  // the name before it may hold anything
  return at != nullptr ? at + 1 : nullptr;
}

}  // namespace

StatFields readStat() {
  StatFields out;
  char text[kStatBytes];
  const char* at = statFields("/proc/self/stat", text);
  for (int field = 3; at != nullptr && (at = std::strchr(at, ' ')) != nullptr; ++field) {
    ++at;
    if (field == 22) out.startTime = std::strtoull(at, nullptr, 10);
    if (field == 47) out.startBreak = std::strtoull(at, nullptr, 10);
  }
  return out;
}

char stateOf(std::uint32_t pid) {
  char name[64];
  std::snprintf(name, sizeof name, "/proc/%u/stat", pid);
  char text[kStatBytes];
  const char* at = statFields(name, text);
  return at != nullptr && at[0] == ' ' ? at[1] : '\0';
}

bool isRunnable(std::uint32_t pid) {
  const char state = stateOf(pid);
  return state == 'R' || state == 'S' || state == 'D';
}

}  // namespace heapatlas::runtime
