// See lifetimes.h.
#include "service/lifetimes.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace heapatlas::collector {

namespace v1 = heapatlas::v1;
using recording::Event;
using recording::What;

Lifetimes::Lifetimes(recording::Reader& reader, const Identities& who, const v1::LifetimesRequest& request,
                     GoesOn goesOn, Write write)
    : reader_(reader), who_(who), request_(request), goesOn_(std::move(goesOn)), write_(std::move(write)) {
  for (const int column : request.columns()) {
    if (column >= 0 && static_cast<std::size_t>(column) < asked_.size())
      asked_[static_cast<std::size_t>(column)] = true;
  }
}

bool Lifetimes::run() {
  for (std::size_t chunk = 0; chunk < reader_.chunks().size(); ++chunk) {
    if (!goesOn_() || !ended(chunk)) return false;
  }
  return stillLive() && flush();
}

bool Lifetimes::isWanted(const Block& block) const {
  if (block.beginNanos < request_.from_nanos()) return false;
  if (request_.to_nanos() != 0 && block.beginNanos >= request_.to_nanos()) return false;
  if (request_.has_live_at() && (block.beginNanos > request_.live_at() || block.endNanos <= request_.live_at())) {
    return false;
  }
  return block.address >= request_.lowest() && (request_.highest() == 0 || block.address < request_.highest());
}

bool Lifetimes::mayEndWanted(const v1::Chunk& head) const {
  if (head.last_nanos() < request_.from_nanos()) return false;
  if (request_.has_live_at() && head.last_nanos() <= request_.live_at()) return false;
  return head.highest_address() >= request_.lowest() &&
         (request_.highest() == 0 || head.lowest_address() < request_.highest());
}

// False: nobody listens any more.
bool Lifetimes::ended(std::size_t chunk) {
  const v1::Chunk& head = reader_.chunks()[chunk].head;
  const bool wanted = mayEndWanted(head);
  if ((!wanted && !asks(v1::L_KIND)) || !reader_.decode(chunk, rows_)) return true;
  for (std::size_t i = 0; i < rows_.events.size(); ++i) {
    const Event& event = rows_.events[i];
    if (asks(v1::L_KIND) && recording::allocates(event.what) && kinds_.size() < kMostKinds) {
      const auto [kind, isNew] = kinds_.try_emplace(event.address, event.what);
      if (!isNew && event.what != What::Restore) kind->second = event.what;
    }
    if (!recording::releases(event.what) || failed(i)) continue;
    Block block{event.address, event.size,    rows_.birth[i],     rows_.birthNanos[i], head.first_position() + i,
                event.nanos,   event.context, who_.siteOf(event), event.thread};
    if (asks(v1::L_KIND)) {
      const auto kind = kinds_.find(event.address);
      if (kind != kinds_.end()) block.what = kind->second;
      if (kind != kinds_.end()) kinds_.erase(kind);
    }
    if (wanted && isWanted(block) && !add(block)) return false;
  }
  return true;
}

void Lifetimes::take(Live& live, const recording::Net& net) const {
  if (net.forgets) live.clear();
  for (const std::uint64_t address : net.released) live.erase(address);
  for (const recording::NetBlock& block : net.blocks) live[block.address] = block;
}

void Lifetimes::take(Live& live, std::uint64_t first) const {
  for (std::size_t i = 0; i < rows_.events.size(); ++i) {
    const Event& event = rows_.events[i];
    if (event.what == What::Forget) live.clear();
    if (recording::releases(event.what)) live.erase(event.address);
    if (!recording::allocates(event.what)) continue;
    const bool restored = event.what == What::Restore;
    live[event.address] = {
        event.address, event.size, restored ? rows_.birth[i] : first + i, restored ? rows_.birthNanos[i] : event.nanos,
        event.context, event.what};
  }
}

// Whether a realloc that took a block gave it back: its thread's next event says so.
bool Lifetimes::failed(std::size_t release) const {
  const Event& moved = rows_.events[release];
  if (moved.what != What::ReleaseMoved) return false;
  for (std::size_t i = release + 1; i < rows_.events.size(); ++i) {
    const Event& next = rows_.events[i];
    if (next.thread == moved.thread) return next.what == What::Restore && next.address == moved.address;
  }
  return false;
}

bool Lifetimes::stillLive() {
  Live live;
  const recording::Reader::Start start = reader_.startFor(reader_.chunks().size());
  const auto takeChunk = [&](std::size_t chunk) {
    if (reader_.decode(chunk, rows_)) take(live, reader_.chunks()[chunk].head.first_position());
  };
  reader_.tableAt(
      start, [&](const recording::Net& net) { take(live, net); }, takeChunk);
  for (std::size_t chunk = start.firstChunk; chunk < reader_.chunks().size(); ++chunk) takeChunk(chunk);
  std::vector<Block> blocks;
  for (const auto& [address, net] : live) {
    Block block{address, net.size, net.position, net.nanos};
    block.context = net.context;
    block.what = net.what;
    if (isWanted(block)) blocks.push_back(block);
  }
  std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.address < b.address; });
  return std::all_of(blocks.begin(), blocks.end(), [this](const Block& block) { return add(block); });
}

bool Lifetimes::add(const Block& block) {
  if (asks(v1::L_ADDRESS)) columns_.add_address(block.address);
  if (asks(v1::L_SIZE)) columns_.add_size(block.size);
  if (asks(v1::L_SITE)) columns_.add_site(who_.siteOf(block.context));
  if (asks(v1::L_TID)) columns_.add_tid(who_.tidOf(who_.threadOf(block.context)));
  if (asks(v1::L_BEGIN_NANOS)) columns_.add_begin_nanos(block.beginNanos);
  if (asks(v1::L_END_NANOS)) columns_.add_end_nanos(block.endNanos);
  if (asks(v1::L_BEGIN_POSITION)) columns_.add_begin_position(block.begin);
  if (asks(v1::L_END_POSITION)) columns_.add_end_position(block.end);
  if (asks(v1::L_RELEASE_SITE)) columns_.add_release_site(block.releaseSite);
  if (asks(v1::L_RELEASE_TID)) columns_.add_release_tid(who_.tidOf(block.releaseThread));
  if (asks(v1::L_KIND)) columns_.mutable_kind()->push_back(static_cast<char>(block.what));
  return ++rowCount_ < kRowsAMessage || flush();
}

bool Lifetimes::flush() {
  if (rowCount_ == 0) return true;
  rowCount_ = 0;
  return write_(std::exchange(columns_, {}));
}

}  // namespace heapatlas::collector
