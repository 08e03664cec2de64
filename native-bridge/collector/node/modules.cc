// modulesOf: the loaded objects of a process, from its maps and the ELF headers in its memory. Called by symbolize
// and attach. Must hold: headers are the process's own bytes, so every count and offset is bounded.
#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "node/error.h"
#include "node/memory.h"
#include "node/proc.h"
#include "node/stacks.h"

namespace heapatlas::node {
namespace {

constexpr std::uint64_t kMostHeaders = 64;
constexpr std::uint64_t kMostNoteBytes = 65536;

std::uint64_t roundedTo4(std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; }

std::vector<std::uint8_t> buildIdIn(const std::vector<std::uint8_t>& notes) {
  std::size_t at = 0;
  while (at + sizeof(Elf64_Nhdr) <= notes.size()) {
    Elf64_Nhdr note;
    std::memcpy(&note, notes.data() + at, sizeof note);
    const std::uint64_t name = at + sizeof note;
    const std::uint64_t data = name + roundedTo4(note.n_namesz);
    if (data + note.n_descsz > notes.size()) break;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(notes.data() + name, "GNU", 4) == 0) {
      return {notes.begin() + static_cast<std::ptrdiff_t>(data),
              notes.begin() + static_cast<std::ptrdiff_t>(data + note.n_descsz)};
    }
    at = data + roundedTo4(note.n_descsz);
  }
  return {};
}

// The object whose headers are mapped at region.from; nothing when these are no ELF headers.
std::optional<symbols::ModuleKey> moduleAt(std::uint32_t pid, const Region& region) {
  const MemoryBytes head = readMemory(pid, region.from, sizeof(Elf64_Ehdr));
  Elf64_Ehdr elf;
  if (head.data.size() != sizeof elf) return std::nullopt;
  std::memcpy(&elf, head.data.data(), sizeof elf);
  if (std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
      elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phnum > kMostHeaders) {
    return std::nullopt;
  }
  const MemoryBytes table = readMemory(pid, region.from + elf.e_phoff, elf.e_phnum * sizeof(Elf64_Phdr));
  std::vector<Elf64_Phdr> headers(table.data.size() / sizeof(Elf64_Phdr));
  if (!headers.empty()) std::memcpy(headers.data(), table.data.data(), headers.size() * sizeof(Elf64_Phdr));
  std::uint64_t lowest = ~std::uint64_t{0};
  std::uint64_t highest = 0;
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type != PT_LOAD) continue;
    lowest = std::min<std::uint64_t>(lowest, header.p_vaddr & ~std::uint64_t{4095});
    highest = std::max<std::uint64_t>(highest, header.p_vaddr + header.p_memsz);
  }
  if (highest <= lowest) return std::nullopt;
  symbols::ModuleKey module;
  module.path = region.name;
  module.pid = pid;
  module.bias = region.from - lowest;
  module.start = region.from;
  module.end = region.from + (highest - lowest);
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type != PT_NOTE || !module.buildId.empty()) continue;
    const std::uint64_t size = std::min<std::uint64_t>(header.p_memsz, kMostNoteBytes);
    module.buildId = buildIdIn(readMemory(pid, module.bias + header.p_vaddr, size).data);
  }
  return module;
}

}  // namespace

std::vector<symbols::ModuleKey> modulesOf(std::uint32_t pid) {
  std::vector<symbols::ModuleKey> modules;
  for (const Region& region : ProcFs().maps(pid)) {
    const bool object = region.kind == "vdso" || (region.name.starts_with('/') && region.fileOffset == 0);
    if (!object || region.permissions[0] != 'r') continue;
    if (!modules.empty() && region.from < modules.back().end) continue;
    if (std::optional<symbols::ModuleKey> module = moduleAt(pid, region)) modules.push_back(std::move(*module));
  }
  return modules;
}

}  // namespace heapatlas::node
