// See stack_names.h.
#include "service/stack_names.h"

namespace heapatlas::collector {
namespace {

constexpr std::string_view kRuntimeLibrary = "libheapatlas-runtime.so";
constexpr std::uint32_t kExact = 1;  // flags of a ring::StackNode
constexpr std::uint32_t kCut = 2;

}  // namespace

// A replayed process's number may be another's by now.
std::uint32_t StackNames::pidOf(const Process& process) {
  return process.state() == RunState::Replayed ? 0 : process.identity().pid;
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

std::vector<heapatlas::v1::Frame> StackNames::framesIn(const Process& process, const ModuleSnapshot& module,
                                                       const ring::StackNode& node) {
  const bool exact = (node.flags & kExact) != 0;
  const auto* recorded = process.recordedFrames(node.pc, exact);
  std::vector<heapatlas::v1::Frame> frames;
  const auto add = [&](const std::vector<symbols::SymbolFrame>& symbols) {
    for (const symbols::SymbolFrame& symbol : symbols) fill(frames.emplace_back(), symbol);
  };
  if (recorded != nullptr) {
    add(*recorded);
  } else {
    add(symbolizer_.resolve(keyOf(module, pidOf(process)), node.pc, exact));
  }
  return frames;
}

std::vector<heapatlas::v1::Frame> StackNames::framesAt(const Process& process, const ring::StackNode& node) {
  return framesIn(process, moduleOf(process.file(), node.pc), node);
}

heapatlas::v1::Stack StackNames::stack(const Process& process, std::uint32_t node, Unnamed* unnamed) {
  heapatlas::v1::Stack result;
  bool own = true;  // still in the runtime's frames, which are the innermost
  for (const ring::StackNode& at : process.file().stack(node)) {
    const ModuleSnapshot module = moduleOf(process.file(), at.pc);
    own = own && module.path.ends_with(kRuntimeLibrary);
    if ((at.flags & kCut) != 0) result.set_cut(true);
    if (own) continue;
    std::vector<heapatlas::v1::Frame> frames = framesIn(process, module, at);
    const bool named = !frames.empty() && !frames.front().function().empty();
    for (heapatlas::v1::Frame& frame : frames) *result.add_frames() = std::move(frame);
    if (!named && unnamed != nullptr) unnamed->insert(at.pc);
  }
  return result;
}

bool StackNames::mentions(const heapatlas::v1::Stack& stack, const std::string& text) {
  for (const heapatlas::v1::Frame& frame : stack.frames()) {
    if (frame.function().find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace heapatlas::collector
