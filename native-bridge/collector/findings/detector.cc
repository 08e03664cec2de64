// See detector.h.
#include "findings/detector.h"

#include <algorithm>
#include <new>
#include <optional>

namespace heapatlas::collector {
namespace {

using recording::What;

constexpr std::uint32_t kOwnAllocator = 1;  // bits of ring::Header::runtimeFlags
constexpr std::uint32_t kForked = 2;

// Whether some block has begun at an address: its slot is kept.
bool hadBlockAt(const LiveTable& table, std::uint64_t address) {
  const Leaf* leaf = table.leafAt(address);
  return leaf != nullptr && leaf->pages[(address >> kPageShift) & (kLeafPages - 1)].hasSlot(address);
}

}  // namespace

Detector::Remembered* Detector::remember() {
  void* memory = std::calloc(kRemembered + 1, sizeof(Remembered));
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<Remembered*>(memory);
}

// Null where it is none of the latest.
const Detector::Remembered* Detector::latestOf(std::uint64_t address) const {
  const std::uint64_t count = remembered_[kRemembered].address;
  for (std::uint64_t i = 1; i <= std::min<std::uint64_t>(count, kRemembered); ++i) {
    const Remembered& release = remembered_[(count - i) % kRemembered];
    if (release.address == address) return &release;
  }
  return nullptr;
}

// No allocation since the first event that counts has gone unseen.
bool Detector::seesAll() const {
  const ring::Header& header = file_.header();
  const ring::Mode mode = ring::modeOf(header.modeInForce.load(std::memory_order_relaxed));
  return (mode == ring::Mode::Full || mode == ring::Mode::FullNoStacks) && coverage_.overrun == 0 &&
         coverage_.overflowed == 0 && heap_.totals().refused == 0 && !file_.broken() &&
         header.lostEvents.load(std::memory_order_relaxed) == 0;
}

bool Detector::mayHoldUnknown() const {
  const ring::Header& header = file_.header();
  return unknownBlocks_ || coverage_.mapSince != 0 || header.attachedLate.load(std::memory_order_relaxed) != 0 ||
         (header.runtimeFlags & (kOwnAllocator | kForked)) != 0;
}

bool Detector::covers(const LiveBlock& block, std::uint64_t address) const {
  return block.address < address && address - block.address < block.size;
}

void Detector::unknownRelease(What what, const Finding::Release& by, std::uint64_t address, std::uint64_t event) {
  if (what == What::ReleaseInGap || what == What::ReleaseSampled || !LiveTable::takes(address) || !seesAll()) return;
  if (raised_ == kMostFindings) return;
  const Remembered* before = latestOf(address);
  const std::optional<LiveBlock> under = heap_.table().before(address);
  Finding finding;
  finding.nanos = by.nanos;
  finding.thread = by.thread;
  finding.stack = by.stack;
  finding.address = address;
  finding.position = event;
  // A block over which another one was allocated has been released unseen.
  finding.certain = coverage_.overwritten == 0;
  if (before != nullptr) {
    const Entry entry{before->entry};
    finding.hadBlock = true;
    finding.block = LiveBlock{address, entry.large() ? 0 : entry.code(), entry};
    finding.freed = Finding::Release{before->nanos, before->thread, before->stack};
  } else if (under && covers(*under, address)) {
    finding.kind = FindingKind::InvalidFree;
    finding.block = under;
  } else if (mayHoldUnknown()) {
    return;
  } else if (hadBlockAt(heap_.table(), address)) {
    finding.hadBlock = true;
  } else {
    // Another allocator may have given it out, unseen.
    finding.kind = FindingKind::InvalidFree;
    finding.certain = false;
  }
  ++raised_;
  fresh_.push_back(finding);
}

}  // namespace heapatlas::collector
