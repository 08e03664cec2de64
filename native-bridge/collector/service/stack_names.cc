// See stack_names.h.
#include "service/stack_names.h"

namespace heapatlas::collector {
namespace {

constexpr std::string_view kRuntimeLibrary = "libheapatlas-runtime.so";
constexpr std::uint32_t kExact = 1;  // flags of a ring::StackNode
constexpr std::uint32_t kCut = 2;

// The loaded object that holds an address; of several, which followed one another, the latest.
ModuleSnapshot moduleOf(const RingFile& file, std::uint64_t pc) {
  for (std::uint32_t i = file.moduleCount(); i-- > 0;) {
    ModuleSnapshot module = file.module(i);
    if (pc >= module.start && pc < module.end) return module;
  }
  return {};
}

}  // namespace

symbols::ModuleKey StackNames::keyOf(const ModuleSnapshot& module, std::uint32_t pid) {
  return {module.path, module.buildId, module.bias, module.start, module.end, pid};
}

void StackNames::fill(heapatlas::v1::Frame& frame, const symbols::SymbolFrame& symbol) {
  frame.set_pc(symbol.pc);
  frame.set_function(symbol.function);
  frame.set_file(symbol.file);
  frame.set_line(symbol.line);
  frame.set_module(symbol.module);
  frame.set_module_offset(symbol.moduleOffset);
  frame.set_inlined(symbol.inlined);
}

heapatlas::v1::Stack StackNames::stack(const WatchedProcess& process, std::uint32_t node) {
  heapatlas::v1::Stack result;
  bool own = true;  // still in the runtime's frames, which are the innermost
  for (const ring::StackNode& at : process.file().stack(node)) {
    const ModuleSnapshot module = moduleOf(process.file(), at.pc);
    own = own && module.path.ends_with(kRuntimeLibrary);
    if ((at.flags & kCut) != 0) result.set_cut(true);
    if (own) continue;
    const auto symbols = symbolizer_.resolve(keyOf(module, process.identity().pid), at.pc, (at.flags & kExact) != 0);
    for (const symbols::SymbolFrame& symbol : symbols) fill(*result.add_frames(), symbol);
    if (!symbols.empty() && !symbols.front().function.empty()) continue;
    const std::lock_guard<std::mutex> lock(mutex_);
    unresolved_[process.id()].insert(at.pc);
  }
  return result;
}

bool StackNames::mentions(const heapatlas::v1::Stack& stack, const std::string& text) {
  for (const heapatlas::v1::Frame& frame : stack.frames()) {
    if (frame.function().find(text) != std::string::npos) return true;
  }
  return false;
}

std::uint64_t StackNames::unresolved(std::uint64_t process) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = unresolved_.find(process);
  return found == unresolved_.end() ? 0 : found->second.size();
}

}  // namespace heapatlas::collector
