#include "node/stacks.h"

#include <elfutils/libdwfl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "node/error.h"
#include "node/traced_thread.h"
#include "node/unwind.h"

namespace heapatlas::node {
namespace {

constexpr std::chrono::milliseconds kPatience{2000};

const Dwfl_Callbacks& callbacks() {
  static const Dwfl_Callbacks table = {
      .find_elf = dwfl_linux_proc_find_elf,
      .find_debuginfo = dwfl_standard_find_debuginfo,
      .section_address = nullptr,
      .debuginfo_path = nullptr,
  };
  return table;
}

int takeFrame(Dwfl_Frame* frame, void* argument) {
  auto& stack = *static_cast<ThreadStack*>(argument);
  Dwarf_Addr pc = 0;
  bool exact = false;
  if (!dwfl_frame_pc(frame, &pc, &exact)) return DWARF_CB_ABORT;
  stack.addresses.push_back({pc, exact});
  if (stack.addresses.size() < kMaxStackFrames) return DWARF_CB_OK;
  stack.cut = true;
  stack.cutWhy = "deeper than " + std::to_string(kMaxStackFrames) + " frames";
  return DWARF_CB_ABORT;
}

}  // namespace

void Unwinder::Close::operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }

Unwinder::Unwinder(std::uint32_t pid) : dwfl_(dwfl_begin(&callbacks())) {
  const int error = dwfl_ ? dwfl_linux_proc_report(dwfl_.get(), static_cast<pid_t>(pid)) : -1;
  if (error != 0 || dwfl_report_end(dwfl_.get(), nullptr, nullptr) != 0 ||
      dwfl_linux_proc_attach(dwfl_.get(), static_cast<pid_t>(pid), true) != 0) {
    const std::string why = error > 0 ? std::strerror(error) : dwfl_errmsg(-1);
    throw NodeError(ErrorKind::Failed, "The loaded objects of process " + std::to_string(pid) +
                                           " cannot be listed for its stacks: " + why + ".");
  }
}

ThreadStack Unwinder::stack(std::uint32_t tid) {
  ThreadStack stack;
  if (dwfl_getthread_frames(dwfl_.get(), static_cast<pid_t>(tid), takeFrame, &stack) == -1 && !stack.cut) {
    stack.cut = true;
    stack.cutWhy = dwfl_errmsg(-1);
  }
  return stack;
}

ThreadStack threadStack(std::uint32_t pid, std::uint32_t tid) {
  const std::string task = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid);
  if (access(task.c_str(), F_OK) != 0) {
    throw NodeError(ErrorKind::NotFound, "Process " + std::to_string(pid) + " has no thread " + std::to_string(tid) +
                                             "; it may have ended.");
  }
  return tracing([pid, tid] {
    const TracedThread held(pid, tid, kPatience);
    ThreadStack stack = Unwinder(pid).stack(tid);
    if (stack.addresses.empty()) stack.addresses.push_back({held.registers().rip, true});
    return stack;
  });
}

std::vector<symbols::SymbolFrame> symbolize(std::uint32_t pid, const ThreadStack& stack,
                                            symbols::Symbolizer& symbolizer) {
  const std::vector<symbols::ModuleKey> modules = modulesOf(pid);
  std::vector<symbols::SymbolFrame> frames;
  for (const StackAddress& address : stack.addresses) {
    const std::uint64_t looked = address.exact ? address.pc : address.pc - 1;
    const auto module = std::find_if(modules.begin(), modules.end(), [looked](const symbols::ModuleKey& one) {
      return one.start <= looked && looked < one.end;
    });
    if (module == modules.end()) {
      symbols::SymbolFrame unknown;
      unknown.pc = address.pc;
      frames.push_back(std::move(unknown));
      continue;
    }
    for (symbols::SymbolFrame& frame : symbolizer.resolve(*module, address.pc, address.exact)) {
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

}  // namespace heapatlas::node
