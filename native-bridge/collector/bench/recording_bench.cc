// recording-bench: what events of real programs take in a recording, and how fast they are encoded and decoded.
// Usage: recording-bench capture RUNTIME FILE [--events N] -- PROGRAM [ARGUMENT…]
//          runs the program under the runtime and keeps its events in the file, up to so many (8,000,000)
//        recording-bench measure [--json] [--columns] FILE…
//          encodes and decodes them, cut as a recording is; the median of five rounds, CPU time of one thread
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "input/ring_file.h"
#include "order/ring_drain.h"
#include "recording/chunk_codec.h"
#include "recording/net_effect.h"
#include "recording/recorder.h"

namespace {

using namespace heapatlas::collector;
using namespace heapatlas::recording;
namespace v1 = heapatlas::v1;

constexpr std::size_t kBatchRecords = 32'768;
constexpr int kRounds = 5;

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// A folder for a ring, or for a round's files; it goes with its owner.
class Folder {
 public:
  Folder() {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder under /dev/shm");
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/dev/shm/heapatlas-recording-bench-XXXXXX";
};

// ---- capture

// A program that runs under the runtime, with a folder for its ring.
class Run {
 public:
  Run(const std::string& runtime, std::vector<std::string> words) {
    std::filesystem::create_directory(folder_.path() + "/rings");
    std::filesystem::permissions(folder_.path() + "/rings", std::filesystem::perms::owner_all);
    pid_ = fork();
    if (pid_ == 0) {
      setenv("HEAPATLAS_DIR", folder_.path().c_str(), 1);
      setenv("LD_PRELOAD", runtime.c_str(), 1);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      std::fprintf(stderr, "recording-bench: %s cannot be started\n", arguments[0]);
      _exit(127);
    }
  }
  ~Run() {
    if (!reaped_) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool ended() {
    reaped_ = reaped_ || waitpid(pid_, nullptr, WNOHANG) == pid_;
    return reaped_;
  }
  RingFile ring() {
    while (!ended()) {
      for (const auto& entry : std::filesystem::directory_iterator(folder_.path() + "/rings")) {
        const std::string name = entry.path().filename();
        if (!name.starts_with(std::to_string(pid_) + "-")) continue;
        if (std::optional<RingFile> file = RingFile::open(entry.path())) return std::move(*file);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    throw std::runtime_error("the program ended before it had a ring");
  }

 private:
  Folder folder_;
  pid_t pid_ = 0;
  bool reaped_ = false;
};

void capture(const std::string& runtime, const std::string& path, std::size_t limit, std::vector<std::string> words) {
  Run run(runtime, std::move(words));
  const RingFile file = run.ring();
  file.header().collectorPid.store(static_cast<std::uint32_t>(getpid()), std::memory_order_release);
  Heap heap;
  ThreadTable threads;
  CoverageCounters coverage;
  RingDrain drain(file, heap, threads, coverage, TickClock(file.identity().startTicks, file.identity().startNanos));
  drain.journal().keep();
  std::ofstream out(path, std::ios::binary);
  std::size_t kept = 0;
  for (bool left = false; !left && kept < limit;) {
    left = run.ended();
    file.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
    drain.clock().update();
    drain.beginPass();
    while (!drain.work(kBatchRecords)) file.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
    drain.endPass(left && !drain.parked());
    std::vector<Event>& events = drain.journal().events();
    out.write(reinterpret_cast<const char*>(events.data()),
              static_cast<std::streamsize>(events.size() * sizeof(Event)));
    kept += events.size();
    if (events.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    events.clear();
  }
  if (!out.flush()) throw std::runtime_error(path + " cannot be written");
  std::printf("%s: %zu events, %llu of them in gaps\n", path.c_str(), kept,
              static_cast<unsigned long long>(coverage.gapEvents));
}

// ---- measure

std::vector<Event> load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<Event> events(static_cast<std::size_t>(std::filesystem::file_size(path)) / sizeof(Event));
  in.read(reinterpret_cast<char*>(events.data()), static_cast<std::streamsize>(events.size() * sizeof(Event)));
  if (!in) throw std::runtime_error(path + " cannot be read");
  return events;
}

std::vector<std::span<const Event>> cut(const std::vector<Event>& events) {
  std::vector<std::span<const Event>> chunks;
  for (std::size_t first = 0; first < events.size();) {
    std::size_t end = first;
    while (end < events.size() && end - first < kChunkEvents &&
           (end == first || events[end].nanos < events[first].nanos + kChunkNanos)) {
      ++end;
    }
    chunks.emplace_back(&events[first], end - first);
    first = end;
  }
  return chunks;
}

struct Figures {
  std::size_t events = 0;
  std::size_t chunks = 0;
  std::size_t bytes = 0;  // of all chunks
  std::map<std::string, std::size_t> columns;
  // Millions of events a second.
  double pairing = 0;
  double encoding = 0;   // pairing and encoding
  double recording = 0;  // … and net effects and files: all that a recorder's thread does
  double decoding = 0;
};

double median(std::array<double, kRounds> values) {
  std::sort(values.begin(), values.end());
  return values[kRounds / 2];
}

Figures measure(const std::vector<Event>& events) {
  const auto chunks = cut(events);
  Figures figures{events.size(), chunks.size(), 0, {}, 0, 0, 0, 0};
  std::array<double, kRounds> pairing{};
  std::array<double, kRounds> encoding{};
  std::array<double, kRounds> recording{};
  std::array<double, kRounds> decoding{};
  ChunkEncoder encoder;
  Rows rows;
  std::vector<v1::Chunk> encoded(chunks.size());
  for (std::size_t round = 0; round < kRounds; ++round) {
    const Folder folder;
    FrameWriter file(folder.path() + "/events");
    NetEffects effects(folder.path() + "/effects");
    Pairing pairs;
    std::uint64_t position = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const double start = cpuSeconds();
      const Paired& paired = pairs.pair(chunks[i], position);
      pairing[round] += cpuSeconds() - start;
      encoded[i] = encoder.encode(chunks[i], paired, position, i);
      encoding[round] += cpuSeconds() - start;
      file.append(FrameType::ChunkColumns, encoded[i].SerializeAsString());
      effects.add(netOf(chunks[i], paired, i, position));
      recording[round] += cpuSeconds() - start;
      position += chunks[i].size();
    }
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const double start = cpuSeconds();
      decode(encoded[i], rows);
      decoding[round] += cpuSeconds() - start;
      if (std::memcmp(&rows.events.back().nanos, &chunks[i].back().nanos, 8) != 0) throw std::runtime_error("differs");
    }
  }
  for (const v1::Chunk& chunk : encoded) {
    figures.bytes += chunk.ByteSizeLong();
    figures.columns["lines"] += chunk.lines().size();
    for (const v1::Column& column : chunk.columns()) figures.columns[column.name()] += column.data().size();
  }
  const auto each = static_cast<double>(events.size()) / 1e6;
  figures.pairing = each / median(pairing);
  figures.encoding = each / median(encoding);
  figures.recording = each / median(recording);
  figures.decoding = each / median(decoding);
  return figures;
}

void print(const std::string& name, const Figures& figures, bool json, bool columns) {
  const auto events = static_cast<double>(figures.events);
  const double bytes = static_cast<double>(figures.bytes) / events;
  if (json) {
    std::printf(
        "{\"program\":\"%s\",\"events\":%zu,\"chunks\":%zu,\"bytesEach\":%.3f,\"encodeMillions\":%.1f,"
        "\"recordMillions\":%.1f,\"decodeMillions\":%.1f}\n",
        name.c_str(), figures.events, figures.chunks, bytes, figures.encoding, figures.recording, figures.decoding);
    return;
  }
  std::printf("%-12s %9zu events %3zu chunks %6.3f B/event  pair %5.1f  encode %5.1f  record %5.1f  decode %5.1f M/s\n",
              name.c_str(), figures.events, figures.chunks, bytes, figures.pairing, figures.encoding, figures.recording,
              figures.decoding);
  if (!columns) return;
  for (const auto& [column, size] : figures.columns) {
    std::printf("    %-14s %7.4f\n", column.c_str(), static_cast<double>(size) / events);
  }
}

[[noreturn]] void usage() {
  std::fprintf(stderr,
               "usage: recording-bench capture RUNTIME FILE [--events N] -- PROGRAM [ARGUMENT...]\n"
               "       recording-bench measure [--json] [--columns] FILE...\n");
  std::exit(2);
}

void captureBy(const std::vector<std::string>& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes - words.begin() < 3 || words.end() - dashes < 2) usage();
  std::size_t limit = 8'000'000;
  for (auto word = words.begin() + 3; word + 1 < dashes; word += 2) {
    if (*word != "--events") usage();
    limit = std::stoul(*(word + 1));
  }
  capture(words[1], words[2], limit, {dashes + 1, words.end()});
}

void measureBy(const std::vector<std::string>& words) {
  bool json = false;
  bool columns = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--json") {
      json = true;
    } else if (words[i] == "--columns") {
      columns = true;
    } else {
      print(std::filesystem::path(words[i]).stem(), measure(load(words[i])), json, columns);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() < 2) usage();
    if (words[0] == "capture") {
      captureBy(words);
    } else if (words[0] == "measure") {
      measureBy(words);
    } else {
      usage();
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "recording-bench: %s\n", failure.what());
    return 1;
  }
  return 0;
}
