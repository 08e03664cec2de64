// Which pages were written: userfaultfd with PAGEMAP_SCAN, and soft-dirty bits. See probes.h.
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "node/probes.h"

namespace heapatlas::node {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kPages = 8;
constexpr std::size_t kWritten = 5;  // of the pages, the one that a probe writes into

// From Linux 6.7, younger than the headers that this is built with.
constexpr std::uint64_t kFeatureUnpopulated = 1u << 13;
constexpr std::uint64_t kFeatureAsync = 1u << 15;
constexpr std::uint64_t kPageIsWritten = 1u << 1;
struct PageRegion {
  std::uint64_t start, end, categories;
};
struct ScanArgument {
  std::uint64_t size, flags, start, end, walkEnd, vec, vecLength, maxPages;
  std::uint64_t categoryInverted, categoryMask, categoryAnyOf, returnMask;
};
constexpr unsigned long kPagemapScan = _IOWR('f', 16, ScanArgument);

char* populatedPages() {
  void* pages = mmap(nullptr, kPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return nullptr;
  std::memset(pages, 1, kPages * kPage);
  return static_cast<char*>(pages);
}

// An error clause, empty when pages are write-protected asynchronously.
std::string protectAsync(int faults, char* pages) {
  uffdio_api api{};
  api.api = UFFD_API;
  api.features = kFeatureAsync | kFeatureUnpopulated;
  if (ioctl(faults, UFFDIO_API, &api) != 0) return "the kernel has no asynchronous write-protect";
  uffdio_register area{};
  area.range = {reinterpret_cast<std::uintptr_t>(pages), kPages * kPage};
  area.mode = UFFDIO_REGISTER_MODE_WP;
  if (ioctl(faults, UFFDIO_REGISTER, &area) != 0) return "pages cannot be registered";
  uffdio_writeprotect protect{};
  protect.range = area.range;
  protect.mode = UFFDIO_WRITEPROTECT_MODE_WP;
  return ioctl(faults, UFFDIO_WRITEPROTECT, &protect) == 0 ? "" : "pages cannot be write-protected";
}

}  // namespace

Outcome probeWriteProtectFaults() {
  int faults = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY));
  if (faults < 0) return absentByError("userfaultfd is refused");
  char* pages = populatedPages();
  if (pages == nullptr) return absentByError("no memory");
  if (const std::string error = protectAsync(faults, pages); !error.empty()) return absentByError(error);
  pages[kWritten * kPage] = 2;
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  std::array<PageRegion, kPages> found{};
  ScanArgument scan{};
  scan.size = sizeof scan;
  scan.start = reinterpret_cast<std::uintptr_t>(pages);
  scan.end = scan.start + kPages * kPage;
  scan.vec = reinterpret_cast<std::uintptr_t>(found.data());
  scan.vecLength = found.size();
  scan.categoryMask = kPageIsWritten;
  scan.returnMask = kPageIsWritten;
  const int count = ioctl(pagemap, kPagemapScan, &scan);
  if (count < 0) return absentByError("PAGEMAP_SCAN is refused");
  const std::uint64_t written = scan.start + kWritten * kPage;
  if (count == 1 && found[0].start == written && found[0].end == written + kPage) {
    return works("the one page that was written was found");
  }
  return ineffective(std::to_string(count) + " spans were reported written where one page was");
}

Outcome probeSoftDirty() {
  char* pages = populatedPages();
  if (pages == nullptr) return absentByError("no memory");
  const int clear = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (clear < 0 || write(clear, "4", 1) != 1) return absentByError("the bits cannot be cleared");
  pages[kWritten * kPage] = 2;
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  std::array<std::uint64_t, kPages> entries{};
  const auto offset = static_cast<off_t>(reinterpret_cast<std::uintptr_t>(pages) / kPage * sizeof(std::uint64_t));
  if (pread(pagemap, entries.data(), sizeof entries, offset) != static_cast<ssize_t>(sizeof entries)) {
    return absentByError("the page map cannot be read");
  }
  constexpr std::uint64_t kSoftDirty = std::uint64_t{1} << 55;
  if ((entries[kWritten] & kSoftDirty) == 0) return ineffective("a page that was written is not marked");
  if ((entries[kWritten - 1] & kSoftDirty) != 0) return ineffective("a page that was not written is marked");
  return works("the one page that was written was marked");
}

}  // namespace heapatlas::node
