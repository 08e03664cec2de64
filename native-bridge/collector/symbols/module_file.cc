#include "symbols/module_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace heapatlas::symbols {
namespace {

constexpr const char* kVdso = "[vdso]";

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

// Debug information calls write __GI___libc_write; the symbol table has the name that people know. It may as well name
// another function that was folded into this one.
std::string better(const std::string& function, const std::string& bareName, const std::string& symbol) {
  const bool same =
      !symbol.empty() && (symbol.find(bareName) != std::string::npos || bareName.find(symbol) != std::string::npos);
  return same ? symbol : function;
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
  if (key.path == kVdso) {
    if (!opened->loadVdso(key) && opened->facts_.why.empty()) opened->facts_.why = "the kernel shows none";
    return opened;
  }
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
  dwfl_.reset(dwfl_begin(&callbacks()));
  Dwfl_Module* module = dwfl_ ? dwfl_report_offline(dwfl_.get(), file.c_str(), file.c_str(), descriptor) : nullptr;
  if (module == nullptr) close(descriptor);  // libdwfl keeps it only when it succeeds
  return take(module, file, key);
}

// The kernel gives every process the same code, this one too.
bool ModuleFile::loadVdso(const ModuleKey& key) {
  auto* image = reinterpret_cast<char*>(getauxval(AT_SYSINFO_EHDR));  // NOLINT(performance-no-int-to-ptr)
  if (image == nullptr) return false;
  GElf_Ehdr header;
  std::memcpy(&header, image, sizeof header);
  const std::size_t size = header.e_shoff + std::size_t{header.e_shnum} * header.e_shentsize;
  dwfl_.reset(dwfl_begin(&callbacks()));
  if (!dwfl_) return false;
  return take(dwfl_report_offline_memory(dwfl_.get(), kVdso, kVdso, image, size), kVdso, key);
}

bool ModuleFile::take(Dwfl_Module* module, const std::string& file, const ModuleKey& key) {
  GElf_Addr bias = 0;
  if (module != nullptr) dwfl_report_end(dwfl_.get(), nullptr, nullptr);
  if (module == nullptr || dwfl_module_getelf(module, &bias) == nullptr) {
    facts_.why = file + " is not an ELF file that can be read: " + dwfl_errmsg(-1);
    return false;
  }
  if (!sameBuild(module, key)) {
    facts_.why = file + " is another build than the one that is running";
    return false;
  }
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
  symbols_ = std::make_unique<SymbolTable>(module_);
  facts_.hasSymbols = !symbols_->empty();
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
    if (!source.inlined && (!source.bareName.empty() || frame.function.empty())) {
      frame.function = better(frame.function, source.bareName, symbols_->nameAt(fileAddress + elfBias_));
    }
    answer.push_back(std::move(frame));
  }
  if (answer.empty()) {
    answer.emplace_back();
    answer.back().function = symbols_->nameAt(fileAddress + elfBias_);
  }
  return answer;
}

}  // namespace heapatlas::symbols
