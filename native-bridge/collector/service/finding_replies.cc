// See finding_replies.h.
#include "service/finding_replies.h"

#include <cinttypes>
#include <cstdio>
#include <string>

#include "service/replies.h"

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;

constexpr double kLikely = 0.5;

std::string hex(std::uint64_t address) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, address);
  return text;
}

std::string bytes(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

std::string sized(std::uint64_t size) { return size == 0 ? "a block" : "a block of " + bytes(size); }

std::string span(std::uint64_t nanos) {
  if (nanos == 0) return "less than the time between two time stamps";
  char text[32];
  if (nanos < 1'000'000) {
    std::snprintf(text, sizeof text, "%.0f µs", static_cast<double>(nanos) / 1e3);
  } else if (nanos < 1'000'000'000) {
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(nanos) / 1e6);
  } else {
    std::snprintf(text, sizeof text, "%.2f s", static_cast<double>(nanos) / 1e9);
  }
  return text;
}

// Who is meant by a thread's number.
struct Who {
  std::uint32_t tid = 0;
  std::string name;
  std::string text() const {
    if (tid == 0) return "a thread that is not known";
    return (name.empty() ? "thread " : "thread " + name + " ") + "(" + std::to_string(tid) + ")";
  }
};

Who whoOf(const Process::View& view, std::uint32_t thread) {
  const std::vector<ThreadFigures>& threads = view.threads().all();
  if (thread >= threads.size()) return {};
  return {threads[thread].tid, threads[thread].name};
}

void explainDoubleFree(v1::Finding& shown, const Finding& finding, const Who& who, const Who& first) {
  const std::string size = finding.block && finding.block->size != 0 ? " (" + bytes(finding.block->size) + ")" : "";
  shown.set_title("double-free of " + hex(finding.address) + size);
  std::string text = who.text() + " released the block at " + hex(finding.address) + ", which ";
  if (finding.freed) {
    text += (first.tid == who.tid ? "it" : first.text()) + " had released " +
            span(finding.nanos - finding.freed->nanos) + " before; it was not allocated again in between.";
  } else {
    text += "had been released already, longer ago than the collector remembers by whom.";
  }
  shown.set_explanation(text);
}

void explainInvalidFree(v1::Finding& shown, const Finding& finding, const Who& who) {
  shown.set_title("invalid-free of " + hex(finding.address));
  std::string text = who.text() + " released " + hex(finding.address) + ", ";
  if (finding.block) {
    text += "which lies " + bytes(finding.address - finding.block->address) + " inside " + sized(finding.block->size) +
            " that lives at " + hex(finding.block->address) + "; only a block's beginning may be released.";
  } else {
    text +=
        "where no block was ever seen to begin: the program did not get it from its allocator, or from one that is "
        "not watched.";
  }
  shown.set_explanation(text);
}

void addEvidence(v1::Finding& shown, const std::string& what, std::uint64_t nanos) {
  v1::Evidence& evidence = *shown.add_evidence();
  evidence.set_what(what);
  evidence.set_nanos(nanos);
  evidence.set_address(shown.address());
}

void addEvidence(v1::Finding& shown, const Finding& finding) {
  addEvidence(shown, "released wrongly", finding.nanos);
  if (finding.position != recording::kNoPosition) {
    shown.set_position(finding.position);
    shown.mutable_evidence(0)->set_position(finding.position);
    v1::FindingAction& action = *shown.add_actions();
    action.set_title("Go to the release");
    action.set_risk("none");
    action.set_command("seek " + std::to_string(finding.position));
  }
  if (finding.freed) addEvidence(shown, "released first", finding.freed->nanos);
  if (finding.block) addEvidence(shown, "allocated", finding.block->entry.nanos());
}

void fillBlock(v1::Finding& shown, const Process& process, const Finding& finding, const v1::Allocation& allocation,
               StackNames& names) {
  v1::FoundBlock& block = *shown.mutable_allocation();
  shown.set_offset(finding.address - finding.block->address);
  block.set_address(finding.block->address);
  block.set_size(finding.block->size);
  block.set_tag(allocation.tag());
  block.set_type(allocation.object_type());
  block.set_allocated_at(finding.block->entry.nanos());
  block.set_allocated_tid(allocation.tid());
  block.set_allocated_site(allocation.site());
  *block.mutable_allocated_by() = names.stack(process, static_cast<std::uint32_t>(allocation.site()));
  if (!finding.freed) return;
  block.set_freed(true);
  block.set_freed_at(finding.freed->nanos);
  block.set_freed_site(finding.freed->stack);
  *block.mutable_freed_by() = names.stack(process, finding.freed->stack);
}

// What is said under the process's mutex.
v1::Allocation fillWords(v1::Finding& shown, Process& process, const Finding& finding) {
  const Process::View view(process);
  const Who who = whoOf(view, finding.thread);
  shown.set_tid(who.tid);
  shown.set_thread(who.name);
  if (finding.kind == FindingKind::DoubleFree) {
    const Who first = finding.freed ? whoOf(view, finding.freed->thread) : Who{};
    shown.set_kind("double-free");
    explainDoubleFree(shown, finding, who, first);
    if (finding.freed) shown.mutable_allocation()->set_freed_tid(first.tid);
  } else {
    shown.set_kind("invalid-free");
    explainInvalidFree(shown, finding, who);
  }
  return finding.block ? allocationOf(view, *finding.block) : v1::Allocation();
}

}  // namespace

v1::Finding findingOf(Process& process, const Finding& finding, std::uint64_t number, StackNames& names) {
  v1::Finding shown;
  shown.set_id(number);
  shown.set_process(process.id());
  shown.set_from(finding.nanos);
  shown.set_to(finding.nanos);
  shown.set_address(finding.address);
  shown.set_site(finding.stack);
  shown.set_severity(finding.certain ? v1::ERROR : v1::WARNING);
  shown.set_confidence(finding.certain ? 1 : kLikely);
  shown.set_mechanism("every allocation and release, in the order in which the heap changed");
  const v1::Allocation allocation = fillWords(shown, process, finding);
  if (!finding.certain && finding.hadBlock) {
    shown.mutable_explanation()->append(
        " A block was allocated over a live one before, so a release has gone unseen: this is likely, and not "
        "certain.");
  }
  *shown.mutable_stack() = names.stack(process, finding.stack);
  if (finding.block) fillBlock(shown, process, finding, allocation, names);
  addEvidence(shown, finding);
  return shown;
}

}  // namespace heapatlas::collector
