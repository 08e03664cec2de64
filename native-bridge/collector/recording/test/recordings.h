// Recordings for tests, and the tables of live blocks that these must bring back.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "recording/reader.h"
#include "recording/recorder.h"

namespace heapatlas::recording::test {

// That is empty, and gone with it.
class Folder {
 public:
  Folder() {
    std::string name = "/tmp/heapatlas-recording-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

using Table = std::map<std::uint64_t, std::uint64_t>;  // size by address

inline void take(Table& table, const Event& event) {
  if (event.what == What::Forget) table.clear();
  if (allocates(event.what)) table[event.address] = event.size;
  if (releases(event.what)) table.erase(event.address);
}

inline void take(Table& table, const Net& net) {
  if (net.forgets) table.clear();
  for (const std::uint64_t address : net.released) table.erase(address);
  for (const NetBlock& block : net.blocks) table[block.address] = block.size;
}

inline Table tableOf(std::span<const Event> events) {
  Table table;
  for (const Event& event : events) take(table, event);
  return table;
}

inline Table tableBefore(Reader& reader, std::size_t chunk) {
  Table table;
  Rows rows;
  const auto replay = [&](std::size_t index) {
    reader.decode(index, rows);
    for (const Event& event : rows.events) take(table, event);
  };
  const Reader::Start start = reader.startFor(chunk);
  reader.tableAt(
      start, [&](const Net& net) { take(table, net); }, replay);
  for (std::size_t i = start.firstChunk; i < chunk; ++i) replay(i);
  return table;
}

// In chunks of about so many events. each: after each of them. An event's time is its position.
inline void record(Recorder& recorder, const std::vector<Event>& events, std::size_t chunk, std::uint64_t seed,
                   const std::function<void()>& each = {}) {
  std::mt19937_64 random(seed);
  for (std::size_t at = 0; at < events.size();) {
    const std::size_t count = std::min<std::size_t>(1 + random() % (2 * chunk), events.size() - at);
    recorder.append(std::span(events).subspan(at, count));
    at += count;
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
    recorder.cut(at, mark, std::move(totals));
    if (each) each();
  }
}

inline void recordAll(const std::string& path, const std::vector<Event>& events, std::size_t chunk,
                      std::uint64_t seed) {
  Recorder recorder(path, {});
  FrameWriter(path + "/symbols.frames");
  record(recorder, events, chunk, seed);
  v1::End end;
  end.set_position(recorder.position());
  end.set_why("it ended");
  recorder.end(end);
  recorder.wait();
}

}  // namespace heapatlas::recording::test
