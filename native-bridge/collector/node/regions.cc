#include "node/regions.h"

#include <algorithm>

#include "node/text_file.h"

namespace heapatlas::node {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::size_t kMostNumaNodes = 1024;

std::string kindOf(const Region& region) {
  const std::string& name = region.name;
  if (name.empty()) return "anonymous";
  if (name == "[heap]") return "heap";
  if (name == "[stack]") return "stack";
  if (name.starts_with("[stack:") || name.starts_with("[anon: glibc: pthread stack")) return "thread stack";
  if (name.starts_with("[anon_shmem:")) return "shared";
  if (name.starts_with("[anon")) return "anonymous";
  if (name == "[vdso]") return "vdso";
  if (name.starts_with("[vvar")) return "vvar";
  if (name == "[vsyscall]") return "vsyscall";
  if (name.starts_with("/dev/zero") || name.starts_with("/SYSV") || name.starts_with("/memfd:") ||
      name.starts_with("/dev/shm/")) {
    return "shared";
  }
  return name[0] == '/' ? "file" : "special";
}

// 7f0c-7f0d r-xp 00001000 fe:01 1234   /path with spaces (deleted)
bool parseHead(std::string_view line, Region& region) {
  const std::vector<std::string_view> words = wordsOf(line);
  if (words.size() < 5 || words[1].size() != 4) return false;
  const std::size_t dash = words[0].find('-');
  const std::size_t colon = words[3].find(':');
  if (dash == std::string_view::npos || colon == std::string_view::npos) return false;
  region = Region{};
  region.from = numberOf(words[0].substr(0, dash), 16);
  region.to = numberOf(words[0].substr(dash + 1), 16);
  region.permissions = words[1];
  region.fileOffset = numberOf(words[2], 16);
  region.device = numberOf(words[3].substr(0, colon), 16) << 32 | numberOf(words[3].substr(colon + 1), 16);
  region.inode = numberOf(words[4]);
  if (words.size() > 5) {
    std::string_view name = line.substr(static_cast<std::size_t>(words[5].data() - line.data()));
    region.deleted = name.ends_with(kDeleted);
    if (region.deleted) name.remove_suffix(kDeleted.size());
    region.name = name;
  }
  region.kind = kindOf(region);
  return true;
}

// Rss:                 132 kB
void parseFigure(std::string_view line, Region& region) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view key = line.substr(0, colon);
  const std::vector<std::string_view> words = wordsOf(line.substr(colon + 1));
  if (words.size() != 2 || words[1] != "kB") return;
  const std::uint64_t bytes = numberOf(words[0]) * 1024;
  if (key == "Rss") region.rssBytes = bytes;
  if (key == "Pss") region.pssBytes = bytes;
  if (key == "Swap") region.swapBytes = bytes;
  if (key == "AnonHugePages" || key == "ShmemPmdMapped" || key == "FilePmdMapped" || key == "Private_Hugetlb" ||
      key == "Shared_Hugetlb") {
    region.hugeBytes += bytes;
  }
}

}  // namespace

std::vector<Region> parseRegions(std::string_view text) {
  std::vector<Region> regions;
  Region head;
  for (std::string_view line : linesOf(text)) {
    // Region lines begin with an address, figures with a capital letter.
    if (!line.empty() && line[0] >= 'A' && line[0] <= 'Z') {
      if (!regions.empty()) parseFigure(line, regions.back());
    } else if (parseHead(line, head)) {
      regions.push_back(std::move(head));
    }
  }
  return regions;
}

std::size_t numaNodes(const std::string& folder) {
  std::size_t nodes = 0;
  for (const std::string& entry : entriesOf(folder)) {
    if (entry.size() <= 4 || !entry.starts_with("node") || entry[4] < '0' || entry[4] > '9') continue;
    nodes = std::max<std::size_t>(nodes, numberOf(entry.substr(4)) + 1);
  }
  return std::min(nodes, kMostNumaNodes);
}

// 7f0c0000 default anon=33 dirty=33 N0=20 N1=13 kernelpagesize_kB=4
void addNumaPages(std::string_view numaMaps, std::vector<Region>& regions) {
  for (std::string_view line : linesOf(numaMaps)) {
    const std::vector<std::string_view> words = wordsOf(line);
    if (words.empty()) continue;
    const std::uint64_t from = numberOf(words[0], 16);
    const auto region = std::lower_bound(regions.begin(), regions.end(), from,
                                         [](const Region& one, std::uint64_t wanted) { return one.from < wanted; });
    if (region == regions.end() || region->from != from) continue;
    std::uint64_t pageBytes = 4096;
    for (std::string_view word : words) {
      if (word.starts_with("kernelpagesize_kB=")) pageBytes = numberOf(word.substr(18)) * 1024;
    }
    for (std::string_view word : words) {
      const std::size_t equals = word.find('=');
      if (equals < 2 || equals == std::string_view::npos || word[0] != 'N') continue;
      const std::size_t node = numberOf(word.substr(1, equals - 1));
      if (node >= kMostNumaNodes) continue;
      if (region->numaPages.size() <= node) region->numaPages.resize(node + 1);
      region->numaPages[node] += numberOf(word.substr(equals + 1)) * (pageBytes / 4096);
    }
  }
}

}  // namespace heapatlas::node
