// See code_names.h.
#include "process/code_names.h"

namespace heapatlas::collector {

ModuleSnapshot moduleOf(const RingFile& file, std::uint64_t pc) {
  for (std::uint32_t i = file.moduleCount(); i-- > 0;) {
    ModuleSnapshot module = file.module(i);
    if (pc >= module.start && pc < module.end) return module;
  }
  return {};
}

symbols::ModuleKey keyOf(const ModuleSnapshot& module, std::uint32_t pid) {
  return {module.path, module.buildId, module.bias, module.start, module.end, pid};
}

std::vector<symbols::SymbolFrame> framesOf(symbols::Symbolizer& symbolizer, const RingFile& file, std::uint64_t pc,
                                           bool exact) {
  return symbolizer.resolve(keyOf(moduleOf(file, pc), file.identity().pid), pc, exact);
}

}  // namespace heapatlas::collector
