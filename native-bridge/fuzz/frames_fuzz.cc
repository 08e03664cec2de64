// libFuzzer target: arbitrary bytes as an object's .eh_frame_hdr and, behind it, .eh_frame. The first byte chooses
// where the header begins. Must hold: no crash, no read outside of the object (the sanitizer watches both its ends) and
// an end, for every pc.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "runtime/unwind/eh_frame.h"

using namespace heapatlas::unwind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 16) return 0;
  const std::size_t bytes = size - 1;
  const std::unique_ptr<std::uint8_t[]> image(new std::uint8_t[bytes]);  // aligned as a segment's tables are
  std::memcpy(image.get(), data + 1, bytes);
  const auto start = reinterpret_cast<std::uint64_t>(image.get());
  const LoadedObject object{start, start + bytes, start + data[0] % 64 * 4};
  for (std::uint64_t pc = start > 256 ? start - 256 : 0; pc < start + bytes + 256; pc += 1 + bytes / 64) {
    ruleFromTables(object, pc, pc);
    ruleFromTables(object, pc, pc - 1);
  }
  return 0;
}
