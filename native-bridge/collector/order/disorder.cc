// See disorder.h.
#include "order/disorder.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

namespace heapatlas::collector {

void Disorder::add(std::uint64_t address, const Waiting& event) {
  const auto [found, fresh] = waiting_.try_emplace(address);
  if (fresh) ++filter_[slot(address)];
  found->second.push_back(event);
  ++coverage_.reordered;
}

void Disorder::settle(std::uint32_t pass, bool final) {
  const std::uint32_t closedBefore = final ? std::numeric_limits<std::uint32_t>::max() : pass;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    settleAddress(at->first, at->second, closedBefore);
    if (!at->second.empty()) {
      ++at;
      continue;
    }
    --filter_[slot(at->first)];
    waiting_.erase(at++);
  }
}

// A legal order from what the table holds. At an address where nothing was ever seen, a block from before the session
// may have been live, which is the other beginning, and the rarer one.
std::vector<std::uint32_t> Disorder::orderOf(std::uint64_t address, const Events& events,
                                             std::uint32_t closedBefore) const {
  const bool live = table_.find(address).has_value();
  std::vector<std::uint32_t> order = interleave(events, live, closedBefore);
  return order.empty() && mayHoldUnknown(address) ? interleave(events, true, closedBefore) : order;
}

void Disorder::settleAddress(std::uint64_t address, Events& events, std::uint32_t closedBefore) {
  std::size_t closed = 0;
  std::uint32_t oldest = closedBefore;
  for (const Waiting& event : events) {
    closed += event.pass < closedBefore;
    oldest = std::min(oldest, event.pass);
  }
  if (closed == 0) return;
  const std::vector<std::uint32_t> order = orderOf(address, events, closedBefore);
  if (unknownBlocks_) seen(address);
  if (!order.empty()) {
    applyInOrder(address, events, order);
  } else if (closed == events.size() || closedBefore - oldest > kPatience) {
    balance(address, events, closed == events.size());
  }
}

namespace {

// If the realloc at an index failed, and that is known already, its Restore carries the block from here on.
void rememberFor(std::span<Waiting> events, std::size_t index, const LiveBlock& block) {
  for (std::size_t i = index + 1; i < events.size(); ++i) {
    if (events[i].ring != events[index].ring) continue;
    if (events[i].step == Step::Restore) {
      events[i].known = true;
      events[i].size = block.size;
      events[i].context = block.entry.context();
      events[i].nanos = block.entry.nanos();
    }
    return;
  }
}

}  // namespace

void Disorder::applyInOrder(std::uint64_t address, Events& events, const std::vector<std::uint32_t>& order) {
  std::vector<bool> applied(events.size());
  for (const std::uint32_t index : order) {
    const std::optional<LiveBlock> taken = apply(address, events[index]);
    applied[index] = true;
    if (taken && events[index].moves) rememberFor(events, index, *taken);
  }
  Events left;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!applied[i]) left.push_back(events[i]);
  }
  events = std::move(left);
}

namespace {

// A realloc that failed changed nothing: both its events go.
void cancelFailedReallocs(std::vector<Waiting>& events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].step != Step::Restore || events[i].known) continue;
    std::size_t from = i;
    while (from > 0 && events[from - 1].ring != events[i].ring) --from;
    if (from == 0 || events[from - 1].step != Step::Release) continue;
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(i));
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(from - 1));
    i = 0;
  }
}

// Whether an allocation can be the address's last event: its own ring has nothing behind it.
bool lastOfItsRing(const std::vector<Waiting>& events, std::size_t index) {
  for (std::size_t i = index + 1; i < events.size(); ++i) {
    if (events[i].ring == events[index].ring) return false;
  }
  return true;
}

// What one ring alone says of an address, each event in its turn, stands as the program did it: a release of nothing
// is one.
bool isToldByOneRing(std::span<const Waiting> events) {
  return std::all_of(events.begin(), events.end(),
                     [&](const Waiting& event) { return event.exact && event.ring == events.front().ring; });
}

}  // namespace

// No legal order starts at what the table holds: events that seemed to fit were applied too early, or the session did
// not see the block's beginning. The balance of allocations and releases is right all the same, and decides whether the
// block lives; the latest allocation that nothing follows in its own ring says which block it is.
void Disorder::balance(std::uint64_t address, Events& waiting, bool complete) {
  std::vector<Waiting> events(waiting.begin(), waiting.end());
  if (isToldByOneRing(events)) {
    waiting.clear();
    for (const Waiting& event : events) apply(address, event);
    return;
  }
  cancelFailedReallocs(events);
  std::vector<Waiting> allocations;
  std::vector<Waiting> releases;
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].step == Step::Release) {
      releases.push_back(events[i]);
      continue;
    }
    allocations.push_back(events[i]);
    const std::size_t own = allocations.size() - 1;
    if (lastOfItsRing(events, i) && (!last || allocations[*last].time < events[i].time)) last = own;
  }
  if (last) std::swap(allocations[*last], allocations.back());
  waiting.clear();
  const bool keepsBase = !last && allocations.size() == releases.size();
  const Origin aside{events.front().nanos, 0, 0, recording::What::ReleaseInGap};
  const std::optional<LiveBlock> base = keepsBase ? journal_.release(aside, address) : std::nullopt;
  pairUp(address, allocations, releases, complete, waiting);
  if (base && !journal_.restore(aside, *base)) ++coverage_.overwritten;
}

// Applies both lists in turn. What is left over of one of them waits on, or is counted when nothing more can come.
void Disorder::pairUp(std::uint64_t address, const std::vector<Waiting>& allocations,
                      const std::vector<Waiting>& releases, bool complete, Events& left) {
  bool live = table_.find(address).has_value();
  auto allocation = allocations.begin();
  auto release = releases.begin();
  while (allocation != allocations.end() || release != releases.end()) {
    const bool fits = live ? release != releases.end() : allocation != allocations.end();
    const Waiting& next = (live == fits) ? *release++ : *allocation++;
    if (!fits && !complete) {
      left.push_back(next);
      continue;
    }
    apply(address, next);
    live = next.step != Step::Release;
  }
}

std::optional<LiveBlock> Disorder::apply(std::uint64_t address, const Waiting& event) {
  const Origin by{event.nanos, event.thread, event.stack, event.what};
  if (event.step == Step::Release) {
    const auto block = journal_.release(by, address);
    if (event.moves) save(event.ring, event.position, block.value_or(LiveBlock{}));
    if (!block) journal_.unknownRelease(by, address);
    return block;
  }
  if (event.step == Step::Restore) {
    const LiveBlock known{address, event.size, Entry::make(event.context, event.size, event.nanos)};
    const LiveBlock& block = event.known ? known : saved(event.ring);
    if (block.address == address && address != 0) journal_.restore(by, block);
    return std::nullopt;
  }
  journal_.allocateOver(by, address, event.size, event.context);
  return std::nullopt;
}

}  // namespace heapatlas::collector
