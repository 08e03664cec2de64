// See disorder.h.
#include "order/disorder.h"

#include <limits>

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

void Disorder::settleAddress(std::uint64_t address, Events& events, std::uint32_t closedBefore) {
  bool anyClosed = false;
  for (const Waiting& event : events) anyClosed = anyClosed || event.pass < closedBefore;
  if (!anyClosed) return;
  const bool live = heap_.table().find(address).has_value();
  const std::vector<std::uint32_t> order = interleave(events, live, closedBefore);
  if (order.empty()) return force(address, events, closedBefore);
  std::vector<bool> applied(events.size());
  for (const std::uint32_t index : order) {
    apply(address, events[index]);
    applied[index] = true;
  }
  Events left;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!applied[i]) left.push_back(events[i]);
  }
  events = std::move(left);
}

// No legal order exists: the session did not see the block's beginning, or an event is missing.
void Disorder::force(std::uint64_t address, Events& events, std::uint32_t closedBefore) {
  Events left;
  for (const std::uint32_t index : byTime(events)) {
    if (events[index].pass < closedBefore) {
      apply(address, events[index]);
    } else {
      left.push_back(events[index]);
    }
  }
  events = std::move(left);
}

void Disorder::apply(std::uint64_t address, const Waiting& event) {
  if (event.step == Step::Release) {
    const auto block = heap_.release(address);
    saved(event.ring) = block.value_or(LiveBlock{});
    if (!block) ++coverage_.unknownFrees;
    return;
  }
  if (event.step == Step::Restore) {
    const LiveBlock& block = saved(event.ring);
    if (block.address == address && address != 0) heap_.restore(block);
    return;
  }
  if (heap_.allocate(address, event.size, event.context, event.nanos)) return;
  heap_.release(address);
  ++coverage_.overwritten;
  heap_.allocate(address, event.size, event.context, event.nanos);
}

}  // namespace heapatlas::collector
