// libFuzzer target: arbitrary bytes as the file of a module that a watched program has loaded.
// Must hold: no crash and bounded time, whatever its ELF headers, symbol tables and DWARF say.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "symbols/module_file.h"

using namespace heapatlas::symbols;

namespace {

// A file in memory under a name that can be opened.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("module", MFD_CLOEXEC)) {
    std::size_t written = 0;
    while (written < size) {
      const ssize_t step = write(descriptor_, data + written, size - written);
      if (step <= 0) break;
      written += static_cast<std::size_t>(step);
    }
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  ModuleKey key;
  key.path = file.path();
  const auto module = ModuleFile::open(key);
  for (const std::uint64_t address : {0x0ull, 0x1139ull, 0x1180ull, 0x401136ull, 0xffffffff00000000ull}) {
    module->frames(address);
  }
  for (std::uint64_t address = 0x1000; address < 0x1400; address += 16) module->frames(address);
  return 0;
}
