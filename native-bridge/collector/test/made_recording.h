// A recording on disk of one process that never was, made of a stream of events, with marks and totals as a heap has
// them that these events are applied to. Entry: MadeRecording.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "process/totals.h"
#include "recording/recorder.h"

namespace heapatlas::collector::test {

// What is applied to it is counted, as a collector that watches a program would.
class CountedHeap {
 public:
  static constexpr std::uint32_t kContexts = 80;

  CountedHeap() {
    for (std::uint32_t i = 1; i < kContexts; ++i) heap.context(i, i % 5, 0, 0);
  }
  void apply(const recording::Event& event) {
    using recording::What;
    if (event.what == What::PoolAllocate) {
      heap.pools().allocated(event.stack, event.address, event.size, event.context, event.nanos);
    } else if (event.what == What::PoolRelease) {
      heap.pools().released(event.stack, event.address);
    } else if (event.what == What::Forget) {
      heap.forget();
    } else if (event.what == What::Restore) {
      heap.restore({event.address, event.size, Entry::make(event.context, event.size, event.nanos)});
    } else if (recording::allocates(event.what)) {
      heap.allocate(event.address, event.size, event.context, event.nanos);
    } else if (recording::releases(event.what)) {
      heap.release(event.address);
    }
    unknownFrees += event.what == What::ReleaseUnknown;
    heapatlas::v1::ThreadMark& thread = threads[event.thread];
    thread.set_index(event.thread);
    thread.set_events(thread.events() + 1);
    if (event.what == What::ThreadStart || thread.events() == 1) thread.set_running(true);
    if (event.what == What::ThreadExit) thread.set_running(false);
  }
  heapatlas::v1::Mark mark(std::uint64_t position, std::uint64_t nanos) const {
    heapatlas::v1::Mark mark;
    mark.set_position(position);
    mark.set_nanos(nanos);
    fill(mark, heap.totals());
    mark.set_unknown_frees(unknownFrees);
    for (const auto& [index, thread] : threads) *mark.add_threads() = thread;
    return mark;
  }
  Heap heap;
  std::uint64_t unknownFrees = 0;
  std::map<std::uint32_t, heapatlas::v1::ThreadMark> threads;
};

class MadeRecording {
 public:
  static constexpr std::uint32_t kFirstTid = 100;  // of the thread of index 1

  MadeRecording() {
    std::string name = "/tmp/heapatlas-replay-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~MadeRecording() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  MadeRecording(const MadeRecording&) = delete;
  MadeRecording& operator=(const MadeRecording&) = delete;

  const std::string& path() const { return path_; }
  std::string folderOf(std::uint64_t process) const { return path_ + "/" + std::to_string(process); }

  // In chunks of so many.
  void add(std::uint64_t process, const std::vector<recording::Event>& events, std::size_t chunk,
           std::uint64_t startNanos = 0) {
    recording::Recorder recorder(folderOf(process), {});
    CountedHeap counted;
    define(recorder, static_cast<std::uint32_t>(process), startNanos);
    recorder.begin(0, counted.mark(0, 0));
    std::uint64_t nanos = 0;
    for (std::size_t at = 0; at < events.size(); at += chunk) {
      const auto part = std::span(events).subspan(at, std::min(chunk, events.size() - at));
      for (const recording::Event& event : part) counted.apply(event);
      nanos = std::max(nanos, part.back().nanos);
      recorder.append(part);
      const heapatlas::v1::Mark mark = counted.mark(recorder.position(), nanos);
      std::function<heapatlas::v1::Totals()> totals;
      if (recorder.totalsDue()) totals = totalsOf(counted.heap, mark);
      recorder.cut(at, mark, std::move(totals));
    }
    heapatlas::v1::End end;
    end.set_position(recorder.position());
    end.set_nanos(nanos + 1000);
    *end.mutable_mark() = counted.mark(recorder.position(), nanos);
    end.set_process_ended(true);
    recorder.end(end);
    recorder.wait();
  }

 private:
  static void define(recording::Recorder& recorder, std::uint32_t pid, std::uint64_t startNanos) {
    heapatlas::v1::ProcessFacts facts;
    facts.set_pid(pid);
    facts.set_executable("/usr/bin/recorded");
    facts.set_start_monotonic_nanos(startNanos);
    recorder.define(recording::FrameType::Facts, facts);
    heapatlas::v1::Counters counters;
    counters.set_mode_word(ring::modeWord(ring::Mode::Full, 1));
    recorder.define(recording::FrameType::Counters, counters);
    heapatlas::v1::Threads threads;
    for (std::uint32_t i = 1; i < 5; ++i) {
      heapatlas::v1::ThreadName& thread = *threads.add_threads();
      thread.set_index(i);
      thread.set_tid(kFirstTid + i);
      thread.set_name("worker " + std::to_string(i));
    }
    recorder.define(recording::FrameType::Threads, threads);
    heapatlas::v1::Nodes nodes;
    heapatlas::v1::Strings strings;
    heapatlas::v1::Symbols symbols;
    heapatlas::v1::Contexts contexts;
    strings.add_strings("");
    strings.add_strings("/src/recorded.cc");
    for (std::uint32_t i = 0; i < CountedHeap::kContexts; ++i) {
      contexts.add_node(i);
      contexts.add_thread(i == 0 ? 0 : i % 5);
      contexts.add_labels(0);
      contexts.add_sample_mean(0);
      if (i == 0) continue;
      nodes.add_id(i);
      nodes.add_pc(0x1000 + i);
      nodes.add_parent(i / 2);
      nodes.add_flags(0);
      strings.add_strings("function" + std::to_string(i));
      heapatlas::v1::Symbol& symbol = *symbols.add_symbols();
      symbol.set_pc(0x1000 + i);
      heapatlas::v1::SymbolFrame& frame = *symbol.add_frames();
      frame.set_function(i + 1);
      frame.set_file(1);
      frame.set_line(i);
    }
    recorder.define(recording::FrameType::Nodes, nodes);
    recorder.define(recording::FrameType::Contexts, contexts);
    recorder.define(recording::FrameType::Strings, strings);
    recorder.define(recording::FrameType::Symbols, symbols);
  }

  std::string path_;
};

}  // namespace heapatlas::collector::test
