// What is recorded besides the heap: regions, locks, waits, threads. Read from the rings of eventful.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "scenarios.h"

namespace heapatlas {
namespace {

using ring::Record;

// The image of the program itself, which is the one that ends a thread; it is started through others.
Live eventfulOf(const Folder& folder) {
  for (Live& live : readAll(folder)) {
    if (live.kinds.contains(Kind::ThreadExit)) return live;
  }
  ADD_FAILURE() << "the program left no ring";
  return {};
}

class Events : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(runProgram(folder_, EVENTFUL_PROGRAM, "HEAPATLAS_LOCKS=1"), kWell);
    live_ = eventfulOf(folder_);
    std::ifstream in(folder_.path() + "/list");
    std::string name;
    std::string address;
    while (in >> name >> address) addresses_[name] = std::stoull(address, nullptr, 16);
    ASSERT_EQ(live_.skipped, 0u);
  }
  std::uint64_t address(const std::string& name) const { return addresses_.at(name); }
  // The records of these kinds about an address, in the order of each ring.
  std::vector<Record> about(std::uint64_t address, std::initializer_list<Kind> kinds) const {
    std::vector<Record> found;
    for (const Record& record : live_.others) {
      const bool wanted = std::find(kinds.begin(), kinds.end(), record.kind()) != kinds.end();
      if (wanted && record.address() == address) found.push_back(record);
    }
    return found;
  }
  std::size_t count(const std::string& name, Kind kind) const { return about(address(name), {kind}).size(); }

  const Folder folder_;
  Live live_;
  std::map<std::string, std::uint64_t> addresses_;
};

TEST_F(Events, AMapThatMovesEndsWhereItWasAndBeginsWhereItIs) {
  const auto from = about(address("mapped"), {Kind::Map, Kind::Unmap});
  ASSERT_GE(from.size(), 2u);
  EXPECT_EQ(from[0].kind(), Kind::Map);
  EXPECT_EQ(from[0].size(), 16u * 4096);
  EXPECT_NE(from[0].stack(), 0u);
  EXPECT_EQ(from[1].kind(), Kind::Unmap);
  const auto to = about(address("moved"), {Kind::Map, Kind::Unmap});
  ASSERT_EQ(to.size(), 5u) << "the target, the move, a refused move with its return, the end";
  EXPECT_EQ(to[1].size(), 32u * 4096);
  EXPECT_EQ(to[2].kind(), Kind::Unmap);
  EXPECT_EQ(to[3].kind(), Kind::Map) << "the refused move left it standing";
  EXPECT_EQ(to[3].size(), 32u * 4096);
  EXPECT_EQ(to[4].kind(), Kind::Unmap);
}

TEST_F(Events, TheBrkHeapGrowsInTheRecords) {
  std::uint64_t grown = 0;
  for (const Record& record : live_.others) {
    if (record.kind() == Kind::Map && record.stack() == 0) grown += record.size();
  }
  EXPECT_GE(grown, 64u * (100 << 10) / 2) << "seen at the latest one tick later";
}

TEST_F(Events, MutexesAndReadWriteLocks) {
  const auto rwlock = about(address("rwlock"), {Kind::LockShared, Kind::LockAcquire, Kind::LockRelease});
  ASSERT_EQ(rwlock.size(), 4u);
  EXPECT_EQ(rwlock[0].kind(), Kind::LockShared);
  EXPECT_EQ(rwlock[1].kind(), Kind::LockRelease);
  EXPECT_EQ(rwlock[2].kind(), Kind::LockAcquire);
  EXPECT_EQ(rwlock[3].kind(), Kind::LockRelease);
  EXPECT_EQ(count("mutex", Kind::LockAcquire), 2u);
  EXPECT_EQ(count("mutex", Kind::LockRelease), 2u);
  for (const Record& record : about(address("mutex"), {Kind::LockAcquire})) EXPECT_NE(record.stack(), 0u);
}

TEST_F(Events, WaitsAndSignalsOfAConditionVariable) {
  const auto waits = about(address("condition"), {Kind::CondWait});
  ASSERT_GE(waits.size(), 1u);
  EXPECT_GT(waits[0].size(), 0u) << "ticks waited";
  const auto signals = about(address("condition"), {Kind::CondSignal});
  ASSERT_EQ(signals.size(), 2u);
  EXPECT_EQ(signals[0].size(), 0u);
  EXPECT_EQ(signals[1].size(), 1u) << "a broadcast";
}

TEST_F(Events, ThreadsBeginAreNamedAndEnd) {
  std::vector<std::uint64_t> started;
  std::vector<std::uint64_t> ended;
  std::vector<std::string> names;
  for (const Record& record : live_.others) {
    if (record.kind() == Kind::ThreadStart) started.push_back(record.size());
    if (record.kind() == Kind::ThreadExit) ended.push_back(record.size());
    if (record.kind() != Kind::ThreadName) continue;
    char name[16] = {};
    std::memcpy(name, reinterpret_cast<const char*>(&record) + 1, 15);
    names.emplace_back(name);
  }
  EXPECT_EQ(started.size(), 2u);
  ASSERT_EQ(ended.size(), 1u) << "the first thread leaves with the process";
  EXPECT_NE(std::find(started.begin(), started.end(), ended[0]), started.end());
  EXPECT_NE(std::find(started.begin(), started.end(), live_.pid), started.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "eventful"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "contender"), names.end());
}

TEST_F(Events, LocksAreRecordedOnlyWhenAskedFor) {
  const Folder folder;
  ASSERT_EQ(runProgram(folder, EVENTFUL_PROGRAM), kWell);
  const Live live = eventfulOf(folder);
  EXPECT_EQ(live.kinds.count(Kind::LockAcquire), 0u);
  EXPECT_EQ(live.kinds.count(Kind::CondSignal), 0u);
  EXPECT_GT(live.kinds.count(Kind::Map), 0u);
}

}  // namespace
}  // namespace heapatlas
