// A ring's slices against the naive model of a queue: whatever is written is read, in its order, however the reader
// lags.
#include "slices.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>
#include <vector>

namespace heapatlas::runtime {
namespace {

class Ring {
 public:
  bool write(std::uint64_t value) {
    const std::uint64_t head = control_.head.load();
    if (ring::roomOf(head, control_.tail.load()) == 0) return false;
    if (head % ring::kSliceRecords == 0) {
      free_.collect(control_);
      if (free_.empty() && backed_ < ring::kSlices) free_.add(static_cast<std::uint8_t>(backed_++));
      const std::uint8_t slice = free_.take();
      used_.insert(slice);
      ring::setSlice(control_, head / ring::kSliceRecords, slice);
    }
    data_.at(ring::slotOf(control_, head)) = value;
    control_.head.store(head + 1);
    return true;
  }
  void read(std::uint64_t upTo) {
    for (std::uint64_t at = control_.tail.load(); at < upTo; ++at) ASSERT_EQ(data_.at(ring::slotOf(control_, at)), at);
    control_.tail.store(upTo);
  }
  // Another thread gets the ring.
  void handOver() { free_.begin(control_, backed_); }
  std::uint64_t head() const { return control_.head.load(); }
  std::uint64_t tail() const { return control_.tail.load(); }
  std::size_t slicesUsed() const { return used_.size(); }
  std::uint32_t slicesBacked() const { return backed_; }
  ring::RingControl& control() { return control_; }

 private:
  ring::RingControl control_{};
  FreeSlices free_;
  std::uint32_t backed_ = 0;
  std::set<std::uint8_t> used_;
  std::vector<std::uint64_t> data_ = std::vector<std::uint64_t>(ring::kRingRecords);
};

TEST(Slices, WhatIsWrittenIsReadInItsOrderHoweverTheReaderLags) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto ring = std::make_unique<Ring>();
    for (int round = 0; round < 400; ++round) {
      for (std::uint64_t left = random() % (seed % 2 != 0 ? 5'000 : 90'000); left > 0; --left) {
        if (!ring->write(ring->head())) break;
      }
      if (random() % 8 == 0) ring->handOver();
      const std::uint64_t unread = ring->head() - ring->tail();
      ring->read(random() % 4 == 0 ? ring->head() : ring->tail() + random() % (unread + 1));
      if (HasFatalFailure()) return;
    }
    EXPECT_LE(ring->slicesBacked(), ring::kSlices);
  }
}

TEST(Slices, AReaderThatKeepsUpLeavesMostOfTheRingUntouched) {
  const auto ring = std::make_unique<Ring>();
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    ASSERT_TRUE(ring->write(i));
    if (i % 700 == 0) ring->read(ring->head());
  }
  EXPECT_LE(ring->slicesUsed(), 3u);
}

TEST(Slices, AfterALagTheSameFewSlicesServeAgain) {
  const auto ring = std::make_unique<Ring>();
  while (ring->write(ring->head())) {
  }
  EXPECT_EQ(ring->slicesUsed(), ring::kSlices);
  ring->read(ring->head());
  std::set<std::uint8_t> later;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(ring->write(ring->head()));
    later.insert(ring::sliceOf(ring->control(), (ring->head() - 1) / ring::kSliceRecords));
    if (i % 700 == 0) ring->read(ring->head());
  }
  EXPECT_LE(later.size(), 3u);
}

TEST(Slices, ATailThatWasScribbledOnLeavesTheWriterInItsRing) {
  const auto ring = std::make_unique<Ring>();
  std::mt19937_64 random(7);
  for (int round = 0; round < 100'000; ++round) {
    ring->control().tail.store(random() % 2 == 0 ? random() : ring->head() - random() % ring::kRingRecords);
    ring->write(ring->head());
    ring->handOver();
  }
}

}  // namespace
}  // namespace heapatlas::runtime
