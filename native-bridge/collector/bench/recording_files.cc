// recording-files: how fast events come into a recording's files, and what it costs to reach an instant of them.
// Usage: recording-files FOLDER [EVENTS [LIVE]]   events that a program with so many live blocks might make
// (10,000,000,
//          100,000) are recorded to FOLDER, which must not be there, and read back; what is printed is one JSON object
// Times are CPU time of one thread, with the files in the page cache, so that what else runs does not matter; those of
// histories, which are read on several threads, are time that passes.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "recording/reader.h"
#include "recording/recorder.h"
#include "recording/spare.h"
#include "service/in_order.h"

namespace {

using namespace heapatlas::recording;
namespace v1 = heapatlas::v1;

constexpr std::size_t kBatch = 8'192;
constexpr std::size_t kSeeks = 100;
constexpr std::size_t kHistories = 100;
constexpr std::size_t kPageRows = 50;
constexpr double kHistorySeconds = 120;  // those that have not begun by then are left out
constexpr std::uint64_t kBase = 0x7f0000000000;
constexpr std::uint64_t kSlotBytes = 1'024;

double secondsOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double millisNow() { return secondsOf(CLOCK_THREAD_CPUTIME_ID) * 1e3; }
double wallMillis() { return secondsOf(CLOCK_MONOTONIC) * 1e3; }

// Allocates and releases in turn; most blocks are short-lived, the others live anywhere as long as any.
class Program {
 public:
  explicit Program(std::size_t live) : slots_(live) {}

  void run(std::vector<Event>& events, std::size_t count) {
    while (events.size() < count) {
      const bool brief = random_() % 8 != 0;
      const std::size_t slot = brief ? random_() % std::min<std::size_t>(64, slots_.size()) : random_() % slots_.size();
      Event& block = slots_[slot];
      nanos_ += 20 + random_() % 64;
      if (block.address != 0) {
        block.nanos = nanos_;
        block.what = What::Release;
        events.push_back(block);
        block.address = 0;
      } else {
        block.context = static_cast<std::uint32_t>(slot % 300);
        block.size = 16 + block.context % 40 * 24;
        block.address = kBase + slot * kSlotBytes;
        block.nanos = nanos_;
        block.what = What::Allocate;
        events.push_back(block);
      }
    }
  }

 private:
  std::minstd_rand random_{7};
  std::uint64_t nanos_ = 0;
  std::vector<Event> slots_;
};

struct Written {
  double encoderSeconds = 0;
  std::uint64_t bytes = 0;
};

Written write(const std::string& folder, std::uint64_t count, std::size_t live) {
  Program program(live);
  Written written;
  const double all = secondsOf(CLOCK_PROCESS_CPUTIME_ID);
  const double own = secondsOf(CLOCK_THREAD_CPUTIME_ID);
  Recorder recorder(folder, {});
  std::vector<Event> events;
  while (recorder.position() < count) {
    while (recorder.full()) usleep(500);
    events.clear();
    program.run(events, kBatch);
    recorder.append(events);
    if (!recorder.due(0)) continue;
    v1::Mark mark;
    mark.set_position(recorder.position());
    std::function<v1::Totals()> totals;
    if (recorder.totalsDue()) {
      totals = [mark] {
        v1::Totals made;
        *made.mutable_mark() = mark;
        return made;
      };
    }
    recorder.cut(0, mark, std::move(totals));
  }
  recorder.cut(0, {}, {});
  recorder.end({});
  recorder.wait();
  written.encoderSeconds = secondsOf(CLOCK_PROCESS_CPUTIME_ID) - all - (secondsOf(CLOCK_THREAD_CPUTIME_ID) - own);
  written.bytes = recorder.status().bytes;
  if (!recorder.status().ended) throw RecordingError(recorder.status().why);
  return written;
}

struct Seek {
  double effects = 0;
  double chunks = 0;
  double all() const { return effects + chunks; }
};

Seek seek(Reader& reader, std::size_t chunk, Rows& rows) {
  Seek cost;
  double begin = millisNow();
  const Reader::Start start = reader.startFor(chunk);
  reader.tableAt(
      start, [](const Net&) {}, [](std::size_t) {});
  cost.effects = millisNow() - begin;
  begin = millisNow();
  for (std::size_t i = start.firstChunk; i <= chunk; ++i) reader.decode(i, rows);
  cost.chunks = millisNow() - begin;
  return cost;
}

struct History {
  double millis = 0;
  double pageMillis = 0;  // until the latest kPageRows were there, as a view has them first
  std::size_t rows = 0;   // events of blocks that covered the address
};

// The latest first, as a search reads them: on several threads.
History historyOf(Reader& reader, std::uint64_t address) {
  History history;
  const double begin = wallMillis();
  const std::size_t chunks = reader.chunks().size();
  static Spare<Rows> spare;
  heapatlas::collector::InOrder<std::size_t> covering(chunks, [&](std::size_t i) -> std::size_t {
    const std::size_t chunk = chunks - 1 - i;
    if (!reader.mayCover(chunk, address, address + 1)) return 0;
    const auto rows = spare.take();
    if (!reader.decode(chunk, *rows)) return 0;
    return static_cast<std::size_t>(std::count_if(rows->events.begin(), rows->events.end(), [&](const Event& e) {
      return e.address <= address && address - e.address < e.size;
    }));
  });
  while (const std::optional<std::size_t> events = covering.next()) {
    history.rows += *events;
    if (history.pageMillis == 0 && history.rows >= kPageRows) history.pageMillis = wallMillis() - begin;
  }
  history.millis = wallMillis() - begin;
  if (history.pageMillis == 0) history.pageMillis = history.millis;
  return history;
}

template <class Key, class T>
std::vector<double> sorted(const std::vector<T>& of, Key key) {
  std::vector<double> values;
  for (const T& each : of) values.push_back(key(each));
  std::sort(values.begin(), values.end());
  return values;
}

double quantile(const std::vector<double>& values, double q) {
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

std::vector<Seek> seeks(Reader& reader, std::mt19937_64& random) {
  std::vector<Seek> costs;
  Rows rows;
  for (std::size_t i = 0; i < kSeeks; ++i) costs.push_back(seek(reader, random() % reader.chunks().size(), rows));
  return costs;
}

// Of addresses anywhere in the blocks' slots.
std::vector<History> histories(Reader& reader, std::mt19937_64& random, std::size_t live) {
  std::vector<History> costs;
  const double end = wallMillis() + kHistorySeconds * 1e3;
  while (costs.size() < kHistories && (costs.empty() || wallMillis() < end)) {
    costs.push_back(historyOf(reader, kBase + random() % live * kSlotBytes + 8));
  }
  return costs;
}

int run(const std::string& folder, std::uint64_t count, std::size_t live) {
  const Written written = write(folder, count, live);
  const double begin = millisNow();
  Reader reader(folder);
  const double opened = millisNow() - begin;
  std::mt19937_64 random(1);
  const std::vector<Seek> sought = seeks(reader, random);
  const std::vector<double> seekMillis = sorted(sought, [](const Seek& seek) { return seek.all(); });
  const std::vector<double> effectMillis = sorted(sought, [](const Seek& seek) { return seek.effects; });
  const std::vector<History> asked = histories(reader, random, live);
  const std::vector<double> historyMillis = sorted(asked, [](const History& history) { return history.millis; });
  const std::vector<double> pageMillis = sorted(asked, [](const History& history) { return history.pageMillis; });
  const std::vector<double> rows = sorted(asked, [](const History& one) { return static_cast<double>(one.rows); });
  std::printf(
      "{\"events\": %llu, \"live\": %zu, \"chunks\": %zu, \"bytesPerEvent\": %.3f, \"encodedPerSecond\": %.0f, "
      "\"openCpuMillis\": %.1f, \"seeks\": %zu, \"seekMedianCpuMillis\": %.1f, \"seekMedianEffectsCpuMillis\": %.1f, "
      "\"seekP99CpuMillis\": %.1f, \"missing\": %zu, ",
      static_cast<unsigned long long>(reader.endPosition()), live, reader.chunks().size(),
      static_cast<double>(written.bytes) / static_cast<double>(reader.endPosition()),
      static_cast<double>(reader.endPosition()) / written.encoderSeconds, opened, sought.size(),
      quantile(seekMillis, 0.5), quantile(effectMillis, 0.5), quantile(seekMillis, 0.99), reader.missing().size());
  std::printf(
      "\"histories\": %zu, \"historyMedianEvents\": %.0f, \"historyMedianMillis\": %.1f, "
      "\"historyP99Millis\": %.1f, \"historyPageMedianMillis\": %.1f, \"historyPageP99Millis\": %.1f}\n",
      asked.size(), quantile(rows, 0.5), quantile(historyMillis, 0.5), quantile(historyMillis, 0.99),
      quantile(pageMillis, 0.5), quantile(pageMillis, 0.99));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: recording-files FOLDER [EVENTS [LIVE]]\n");
    return 2;
  }
  try {
    return run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000,
               argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 100'000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recording-files: %s\n", error.what());
    return 1;
  }
}
