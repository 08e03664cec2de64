// Looks for the nearest events that fit, in a process's recorded chunks and without moving the process.
// Entry: EventSearch::run, called for SearchEvents. Must hold: a chunk is read only where its head does not say that
// nothing in it fits; it stops when its time is over, and says where. Threads: the chunks behind the first one that is
// read are read on several, ahead of the search.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "collector.pb.h"
#include "recording/reader.h"
#include "service/past_events.h"
#include "service/stack_names.h"

namespace heapatlas::collector {

// Which of some places in a program's source a stack passes.
class PlaceMatcher {
 public:
  static constexpr int kMostPlaces = 64;

  PlaceMatcher(StackNames& names, Process& process, std::vector<heapatlas::v1::CodePlace> places)
      : names_(names), process_(process), places_(std::move(places)) {}
  // A bit a place.
  std::uint64_t passedBy(std::uint32_t node);

 private:
  std::uint64_t passedBy(const ring::StackNode& node);

  StackNames& names_;
  Process& process_;
  const std::vector<heapatlas::v1::CodePlace> places_;
  absl::flat_hash_map<std::uint32_t, std::uint64_t> ofNodes_;
  absl::flat_hash_map<std::uint64_t, std::uint64_t> ofCode_;
};

class EventSearch {
 public:
  static constexpr std::uint32_t kMostEvents = 4096;

  EventSearch(recording::Reader& reader, const Identities& who, PlaceMatcher& places,
              const heapatlas::v1::SearchRequest& request);
  // cancelled: asked now and then; ends the search as its time does.
  heapatlas::v1::SearchReply run(std::chrono::steady_clock::time_point deadline,
                                 const std::function<bool()>& cancelled);

 private:
  // Positions in [from, to).
  struct Span {
    std::size_t chunk;
    std::uint64_t from;
    std::uint64_t to;
  };
  std::vector<Span> spans() const;
  bool mayHold(std::size_t chunk) const;
  bool fits(const recording::Event& event) const;
  template <typename Visit>
  void visit(const Span& span, const recording::Rows& rows, Visit visit) const;
  std::vector<PastEvent> candidatesIn(const Span& span) const;
  bool accept(const PastEvent& event);
  bool isLast(const PastEvent& event);
  bool searchOne(const Span& span, bool& decoded);
  void searchAhead(const std::vector<Span>& spans, std::size_t from);
  bool isOver();
  void left(const Span& span) { reply_.set_searched_to(request_.backward() ? span.from : span.to); }

  recording::Reader& reader_;
  const Identities& who_;
  PlaceMatcher& places_;
  const heapatlas::v1::SearchRequest& request_;
  const Kinds kinds_;
  absl::flat_hash_set<std::uint32_t> tids_;
  std::size_t looked_ = 0;  // at events that fit but for their places
  heapatlas::v1::SearchReply reply_;
  std::chrono::steady_clock::time_point deadline_;
  std::function<bool()> cancelled_;
};

}  // namespace heapatlas::collector
