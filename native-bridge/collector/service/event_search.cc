// See event_search.h.
#include "service/event_search.h"

#include <algorithm>

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;
using recording::Event;

constexpr std::size_t kEventsBetweenLooks = 4096;  // at the clock

bool endsWithPath(const std::string& path, const std::string& end) {
  if (!path.ends_with(end)) return false;
  return path.size() == end.size() || end.starts_with('/') || path[path.size() - end.size() - 1] == '/';
}

// The name as a program's source has it: with or without its namespace, and without its parameters.
bool isNamed(const std::string& function, const std::string& name) {
  if (function == name) return true;
  const std::string bare = function.substr(0, function.find('('));
  return bare == name || bare.ends_with("::" + name);
}

bool isAt(const v1::Frame& frame, const v1::CodePlace& place) {
  if (!place.function().empty()) return isNamed(frame.function(), place.function());
  return frame.line() == place.line() && !place.file().empty() && endsWithPath(frame.file(), place.file());
}

}  // namespace

std::uint64_t PlaceMatcher::passedBy(const ring::StackNode& node) {
  const auto [found, fresh] = ofCode_.try_emplace(node.pc << 1 | (node.flags & 1));
  if (!fresh) return found->second;
  std::uint64_t passed = 0;
  for (const v1::Frame& frame : names_.framesAt(process_, node)) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (isAt(frame, places_[i])) passed |= 1ull << i;
    }
  }
  return found->second = passed;
}

std::uint64_t PlaceMatcher::passedBy(std::uint32_t node) {
  const auto known = ofNodes_.find(node);
  if (known != ofNodes_.end()) return known->second;
  const std::vector<ring::StackNode> path = process_.file().stack(node);
  std::uint64_t passed = 0;
  for (std::size_t i = path.size(); i-- > 0;) {
    passed |= passedBy(path[i]);
    ofNodes_[i == 0 ? node : path[i - 1].parent] = passed;
  }
  return passed;
}

EventSearch::EventSearch(recording::Reader& reader, const Identities& who, PlaceMatcher& places,
                         const v1::SearchRequest& request)
    : reader_(reader),
      who_(who),
      places_(places),
      request_(request),
      kinds_(Kinds::of(request.kinds(), Kinds::ofHeap())),
      tids_(request.tids().begin(), request.tids().end()) {}

bool EventSearch::isOver() { return std::chrono::steady_clock::now() > deadline_ || cancelled_(); }

// By where the blocks of its events lie.
bool EventSearch::mayHold(std::size_t chunk) {
  if (request_.covers_to() == 0) return true;
  if (kinds_.areOfMemory()) {
    // What reaches to the range's beginning fits even where its end is not behind that.
    const std::uint64_t from = request_.covers_from();
    return reader_.mayCover(chunk, from, std::max(request_.covers_to(), from + 1));
  }
  const v1::Chunk& head = reader_.chunks()[chunk].head;
  return head.highest_address() >= request_.covers_from() && head.lowest_address() < request_.covers_to();
}

bool EventSearch::fits(const Event& event) const {
  if (!kinds_.has(event.what) || event.size < request_.min_size()) return false;
  if (request_.max_size() != 0 && event.size > request_.max_size()) return false;
  if (request_.covers_to() != 0) {
    const std::uint64_t bytes = std::max<std::uint64_t>(event.size, 1);
    if (event.address >= request_.covers_to()) return false;
    if (event.address < request_.covers_from() && request_.covers_from() - event.address >= bytes) return false;
  }
  return tids_.empty() || tids_.contains(who_.tidOf(event.thread));
}

bool EventSearch::accepts(std::size_t index, std::uint64_t first) {
  const Event& event = rows_.events[index];
  if (!fits(event)) return false;
  std::uint64_t passed = 0;
  if (request_.places_size() != 0) {
    passed = places_.passedBy(who_.siteOf(event));
    if (passed == 0) return false;
  }
  for (int i = 0; i < request_.places_size(); ++i) {
    if ((passed >> i & 1) != 0) reply_.add_places(static_cast<std::uint32_t>(i));
  }
  reply_.set_found(true);
  fill(*reply_.mutable_event(), eventAt(rows_, index, first), who_);
  return true;
}

// Of positions in [from, to), in the search's direction. The place to go on at is kept in the reply.
std::optional<std::size_t> EventSearch::findIn(std::size_t chunk, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t first = reader_.chunks()[chunk].head.first_position();
  if (!reader_.decode(chunk, rows_)) return std::nullopt;
  const auto count = static_cast<std::size_t>(to - from);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t position = request_.backward() ? to - 1 - i : from + i;
    if (accepts(static_cast<std::size_t>(position - first), first)) return static_cast<std::size_t>(position - first);
    reply_.set_searched_to(request_.backward() ? position : position + 1);
    if ((i + 1) % kEventsBetweenLooks == 0 && isOver()) {
      reply_.set_cut(true);
      return std::nullopt;
    }
  }
  return std::nullopt;
}

v1::SearchReply EventSearch::run(std::chrono::steady_clock::time_point deadline,
                                 const std::function<bool()>& cancelled) {
  deadline_ = deadline;
  cancelled_ = cancelled;
  const auto& chunks = reader_.chunks();
  const bool backward = request_.backward();
  const std::uint64_t last = request_.until() == 0 ? ~0ull : request_.until();
  const std::uint64_t from = backward ? request_.until() : request_.from();
  const std::uint64_t to = backward ? request_.from() : last;
  reply_.set_searched_to(std::min(request_.from(), reader_.endPosition()));
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const std::size_t chunk = backward ? chunks.size() - 1 - i : i;
    const std::uint64_t begin = std::max(chunks[chunk].head.first_position(), from);
    const std::uint64_t end = std::min(chunks[chunk].endPosition(), to);
    if (begin >= end) continue;
    if (isOver()) {
      reply_.set_cut(true);
      return reply_;
    }
    if (mayHold(chunk) && findIn(chunk, begin, end)) return reply_;
    if (reply_.cut()) return reply_;
    reply_.set_searched_to(backward ? begin : end);
  }
  return reply_;
}

}  // namespace heapatlas::collector
