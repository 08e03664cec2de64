// See notices.h.
#include "process/notices.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace heapatlas::collector {
namespace {

std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool goNoteIn(int fd, const Elf64_Phdr& header) {
  std::array<char, 16> note{};
  for (std::uint64_t at = header.p_offset;
       at + note.size() <= header.p_offset + std::min<std::uint64_t>(header.p_filesz, 4096); at += 4) {
    if (pread(fd, note.data(), note.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(note.size())) return false;
    Elf64_Nhdr words{};
    std::memcpy(&words, note.data(), sizeof(words));
    if (words.n_namesz == 4 && words.n_type == 4 && std::memcmp(note.data() + sizeof(words), "Go\0\0", 4) == 0)
      return true;
  }
  return false;
}

}  // namespace

bool isGoExecutable(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return false;
  Elf64_Ehdr elf{};
  bool found = false;
  if (pread(fd, &elf, sizeof(elf), 0) == static_cast<ssize_t>(sizeof(elf)) &&
      std::memcmp(elf.e_ident, ELFMAG, SELFMAG) == 0 && elf.e_ident[EI_CLASS] == ELFCLASS64) {
    for (unsigned i = 0; i < std::min<unsigned>(elf.e_phnum, 64) && !found; ++i) {
      Elf64_Phdr header{};
      const auto at = static_cast<off_t>(elf.e_phoff + i * sizeof(header));
      if (pread(fd, &header, sizeof(header), at) != static_cast<ssize_t>(sizeof(header))) break;
      found = header.p_type == PT_NOTE && goNoteIn(fd, header);
    }
  }
  close(fd);
  return found;
}

std::vector<std::string> noticesFor(const node::ProcessFacts& facts, const RingFile& file) {
  std::vector<std::string> notices;
  // The executable is one of the loaded objects; of a process that has ended the kernel names none.
  std::vector<std::string> paths = {facts.executable};
  for (std::uint32_t i = 0; i < file.moduleCount(); ++i) paths.push_back(file.module(i).path);
  const auto isOneOf = [&paths](auto fits) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return fits(baseName(path)); });
  };
  if (isOneOf([](std::string_view name) { return name.starts_with("python") || name.starts_with("libpython"); })) {
    notices.emplace_back(
        "Python serves objects of up to 512 bytes from arenas of its own (obmalloc), which are seen here only as whole "
        "arenas; start it with PYTHONMALLOC=malloc to see every object.");
  }
  if (isOneOf(
          [](std::string_view name) { return name == "node" || name == "nodejs" || name.starts_with("libnode."); })) {
    notices.emplace_back(
        "JavaScript objects live in V8's own heap, which is seen here only as mapped regions; buffers and native "
        "add-ons "
        "are seen in full. For the JavaScript heap take a heap snapshot with --inspect.");
  }
  if (isGoExecutable(!facts.executable.empty() ? "/proc/" + std::to_string(facts.pid) + "/exe"
                     : file.moduleCount() != 0 ? paths[1]
                                               : "")) {
    notices.emplace_back(
        "Go's runtime maps its heap itself and calls no allocator, so Go objects are not seen here, only C libraries "
        "and "
        "mapped regions; use the program's pprof endpoint for Go objects.");
  }
  if (file.header().attachedLate.load() != 0) {
    notices.emplace_back(
        "Blocks allocated before the session attached are not in the map; releases of them are counted as unknown.");
  }
  return notices;
}

}  // namespace heapatlas::collector
