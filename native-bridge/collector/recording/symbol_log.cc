// See symbol_log.h.
#include "recording/symbol_log.h"

namespace heapatlas::recording {

std::uint32_t SymbolLog::indexOf(const std::string& text) {
  const auto [found, fresh] = strings_.emplace(text, static_cast<std::uint32_t>(strings_.size()));
  if (fresh) newStrings_.add_strings(text);
  return found->second;
}

void SymbolLog::add(std::uint64_t pc, bool exact, const std::vector<symbols::SymbolFrame>& frames) {
  if (!known_.insert(keyOf(pc, exact)).second) return;
  heapatlas::v1::Symbol& symbol = *newSymbols_.add_symbols();
  symbol.set_pc(pc);
  symbol.set_exact(exact);
  for (const symbols::SymbolFrame& frame : frames) {
    heapatlas::v1::SymbolFrame& shown = *symbol.add_frames();
    shown.set_function(indexOf(frame.function));
    shown.set_file(indexOf(frame.file));
    shown.set_line(frame.line);
    shown.set_module(indexOf(frame.module));
    shown.set_module_offset(frame.moduleOffset);
    shown.set_inlined(frame.inlined);
  }
}

void SymbolLog::seal() {
  if (newSymbols_.symbols_size() == 0) return;
  newStrings_.set_first(static_cast<std::uint32_t>(strings_.size()) -
                        static_cast<std::uint32_t>(newStrings_.strings_size()));
  if (newStrings_.strings_size() != 0) {
    file_.append(FrameType::Strings, compressed(newStrings_.SerializeAsString()));
  }
  file_.append(FrameType::Symbols, compressed(newSymbols_.SerializeAsString()));
  file_.seal();
  newStrings_.Clear();
  newSymbols_.Clear();
}

}  // namespace heapatlas::recording
