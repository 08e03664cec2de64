// See interleaving.h. A depth-first search that tries the earliest event first; it nearly always succeeds without
// going back. Lists are short; where one is not, the budget ends the search.
#include "order/interleaving.h"

#include <algorithm>

namespace heapatlas::collector {
namespace {

constexpr unsigned kBudget = 4000;
constexpr std::size_t kMaxEvents = 256;
constexpr std::uint64_t kClockSlackTicks = 500;  // between the counters of two cores

struct Lane {
  std::vector<std::uint32_t> events;
  std::size_t next = 0;
  bool done() const { return next == events.size(); }
};

std::vector<Lane> lanesOf(std::span<const Waiting> events) {
  std::vector<Lane> lanes;
  std::vector<std::uint32_t> rings;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const auto found = std::find(rings.begin(), rings.end(), events[i].ring);
    const auto lane = static_cast<std::size_t>(found - rings.begin());
    if (found == rings.end()) {
      rings.push_back(events[i].ring);
      lanes.emplace_back();
    }
    lanes[lane].events.push_back(i);
  }
  return lanes;
}

class Search {
 public:
  Search(std::span<const Waiting> events, std::uint32_t closedBefore) : events_(events), lanes_(lanesOf(events)) {
    for (const Waiting& event : events) closedLeft_ += event.pass < closedBefore;
    closedBefore_ = closedBefore;
  }
  bool run(bool live) {
    if (closedLeft_ == 0) return true;
    if (++steps_ > kBudget) return false;
    for (const std::size_t lane : candidates(live)) {
      const std::uint32_t index = lanes_[lane].events[lanes_[lane].next++];
      const bool closed = events_[index].pass < closedBefore_;
      closedLeft_ -= closed;
      order_.push_back(index);
      if (run(!live)) return true;
      order_.pop_back();
      closedLeft_ += closed;
      --lanes_[lane].next;
    }
    return false;
  }
  std::vector<std::uint32_t> take() { return std::move(order_); }

 private:
  // Lanes whose next event fits: the right kind, and nothing else must have come before it.
  std::vector<std::size_t> candidates(bool live) const {
    std::uint64_t earliestEnd = ~0ull;
    for (const Lane& lane : lanes_) {
      if (!lane.done()) earliestEnd = std::min(earliestEnd, events_[lane.events[lane.next]].high);
    }
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (lanes_[i].done()) continue;
      const Waiting& event = events_[lanes_[i].events[lanes_[i].next]];
      const bool fits = (event.step == Step::Release) == live && restoreFits(event);
      if (fits && event.low <= earliestEnd + kClockSlackTicks) result.push_back(i);
    }
    std::sort(result.begin(), result.end(), [&](std::size_t a, std::size_t b) { return time(a) < time(b); });
    return result;
  }
  // A restored block comes right behind its own release.
  bool restoreFits(const Waiting& event) const {
    if (event.step != Step::Restore || order_.empty()) return true;
    return events_[order_.back()].ring == event.ring;
  }
  std::uint64_t time(std::size_t lane) const { return events_[lanes_[lane].events[lanes_[lane].next]].time; }

  std::span<const Waiting> events_;
  std::vector<Lane> lanes_;
  std::vector<std::uint32_t> order_;
  std::size_t closedLeft_ = 0;
  std::uint32_t closedBefore_ = 0;
  unsigned steps_ = 0;
};

}  // namespace

std::vector<std::uint32_t> interleave(std::span<const Waiting> events, bool live, std::uint32_t closedBefore) {
  if (events.size() > kMaxEvents) return {};
  Search search(events, closedBefore);
  if (!search.run(live)) return {};
  return search.take();
}

}  // namespace heapatlas::collector
