// Streams of events as programs make them, for tests: threads take turns, addresses are used again, blocks move, pools
// lie beside the heap, gaps and forgetting come in between. Must hold: applied in order, no block begins over a live
// one of its heap, and each release has its block's size and context.
#pragma once

#include <map>
#include <random>
#include <vector>

#include "recording/event.h"

namespace heapatlas::recording::test {

class Program {
 public:
  explicit Program(std::uint64_t seed) : random_(seed) {}

  std::vector<Event> run(std::size_t count) {
    std::vector<Event> events;
    events.reserve(count + 2);
    while (events.size() < count) step(events);
    events.resize(count);
    return events;
  }

 private:
  static constexpr std::uint32_t kThreads = 5;
  struct Block {
    std::uint64_t size;
    std::uint32_t context;
  };
  using Heap = std::map<std::uint64_t, Block>;

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void step(std::vector<Event>& events) {
    if (left_-- == 0) {
      left_ = below(200);
      thread_ = static_cast<std::uint32_t>(below(kThreads));
      nanos_ += below(50'000);
    }
    const std::uint64_t kind = below(1000);
    if (kind < 480 || heap_.empty()) return allocate(events, What::Allocate);
    if (kind < 900) return release(events, What::Release);
    if (kind < 930) return reallocate(events);
    if (kind < 950) return pool(events);
    if (kind < 998) return note(events);
    if (kind < 999) return gap(events);
    if (below(20) == 0) forget(events);
  }

  Event event(What what) {
    Event made;
    made.nanos = nanos_;
    made.thread = thread_;
    made.what = what;
    return made;
  }

  void allocate(std::vector<Event>& events, What what) {
    static constexpr std::uint64_t kSizes[] = {24, 24, 32, 48, 100, 1000, 5000, 100'000};
    const auto context = static_cast<std::uint32_t>(below(40));
    const std::uint64_t size = below(4) == 0 ? 1 + below(3000) : kSizes[context % 8];
    std::vector<std::uint64_t>& free = free_[size / 16];
    std::uint64_t address = top_;
    if (!free.empty() && heap_.count(free.back()) == 0) {
      address = free.back();
      free.pop_back();
    } else {
      top_ += (size + 23) / 16 * 16;
    }
    Event made = event(what);
    made.address = address;
    made.size = size;
    made.context = context;
    made.stack = context * 7;
    events.push_back(made);
    heap_[address] = {size, context};
    recent_.push_back(address);
  }

  void release(std::vector<Event>& events, What what) {
    Heap::iterator block = heap_.end();
    if (!recent_.empty() && below(3) != 0) {
      block = heap_.find(recent_.back());
      recent_.pop_back();
    }
    if (block == heap_.end()) block = heap_.lower_bound(below(top_));
    if (block == heap_.end()) return;
    Event made = event(what);
    made.address = block->first;
    made.size = block->second.size;
    made.context = block->second.context;
    made.stack = static_cast<std::uint32_t>(below(3));
    events.push_back(made);
    free_[made.size / 16].push_back(made.address);
    heap_.erase(block);
  }

  void reallocate(std::vector<Event>& events) {
    const std::size_t before = events.size();
    release(events, What::ReleaseMoved);
    if (events.size() == before) return;
    if (below(10) != 0) return allocate(events, What::Reallocate);
    Event failed = events.back();
    failed.what = What::Restore;
    events.push_back(failed);
    heap_[failed.address] = {failed.size, failed.context};
    free_[failed.size / 16].pop_back();
  }

  void pool(std::vector<Event>& events) {
    Event made = event(pool_.empty() || below(2) == 0 ? What::PoolAllocate : What::PoolRelease);
    made.stack = 3;
    if (made.what == What::PoolAllocate) {
      made.address = heap_.begin()->first + below(8) * 8;  // also where a block of the heap lies
      if (!pool_.insert({made.address, {}}).second) return;
      made.size = 40;
      made.context = 77;
    } else {
      made.address = pool_.begin()->first;
      pool_.erase(pool_.begin());
    }
    events.push_back(made);
  }

  void note(std::vector<Event>& events) {
    static constexpr What kNotes[] = {What::LockAcquire, What::LockRelease, What::LockShared, What::CondWait,
                                      What::CondSignal,  What::Map,         What::Unmap,      What::ThreadStart,
                                      What::ThreadExit,  What::Fork,        What::Mode,       What::ReleaseUnknown,
                                      What::LockRelease, What::LockAcquire, What::LockRelease};
    Event made = event(kNotes[below(std::size(kNotes))]);
    made.address = 0x601000 + below(4) * 40;
    made.size = below(3) == 0 ? random_() : 0;
    made.stack = static_cast<std::uint32_t>(below(9));
    events.push_back(made);
  }

  void gap(std::vector<Event>& events) {
    for (std::uint64_t i = below(30); i > 0; --i) {
      below(2) == 0 ? allocate(events, What::AllocateInGap) : release(events, What::ReleaseInGap);
    }
  }

  void forget(std::vector<Event>& events) {
    events.push_back(event(What::Forget));
    heap_.clear();
    pool_.clear();
  }

  std::mt19937_64 random_;
  std::uint64_t nanos_ = 1000;
  std::uint64_t left_ = 0;
  std::uint32_t thread_ = 0;
  std::uint64_t top_ = 0x55550000a010;
  Heap heap_;
  Heap pool_;
  std::vector<std::uint64_t> recent_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> free_;
};

// Events that no program makes: every field is anything, though not always.
inline std::vector<Event> anything(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Event> events(count);
  for (Event& event : events) {
    const bool wild = random() % 8 == 0;
    event.nanos = wild ? random() : random() % 4;
    event.address = wild ? random() : random() % 64 * 8;
    event.size = wild ? random() : random() % 4;
    event.context = static_cast<std::uint32_t>(wild ? random() : random() % 4);
    event.stack = static_cast<std::uint32_t>(wild ? random() : random() % 4);
    event.thread = static_cast<std::uint32_t>(wild ? random() : random() % 4);
    event.what = static_cast<What>(random() % (static_cast<unsigned>(What::Last) + 1));
  }
  return events;
}

// The births of what a stream releases and restores by plain maps: what Rows must hold.
class NaiveBirths {
 public:
  struct Born {
    std::uint64_t position = kNoPosition;
    std::uint64_t nanos = 0;
  };
  Born of(const Event& event, std::uint64_t position) {
    Born born;
    if (event.what == What::Forget) {
      alive_.clear();
      moved_.clear();
    }
    const bool pool = event.what == What::PoolAllocate || event.what == What::PoolRelease;
    const std::pair<bool, std::uint64_t> key{pool, event.address};
    if (releases(event.what) || event.what == What::PoolRelease) {
      const auto found = alive_.find(key);
      if (found != alive_.end()) born = found->second;
      alive_.erase(key);
    }
    if (event.what == What::ReleaseMoved || event.what == What::ReleaseInGap) {
      moved_[event.thread] = {event.address, born};
    }
    if (!allocates(event.what) && event.what != What::PoolAllocate) return born;
    alive_[key] = {position, event.nanos};
    if (event.what != What::Restore) return born;
    const auto moved = moved_.find(event.thread);
    if (moved != moved_.end() && moved->second.first == event.address && moved->second.second.position != kNoPosition) {
      alive_[key] = moved->second.second;
    }
    return alive_[key];
  }
  std::size_t alive() const { return alive_.size(); }

 private:
  std::map<std::pair<bool, std::uint64_t>, Born> alive_;
  std::map<std::uint32_t, std::pair<std::uint64_t, Born>> moved_;  // by thread
};

}  // namespace heapatlas::recording::test
