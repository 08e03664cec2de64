// Turns addresses of watched programs into functions, files and lines, inlined calls included, through elfutils.
// Entry: Symbolizer::resolve, called by the collector when a view or a summary first shows an address.
// Must hold: never on the drain thread (a first look into a large module takes tens of milliseconds to seconds);
// module files are untrusted input, and what they do not tell is counted, never guessed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace heapatlas::symbols {

// One loaded object of one process. Two processes share what is cached about a module if path and build id agree.
struct ModuleKey {
  std::string path;                   // as the process names it; empty or "[vdso]" when no file backs it
  std::vector<std::uint8_t> buildId;  // of the running object; empty: unknown, the file is taken as it is
  std::uint64_t bias = 0;             // run-time address minus the file's virtual address
  std::uint64_t start = 0;            // run-time span; end is exclusive
  std::uint64_t end = 0;
  std::uint32_t pid = 0;  // where /proc/PID/root and /proc/PID/map_files may show the file; 0: nowhere
};

struct SymbolFrame {
  std::uint64_t pc = 0;            // as given
  std::string function;            // demangled; empty when unknown
  std::string file;                // absolute where the debug information allows; empty when unknown
  std::uint32_t line = 0;          // 0 when unknown
  std::string module;              // path; empty when no module holds the address
  std::uint64_t moduleOffset = 0;  // virtual address in the module's file
  bool inlined = false;            // inlined into the next frame of the answer
};

// What a module can tell; for lists of modules.
struct ModuleFacts {
  bool found = false;       // a file with the right build id was found
  bool hasSymbols = false;  // .symtab, .dynsym or minidebuginfo
  bool hasLines = false;    // DWARF line tables
  std::string file;         // the file that was opened
  std::string why;          // when not found: one clause
};

struct SymbolCounts {
  std::uint64_t resolved = 0;    // addresses that got a function name
  std::uint64_t unresolved = 0;  // addresses that did not
  std::uint64_t modulesOpen = 0;
  std::uint64_t modulesClosed = 0;    // closed again to bound memory
  std::uint64_t modulesUnusable = 0;  // no file, another build id, or not an ELF file that libdw reads
};

struct SymbolLimits {
  std::size_t openModules = 24;            // open at once; the least recently used is closed
  std::size_t cachedAddresses = 1u << 18;  // answers kept; at the limit the older half goes
};

// Threads: any; one mutex serialises all calls. Owns nothing but its caches and the files that it maps.
class Symbolizer {
 public:
  explicit Symbolizer(SymbolLimits limits = {});
  ~Symbolizer();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;

  // Frames at pc, the innermost inlined one first; never empty. exact: pc is the instruction itself (a frame that a
  // signal interrupted, or the leaf of a stopped thread); otherwise it is a return address, looked up at pc - 1.
  std::vector<SymbolFrame> resolve(const ModuleKey& module, std::uint64_t pc, bool exact);
  // Opens the module's file if need be.
  ModuleFacts facts(const ModuleKey& module);
  SymbolCounts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace heapatlas::symbols
