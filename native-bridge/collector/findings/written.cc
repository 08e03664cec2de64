// See written.h.
#include "findings/written.h"

#include "ring/ring.h"

namespace heapatlas::collector {

namespace v1 = heapatlas::v1;

v1::RecordedFinding written(const Finding& finding) {
  v1::RecordedFinding shown;
  shown.set_kind(static_cast<std::uint32_t>(finding.kind));
  shown.set_certain(finding.certain);
  shown.set_had_block(finding.hadBlock);
  shown.set_position(finding.position == recording::kNoPosition ? 0 : finding.position + 1);
  shown.set_nanos(finding.nanos);
  shown.set_thread(finding.thread);
  shown.set_stack(finding.stack);
  shown.set_address(finding.address);
  if (finding.block) {
    shown.set_block_known(true);
    shown.set_block_address(finding.block->address);
    shown.set_block_size(finding.block->size);
    shown.set_block_context(finding.block->entry.context());
    shown.set_block_nanos(finding.block->entry.nanos());
  }
  if (finding.freed) {
    shown.set_freed(true);
    shown.set_freed_nanos(finding.freed->nanos);
    shown.set_freed_thread(finding.freed->thread);
    shown.set_freed_stack(finding.freed->stack);
  }
  return shown;
}

std::optional<Finding> read(const v1::RecordedFinding& shown) {
  if (shown.kind() >= kFindingKinds || !LiveTable::takes(shown.address())) return std::nullopt;
  if (shown.block_known() && !LiveTable::takes(shown.block_address())) return std::nullopt;
  Finding finding;
  finding.kind = static_cast<FindingKind>(shown.kind());
  finding.certain = shown.certain();
  finding.hadBlock = shown.had_block();
  finding.position = shown.position() == 0 ? recording::kNoPosition : shown.position() - 1;
  finding.nanos = shown.nanos();
  finding.thread = shown.thread();
  finding.stack = shown.stack() % ring::kMaxNodes;
  finding.address = shown.address();
  if (shown.block_known()) {
    finding.block = LiveBlock{shown.block_address(), shown.block_size(),
                              Entry::make(shown.block_context(), shown.block_size(), shown.block_nanos())};
  }
  if (shown.freed()) {
    finding.freed = Finding::Release{shown.freed_nanos(), shown.freed_thread(), shown.freed_stack() % ring::kMaxNodes};
  }
  return finding;
}

}  // namespace heapatlas::collector
