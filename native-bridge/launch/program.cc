#include "program.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace heapatlas::launch {
namespace {

constexpr int kMaxInterpreters = 5;  // the kernel's own limit for a script whose interpreter is a script

#if defined(__x86_64__)
constexpr Elf64_Half kOwnMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kOwnMachine = EM_AARCH64;
#endif

Failure wrong(std::string sentence) { return {kUsedWrongly, std::move(sentence)}; }
Failure closed(std::string sentence) { return {kCannotInject, std::move(sentence)}; }
std::string quoted(const std::string& path) { return "'" + path + "'"; }

const char* machineName(Elf64_Half machine) {
  switch (machine) {
    case EM_386:
      return "32-bit x86";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "32-bit ARM";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "POWER";
    case EM_S390:
      return "S/390";
    default:
      return "another architecture";
  }
}

class File {
 public:
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool isOpen() const { return descriptor_ >= 0; }
  std::size_t read(void* to, std::size_t bytes, std::uint64_t offset) const {
    const ssize_t got = pread(descriptor_, to, bytes, static_cast<off_t>(offset));
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }

 private:
  int descriptor_;
};

Failure checkElf(const std::string& path, const File& file) {
  Elf64_Ehdr header{};
  const std::size_t got = file.read(&header, sizeof header, 0);
  if (got < offsetof(Elf64_Ehdr, e_version)) return wrong(quoted(path) + " is a truncated ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kOwnMachine) {
    return closed(quoted(path) + " is built for " + machineName(header.e_machine) + ", so HeapAtlas for " +
                  machineName(kOwnMachine) +
                  " cannot be injected; run it on a node of its architecture, or build it for " +
                  machineName(kOwnMachine));
  }
  if (got < sizeof header || header.e_phentsize != sizeof(Elf64_Phdr)) {
    return wrong(quoted(path) + " is a truncated ELF file");
  }
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    return wrong(quoted(path) + " is an object or core file, not a program; name the program that was linked from it");
  }
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  const std::size_t bytes = segments.size() * sizeof(Elf64_Phdr);
  if (file.read(segments.data(), bytes, header.e_phoff) != bytes)
    return wrong(quoted(path) + " is a truncated ELF file");
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_INTERP) return {};
  }
  return closed(quoted(path) +
                " is statically linked, so HeapAtlas cannot be injected; link it dynamically "
                "(without -static), or report its allocations through probe/heapatlas.h");
}

// The interpreter of a script, empty when the line names none.
std::string interpreterOf(std::string_view start) {
  std::string_view line =
      start.substr(2, start.find('\n') == std::string_view::npos ? start.size() : start.find('\n') - 2);
  const std::size_t from = line.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  line.remove_prefix(from);
  return std::string(line.substr(0, line.find_first_of(" \t\r")));
}

Failure checkFile(const std::string& path, int depth);

Failure checkScript(const std::string& path, std::string_view start, int depth) {
  const std::string interpreter = interpreterOf(start);
  if (interpreter.empty())
    return wrong(quoted(path) + " is a script whose first line names no interpreter; add it after '#!'");
  if (depth >= kMaxInterpreters)
    return wrong(quoted(path) + " is a script whose interpreters never end; name a program");
  Failure failure = checkFile(interpreter, depth + 1);
  if (!failure.sentence.empty()) {
    failure.sentence = "the interpreter of " + quoted(path) + " cannot be used: " + failure.sentence;
  }
  return failure;
}

Failure checkFile(const std::string& path, int depth) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return wrong("there is no program " + quoted(path) + " (" + std::strerror(errno) + "); check the path");
  }
  if (S_ISDIR(status.st_mode)) return wrong(quoted(path) + " is a directory; name a program inside it");
  if (!S_ISREG(status.st_mode)) return wrong(quoted(path) + " is not a regular file; name a program");
  if (faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0 || (status.st_mode & 0111) == 0) {
    return wrong(quoted(path) + " is not executable; make it so with 'chmod +x', or name its interpreter before it");
  }
  if ((status.st_mode & (S_ISUID | S_ISGID)) != 0) {
    return closed(quoted(path) +
                  " has the setuid or setgid bit, so HeapAtlas cannot be injected; run a copy of it "
                  "without that bit");
  }
  if (getxattr(path.c_str(), "security.capability", nullptr, 0) > 0 && geteuid() != 0) {
    return closed(quoted(path) +
                  " has file capabilities, so HeapAtlas cannot be injected; run a copy of it without them");
  }
  const File file(path);
  if (!file.isOpen()) return {};  // executable but not readable: only the kernel can judge
  char start[256];
  const std::size_t got = file.read(start, sizeof start, 0);
  const std::string_view text(start, got);
  if (text.substr(0, SELFMAG) == std::string_view(ELFMAG, SELFMAG)) return checkElf(path, file);
  if (text.substr(0, 2) == "#!") return checkScript(path, text, depth);
  if (text.find('\0') != std::string_view::npos || got == 0) {
    return wrong(quoted(path) + (got == 0 ? " is empty" : " is of no format that this system can execute") +
                 "; name a program");
  }
  return {};  // text without '#!': runs under the shell, as it does from a shell
}

}  // namespace

std::variant<std::string, Failure> find(const std::string& name) {
  if (name.empty()) return wrong("the program's name is empty; name a program behind '--'");
  if (name.find('/') != std::string::npos) return name;
  const char* variable = std::getenv("PATH");
  const std::string path = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  std::string refused;  // found, but not executable: a shell goes on searching, and then names it
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find(':', from), path.size());
    const std::string folder = path.substr(from, to - from);
    std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    from = to + 1;
    struct stat status {};
    if (stat(candidate.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) continue;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    if (refused.empty()) refused = std::move(candidate);
  }
  if (!refused.empty()) return refused;
  struct stat status {};
  if (stat(name.c_str(), &status) == 0) {
    return wrong("there is no program " + quoted(name) + " in PATH; the one in this folder is named './" + name + "'");
  }
  return wrong("there is no program " + quoted(name) + " in PATH; check the spelling, or give its path");
}

Failure check(const std::string& path) { return checkFile(path, 0); }

}  // namespace heapatlas::launch
