// What several threads make comes in order, and as far ahead as may be, whoever is slow.
#include "service/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace heapatlas::collector {
namespace {

using Made = InOrder<std::size_t>;

TEST(InOrder, GivesResultsInOrderWhicheverIsReadyFirst) {
  Made made(200, [](std::size_t i) {
    if (i % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return i * i;
  });
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(made.next(), i * i);
  EXPECT_EQ(made.next(), std::nullopt);
}

TEST(InOrder, MakesNoMoreThanTwoAheadForEachThread) {
  std::atomic<std::size_t> begun{0};
  Made made(1'000, [&begun](std::size_t i) {
    ++begun;
    return i;
  });
  EXPECT_EQ(made.next(), 0u);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_LE(begun.load(), 1 + 2 * Made::kMostThreads);
}

TEST(InOrder, ThrowsInItsTurnWhatWasThrownInAThread) {
  Made made(10, [](std::size_t i) -> std::size_t {
    if (i == 4) throw std::runtime_error("fourth");
    return i;
  });
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(made.next(), i);
  EXPECT_THROW(made.next(), std::runtime_error);
  EXPECT_EQ(made.next(), 5u);
}

TEST(InOrder, EndsInTheMiddleAndWithNothingToDo) {
  Made half(100, [](std::size_t i) { return i; });
  EXPECT_EQ(half.next(), 0u);
  Made none(0, [](std::size_t i) { return i; });
  EXPECT_EQ(none.next(), std::nullopt);
}

}  // namespace
}  // namespace heapatlas::collector
