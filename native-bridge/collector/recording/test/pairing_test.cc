// Pairing against a plain map.
#include "recording/pairing.h"

#include <gtest/gtest.h>

#include <map>

#include "event_streams.h"

namespace heapatlas::recording {
namespace {

using test::anything;
using test::NaiveBirths;
using test::Program;

void expectPairs(const std::vector<Event>& events, std::size_t chunkEvents) {
  Pairing pairing;
  NaiveBirths naive;
  std::size_t survivors = 0;
  for (std::size_t first = 0; first < events.size(); first += chunkEvents) {
    const std::span<const Event> part(&events[first], std::min(chunkEvents, events.size() - first));
    const Paired& paired = pairing.pair(part, first);
    auto old = paired.old.begin();
    std::map<std::uint32_t, std::uint64_t> restored;  // positions of the births, by index
    for (const Restored& each : paired.restored) restored[each.index] = each.birth.position;
    for (std::uint32_t i = 0; i < part.size(); ++i) {
      const NaiveBirths::Born born = naive.of(part[i], first + i);
      std::uint64_t position = kNoPosition;
      if (part[i].what == What::Restore) {
        position = restored.at(i);
      } else if (paired.born[i] != kNotHere) {
        const auto life = restored.find(paired.born[i]);
        position = life == restored.end() ? first + paired.born[i] : life->second;
      } else if (endsBlock(part[i].what)) {
        ASSERT_EQ(old->index, i);
        ASSERT_EQ(old->birth.nanos, born.nanos);
        position = old++->birth.position;
      }
      ASSERT_EQ(position, born.position) << "event " << first + i;
    }
    ASSERT_EQ(old, paired.old.end());
    survivors = paired.survivors.size();
  }
  if (chunkEvents >= events.size()) {
    EXPECT_EQ(survivors, naive.alive());
  }
}

TEST(Pairing, FindsTheAllocationOfEveryRelease) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    expectPairs(Program(seed).run(50'000), 50'000);
    expectPairs(Program(seed).run(50'000), 700);
    expectPairs(anything(seed, 20'000), 500);
  }
}

TEST(Births, KeepAsManyAsTheyMayAndDoNotKnowTheRest) {
  constexpr std::uint64_t kSome = 5000;
  Births births(kSome);
  for (std::uint64_t key = 0; key <= kSome; ++key) births.insert(key * 16, {key, key * 3});
  EXPECT_EQ(births.size(), kSome);
  EXPECT_FALSE(births.take(kSome * 16));
  const auto kept = births.take(160);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->position, 10u);
  EXPECT_EQ(kept->nanos, 30u);
  EXPECT_FALSE(births.take(160));
}

}  // namespace
}  // namespace heapatlas::recording
