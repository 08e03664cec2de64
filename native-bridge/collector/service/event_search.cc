// See event_search.h.
#include "service/event_search.h"

#include <algorithm>

#include "recording/spare.h"
#include "service/in_order.h"

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;
using recording::Event;

constexpr std::size_t kEventsBetweenLooks = 4096;  // at the clock

recording::Spare<recording::Rows>& spareRows() {
  static recording::Spare<recording::Rows> spare;
  return spare;
}

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

bool EventSearch::isOver() {
  const bool over = std::chrono::steady_clock::now() > deadline_ || cancelled_();
  if (over) reply_.set_cut(true);
  return over;
}

// By where the blocks of its events lie.
bool EventSearch::mayHold(std::size_t chunk) const {
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

// In the search's direction.
std::vector<EventSearch::Span> EventSearch::spans() const {
  const bool backward = request_.backward();
  const std::uint64_t last = request_.until() == 0 ? ~0ull : request_.until();
  const std::uint64_t from = backward ? request_.until() : request_.from();
  const std::uint64_t to = backward ? request_.from() : last;
  std::vector<Span> spans;
  const auto& chunks = reader_.chunks();
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const std::uint64_t begin = std::max(chunks[i].head.first_position(), from);
    const std::uint64_t end = std::min(chunks[i].endPosition(), to);
    if (begin < end) spans.push_back({i, begin, end});
  }
  if (backward) std::reverse(spans.begin(), spans.end());
  return spans;
}

// What fits of a decoded span but for its places, in the search's direction, until visit answers true.
template <typename Visit>
void EventSearch::visit(const Span& span, const recording::Rows& rows, Visit visit) const {
  const std::uint64_t first = reader_.chunks()[span.chunk].head.first_position();
  for (std::uint64_t i = 0; i < span.to - span.from; ++i) {
    const std::uint64_t position = request_.backward() ? span.to - 1 - i : span.from + i;
    const auto index = static_cast<std::size_t>(position - first);
    if (fits(rows.events[index]) && visit(eventAt(rows, index, first))) return;
  }
}

std::vector<PastEvent> EventSearch::candidatesIn(const Span& span) const {
  std::vector<PastEvent> found;
  if (!mayHold(span.chunk)) return found;
  const auto rows = spareRows().take();
  if (!reader_.decode(span.chunk, *rows)) return found;
  visit(span, *rows, [&found](const PastEvent& event) {
    found.push_back(event);
    return false;
  });
  return found;
}

// Whether its stack passes one of the places, if any are asked for.
bool EventSearch::accept(const PastEvent& event) {
  std::uint64_t passed = 0;
  if (request_.places_size() != 0) {
    passed = places_.passedBy(who_.siteOf(event.event));
    if (passed == 0) return false;
  }
  if (reply_.found()) {
    fill(*reply_.add_more(), event, who_);
    return true;
  }
  for (int i = 0; i < request_.places_size(); ++i) {
    if ((passed >> i & 1) != 0) reply_.add_places(static_cast<std::uint32_t>(i));
  }
  reply_.set_found(true);
  fill(*reply_.mutable_event(), event, who_);
  return true;
}

// Whether the search ends with an event. The place to go on at is kept in the reply.
bool EventSearch::isLast(const PastEvent& event) {
  const bool accepted = accept(event);
  reply_.set_searched_to(request_.backward() ? event.position : event.position + 1);
  if (accepted) return reply_.more_size() + 1 == static_cast<int>(std::clamp(request_.most(), 1u, kMostEvents));
  return ++looked_ % kEventsBetweenLooks == 0 && isOver();
}

// Whether the search ends in it.
bool EventSearch::searchOne(const Span& span, bool& decoded) {
  bool ended = false;
  const auto rows = spareRows().take();
  decoded = mayHold(span.chunk) && reader_.decode(span.chunk, *rows);
  if (decoded) visit(span, *rows, [&](const PastEvent& event) { return ended = isLast(event); });
  if (!ended) left(span);
  return ended;
}

void EventSearch::searchAhead(const std::vector<Span>& spans, std::size_t from) {
  InOrder<std::vector<PastEvent>> ahead(spans.size() - from,
                                        [&, from](std::size_t i) { return candidatesIn(spans[from + i]); });
  for (std::size_t i = from; i < spans.size() && !isOver(); ++i) {
    const std::optional<std::vector<PastEvent>> events = ahead.next();
    for (const PastEvent& event : *events) {
      if (isLast(event)) return;
    }
    left(spans[i]);
  }
}

// What is near is often in the first chunk that is read, and then others would be read in vain.
v1::SearchReply EventSearch::run(std::chrono::steady_clock::time_point deadline,
                                 const std::function<bool()>& cancelled) {
  deadline_ = deadline;
  cancelled_ = cancelled;
  reply_.set_searched_to(std::min(request_.from(), reader_.endPosition()));
  const std::vector<Span> spans = this->spans();
  bool decoded = false;
  for (std::size_t i = 0; i < spans.size() && !isOver(); ++i) {
    if (decoded) {
      searchAhead(spans, i);
      break;
    }
    if (searchOne(spans[i], decoded)) break;
  }
  return reply_;
}

}  // namespace heapatlas::collector
