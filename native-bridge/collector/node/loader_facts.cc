#include "node/loader_facts.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "node/error.h"
#include "node/memory.h"
#include "node/proc.h"

namespace heapatlas::node {
namespace {

constexpr std::uint64_t kMostSymbols = 1u << 20;
constexpr std::uint64_t kMostNameBytes = 32u << 20;
constexpr std::array<std::string_view, 18> kAllocators = {
    "malloc",        "free",           "calloc",    "realloc",      "reallocarray",       "memalign",
    "aligned_alloc", "posix_memalign", "valloc",    "pvalloc",      "malloc_usable_size", "malloc_trim",
    "mallopt",       "mallinfo",       "mallinfo2", "malloc_stats", "malloc_info",        "cfree"};
// Around these the loader holds its lock, and fork all locks of the allocator.
constexpr std::array<std::string_view, 10> kLoaderCalls = {"dlopen", "dlclose", "dlsym",   "dlvsym", "dladdr",
                                                           "dlinfo", "dlmopen", "dladdr1", "fork",   "dl_iterate_phdr"};

template <typename T>
std::vector<T> readArray(std::uint32_t pid, std::uint64_t address, std::uint64_t count) {
  const MemoryBytes bytes = readMemory(pid, address, std::min(count * sizeof(T), kMaxReadBytes));
  std::vector<T> values(bytes.data.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data.data(), values.size() * sizeof(T));
  return values;
}

struct DynamicTables {
  std::uint64_t symbols = 0;
  std::uint64_t names = 0;
  std::uint64_t namesBytes = 0;
  std::uint64_t gnuHash = 0;
  std::uint64_t hash = 0;
};

// glibc's loader turns addresses of the dynamic section into run-time ones, others leave them as they are in the file.
std::uint64_t located(const symbols::ModuleKey& module, std::uint64_t address) {
  return address != 0 && address < module.bias ? address + module.bias : address;
}

DynamicTables dynamicTables(std::uint32_t pid, const symbols::ModuleKey& module) {
  DynamicTables tables;
  const std::vector<Elf64_Ehdr> elf = readArray<Elf64_Ehdr>(pid, module.start, 1);
  if (elf.empty()) return tables;
  for (const Elf64_Phdr& header : readArray<Elf64_Phdr>(pid, module.start + elf[0].e_phoff, elf[0].e_phnum)) {
    if (header.p_type != PT_DYNAMIC) continue;
    constexpr std::uint64_t kMostEntries = 256;
    const std::uint64_t count = std::min<std::uint64_t>(header.p_memsz / sizeof(Elf64_Dyn), kMostEntries);
    for (const Elf64_Dyn& entry : readArray<Elf64_Dyn>(pid, module.bias + header.p_vaddr, count)) {
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_SYMTAB) tables.symbols = located(module, entry.d_un.d_ptr);
      if (entry.d_tag == DT_STRTAB) tables.names = located(module, entry.d_un.d_ptr);
      if (entry.d_tag == DT_STRSZ) tables.namesBytes = entry.d_un.d_val;
      if (entry.d_tag == DT_GNU_HASH) tables.gnuHash = located(module, entry.d_un.d_ptr);
      if (entry.d_tag == DT_HASH) tables.hash = located(module, entry.d_un.d_ptr);
    }
  }
  return tables;
}

// The symbol table does not say its length: the hash table does, by the chain of the last bucket.
std::uint64_t symbolCount(std::uint32_t pid, const DynamicTables& tables) {
  if (tables.hash != 0) {
    const std::vector<std::uint32_t> head = readArray<std::uint32_t>(pid, tables.hash, 2);
    if (head.size() == 2) return std::min<std::uint64_t>(head[1], kMostSymbols);
  }
  const std::vector<std::uint32_t> head = readArray<std::uint32_t>(pid, tables.gnuHash, 4);
  if (tables.gnuHash == 0 || head.size() != 4) return 0;
  const std::uint64_t buckets = std::min<std::uint64_t>(head[0], kMostSymbols);
  const std::uint64_t bucketsAt = tables.gnuHash + 16 + std::uint64_t{head[2]} * 8;
  std::uint64_t last = 0;
  for (std::uint32_t bucket : readArray<std::uint32_t>(pid, bucketsAt, buckets)) {
    last = std::max<std::uint64_t>(last, bucket);
  }
  if (last < head[1]) return 0;
  const std::uint64_t chain = bucketsAt + buckets * 4 + (last - head[1]) * 4;
  for (std::uint32_t link : readArray<std::uint32_t>(pid, chain, 4096)) {
    ++last;
    if ((link & 1) != 0) break;
  }
  return std::min(last, kMostSymbols);
}

std::string tailOf(const std::string& path) { return std::filesystem::path(path).filename().string(); }

bool isLoader(const std::string& path) {
  const std::string tail = tailOf(path);
  return tail.starts_with("ld-linux") || tail.starts_with("ld-musl") || tail.starts_with("ld-2.") ||
         tail.starts_with("ld.so");
}

bool isAllocator(const std::string& path) { return tailOf(path).find("malloc") != std::string::npos; }

template <std::size_t kCount>
bool isOneOf(const std::array<std::string_view, kCount>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// libc's allocator is one object file: the functions that it exports, and between and before them those that it does
// not, back to the export of the object file before.
Span allocatorOfLibc(std::vector<RemoteFunction> functions) {
  std::sort(functions.begin(), functions.end(),
            [](const RemoteFunction& one, const RemoteFunction& other) { return one.address < other.address; });
  const auto malloc =
      std::find_if(functions.begin(), functions.end(), [](const RemoteFunction& one) { return one.name == "malloc"; });
  if (malloc == functions.end()) return {};
  const auto internal = [](const RemoteFunction& one) {
    return isOneOf(kAllocators, one.name) || one.name.starts_with("__libc_") || one.name.starts_with("__malloc");
  };
  auto first = malloc;
  while (first != functions.begin() && internal(*(first - 1))) --first;
  auto last = malloc;
  while (last + 1 != functions.end() && internal(*(last + 1))) ++last;
  const std::uint64_t from = first == functions.begin() ? first->address : (first - 1)->address + (first - 1)->size;
  const std::uint64_t to = last + 1 == functions.end() ? last->address + last->size : (last + 1)->address;
  return {from, to};
}

std::uint64_t systemCallIn(std::uint32_t pid, const symbols::ModuleKey& module) {
  constexpr std::array<std::uint8_t, 2> kInstruction = {0x0f, 0x05};
  for (const Region& region : ProcFs().maps(pid)) {
    if (region.from < module.start || region.from >= module.end || region.permissions[2] != 'x') continue;
    const MemoryBytes code = readMemory(pid, region.from, std::min(region.to - region.from, kMaxReadBytes));
    const auto found = std::search(code.data.begin(), code.data.end(), kInstruction.begin(), kInstruction.end());
    if (found != code.data.end()) return region.from + static_cast<std::uint64_t>(found - code.data.begin());
  }
  return 0;
}

void takeModule(std::uint32_t pid, const symbols::ModuleKey& module, LoaderFacts& facts) {
  if (isLoader(module.path) || isAllocator(module.path)) facts.unsafe.push_back({module.start, module.end});
  const std::vector<RemoteFunction> functions = exportedFunctions(pid, module);
  std::uint64_t opens = 0;
  for (const RemoteFunction& function : functions) {
    if (isOneOf(kAllocators, function.name) || isOneOf(kLoaderCalls, function.name)) {
      facts.unsafe.push_back({function.address, function.address + std::max<std::uint64_t>(function.size, 1)});
    }
    if (function.name == "dlopen") opens = function.address;
    if (function.name == "dlsym" && facts.dlopen == 0) facts.dlsym = function.address;
    if (function.name == "dlerror" && facts.dlopen == 0) facts.dlerror = function.address;
  }
  if (tailOf(module.path).starts_with("libc.") || tailOf(module.path).starts_with("libc-")) {
    facts.unsafe.push_back(allocatorOfLibc(functions));
  }
  // The first that exports all three: libc, or libdl with a libc before 2.34.
  if (facts.dlopen == 0 && opens != 0 && facts.dlsym != 0 && facts.dlerror != 0) {
    facts.systemCall = systemCallIn(pid, module);
    if (facts.systemCall != 0) facts.dlopen = opens;
  }
}

}  // namespace

std::vector<RemoteFunction> exportedFunctions(std::uint32_t pid, const symbols::ModuleKey& module) {
  std::vector<RemoteFunction> functions;
  const DynamicTables tables = dynamicTables(pid, module);
  if (tables.symbols == 0 || tables.names == 0) return functions;
  const std::vector<char> names =
      readArray<char>(pid, tables.names, std::min<std::uint64_t>(tables.namesBytes, kMostNameBytes));
  for (const Elf64_Sym& symbol : readArray<Elf64_Sym>(pid, tables.symbols, symbolCount(pid, tables))) {
    const unsigned type = ELF64_ST_TYPE(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF || type != STT_FUNC || symbol.st_name >= names.size()) continue;
    const std::size_t room = names.size() - symbol.st_name;
    const char* name = names.data() + symbol.st_name;
    functions.push_back({std::string(name, strnlen(name, room)), module.bias + symbol.st_value, symbol.st_size});
  }
  return functions;
}

LoaderFacts loaderFacts(std::uint32_t pid, const std::vector<symbols::ModuleKey>& modules) {
  LoaderFacts facts;
  for (const symbols::ModuleKey& module : modules) {
    if (module.path.starts_with('/')) takeModule(pid, module, facts);
  }
  if (facts.dlopen == 0) {
    throw NodeError(ErrorKind::Unsupported, "Process " + std::to_string(pid) +
                                                " has no dlopen in its C library, so nothing can be loaded into it; "
                                                "start it through HeapAtlas instead.");
  }
  return facts;
}

}  // namespace heapatlas::node
