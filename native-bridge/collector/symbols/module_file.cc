#include "symbols/module_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "symbols/demangle.h"

namespace heapatlas::symbols {
namespace {

std::string hex(const std::vector<std::uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// Entries of map_files are named by a mapping's span, of which only the start is known here.
std::string mappedFile(const std::string& process, std::uint64_t start) {
  const std::string folder = process + "/map_files";
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), &closedir);
  if (!entries) return {};
  char prefix[32];
  std::snprintf(prefix, sizeof prefix, "%" PRIx64 "-", start);
  while (const dirent* entry = readdir(entries.get())) {
    if (std::strncmp(entry->d_name, prefix, std::strlen(prefix)) == 0) return folder + "/" + entry->d_name;
  }
  return {};
}

// In the order of trust: what the process itself sees, then what this node has under the same name.
std::vector<std::string> candidates(const ModuleKey& key) {
  std::vector<std::string> files;
  const std::string process = key.pid == 0 ? std::string() : "/proc/" + std::to_string(key.pid);
  const bool named = !key.path.empty() && key.path[0] == '/';
  if (named && !process.empty()) files.push_back(process + "/root" + key.path);
  if (named) files.push_back(key.path);
  if (!process.empty()) {
    if (std::string mapped = mappedFile(process, key.start); !mapped.empty()) files.push_back(std::move(mapped));
    // Only the build id can tell whether the program's own file is the one that is meant.
    if (!key.buildId.empty()) files.push_back(process + "/exe");
  }
  if (key.buildId.size() > 1) {
    const std::string id = hex(key.buildId);
    files.push_back("/usr/lib/debug/.build-id/" + id.substr(0, 2) + "/" + id.substr(2) + ".debug");
  }
  return files;
}

// A module's path may name a device or a pipe; opening must neither wait nor read from one.
int openRegular(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return -1;
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) return descriptor;
  close(descriptor);
  errno = EINVAL;
  return -1;
}

const Dwfl_Callbacks& callbacks() {
  static const Dwfl_Callbacks table = {
      .find_elf = nullptr,
      .find_debuginfo = dwfl_standard_find_debuginfo,
      .section_address = dwfl_offline_section_address,
      .debuginfo_path = nullptr,
  };
  return table;
}

bool sameBuild(Dwfl_Module* module, const ModuleKey& key) {
  if (key.buildId.empty()) return true;
  const unsigned char* bits = nullptr;
  GElf_Addr address = 0;
  const int length = dwfl_module_build_id(module, &bits, &address);
  return length > 0 && static_cast<std::size_t>(length) == key.buildId.size() &&
         std::equal(key.buildId.begin(), key.buildId.end(), bits);
}

}  // namespace

std::unique_ptr<ModuleFile> ModuleFile::open(const ModuleKey& key) {
  std::unique_ptr<ModuleFile> opened(new ModuleFile);
  for (const std::string& file : candidates(key)) {
    const std::string before = opened->facts_.why;
    if (opened->load(file, key)) break;
    // The program's own file is but a last try for its deleted executable; its reason would mislead.
    if (!before.empty() && file.ends_with("/exe")) opened->facts_.why = before;
  }
  if (!opened->facts_.found && opened->facts_.why.empty()) opened->facts_.why = "no file is known for this module";
  return opened;
}

bool ModuleFile::load(const std::string& file, const ModuleKey& key) {
  const int descriptor = openRegular(file);
  if (descriptor < 0) {
    if (facts_.why.empty()) facts_.why = file + " cannot be opened: " + std::strerror(errno);
    return false;
  }
  DwflHandle dwfl(dwfl_begin(&callbacks()));
  Dwfl_Module* module = dwfl ? dwfl_report_offline(dwfl.get(), file.c_str(), file.c_str(), descriptor) : nullptr;
  if (module == nullptr) {
    close(descriptor);  // libdwfl keeps it only when it succeeds
    facts_.why = file + " is not an ELF file that can be read: " + dwfl_errmsg(-1);
    return false;
  }
  dwfl_report_end(dwfl.get(), nullptr, nullptr);
  GElf_Addr bias = 0;
  if (dwfl_module_getelf(module, &bias) == nullptr) {
    facts_.why = file + " is not an ELF file that can be read: " + dwfl_errmsg(-1);
    return false;
  }
  if (!sameBuild(module, key)) {
    facts_.why = file + " is another build than the one that is running";
    return false;
  }
  dwfl_ = std::move(dwfl);
  module_ = module;
  elfBias_ = bias;
  facts_.found = true;
  facts_.file = file;
  facts_.why.clear();
  readFacts();
  return true;
}

void ModuleFile::readFacts() {
  Dwarf* dwarf = dwfl_module_getdwarf(module_, &dwarfBias_);
  debug_ = std::make_unique<DebugInfo>(dwarf);
  facts_.hasLines = debug_->hasUnits();
  // The first symbol is the null symbol.
  facts_.hasSymbols = dwfl_module_getsymtab(module_) > 1;
}

std::string ModuleFile::symbolAt(std::uint64_t fileAddress) const {
  GElf_Sym symbol;
  GElf_Off offset = 0;
  const char* name = dwfl_module_addrinfo(module_, fileAddress + elfBias_, &offset, &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || name[0] == '\0') return {};
  // libdwfl also answers the nearest label before the address; only a function's own bytes carry its name.
  const unsigned char type = GELF_ST_TYPE(symbol.st_info);
  if (type != STT_FUNC && type != STT_GNU_IFUNC && !(symbol.st_size > 0 && offset < symbol.st_size)) return {};
  return demangled(name);
}

std::vector<SymbolFrame> ModuleFile::frames(std::uint64_t fileAddress) {
  std::vector<SymbolFrame> answer;
  if (module_ == nullptr) return {SymbolFrame{}};
  for (SourceFrame& source : debug_->frames(fileAddress + elfBias_ - dwarfBias_)) {
    SymbolFrame frame;
    frame.function = std::move(source.function);
    frame.file = std::move(source.file);
    frame.line = source.line;
    frame.inlined = source.inlined;
    if (!source.inlined && !source.linkageName) {
      // The debug information leaves out the namespace of what is local to a file; the symbol table has it.
      std::string name = symbolAt(fileAddress);
      if (!name.empty() && (frame.function.empty() || name.find(frame.function) != std::string::npos)) {
        frame.function = std::move(name);
      }
    }
    answer.push_back(std::move(frame));
  }
  if (answer.empty()) {
    answer.emplace_back();
    answer.back().function = symbolAt(fileAddress);
  }
  return answer;
}

}  // namespace heapatlas::symbols
