// Releases that no program may make are found, with who did what; and what only looks like one is not.
#include <string>
#include <vector>

#include "drained.h"
#include "findings/written.h"

namespace heapatlas::collector {
namespace {

using ring::Kind;
using ring::Record;
using test::Drained;
using test::RingWriter;

constexpr std::uint64_t kBlock = 0x7f0000001000;
constexpr std::uint32_t kMain = 1;

class Findings : public testing::Test {
 protected:
  void release(std::uint64_t address, std::uint32_t stack = 0, std::uint8_t ticket = 0, std::uint32_t ring = kMain) {
    writer_.put(ring, Record::make(Kind::Free, address, 0, stack).withTicket(ticket));
  }
  std::vector<Finding> raised() { return drained_.drain.journal().detector().take(); }

  RingWriter writer_;
  Drained drained_{writer_};
};

TEST_F(Findings, ASecondReleaseIsADoubleFreeThatNamesTheFirst) {
  writer_.alloc(kMain, kBlock, 48, 7);
  release(kBlock, 8);
  writer_.alloc(kMain, kBlock + 64, 16);
  release(kBlock, 9);
  drained_.pass();
  const std::vector<Finding> found = raised();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::DoubleFree);
  EXPECT_TRUE(found[0].certain);
  EXPECT_EQ(found[0].stack, 9u);
  ASSERT_TRUE(found[0].block && found[0].freed);
  EXPECT_EQ(found[0].block->size, 48u);
  EXPECT_EQ(found[0].freed->stack, 8u);
  EXPECT_EQ(drained_.drain.journal().events()[found[0].position].what, recording::What::ReleaseUnknown);
}

TEST_F(Findings, ABlockThatIsAllocatedAgainIsReleasedRightly) {
  for (int i = 0; i < 1000; ++i) {
    writer_.alloc(kMain, kBlock, 48);
    release(kBlock);
  }
  drained_.finish();
  EXPECT_TRUE(raised().empty());
}

TEST_F(Findings, WhatIsAllocatedBehindADoubleFreeLives) {
  writer_.alloc(kMain, kBlock, 48);
  release(kBlock);
  release(kBlock);
  writer_.alloc(kMain, kBlock, 32);
  drained_.pass();
  drained_.finish();
  EXPECT_EQ(raised().size(), 1u);
  EXPECT_EQ(drained_.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBlock, 32}}));
}

TEST_F(Findings, OneThreadOfSeveralThatReleasesTwiceIsFoundAndItsNextBlockLives) {
  writer_.alloc(2, kBlock + 4096, 16);
  writer_.put(kMain, Record::make(Kind::Alloc, kBlock, 48, 1).withTicket(1));
  release(kBlock, 3, 2);
  release(kBlock, 4, 3);
  writer_.put(kMain, Record::make(Kind::Alloc, kBlock, 32, 1).withTicket(4));
  drained_.pass();
  drained_.finish();
  const std::vector<Finding> found = raised();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].stack, 4u);
  EXPECT_EQ(drained_.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBlock, 32}, {kBlock + 4096, 16}}));
}

TEST_F(Findings, AReleaseInsideALiveBlockSaysWhichOne) {
  writer_.alloc(kMain, kBlock, 64);
  release(kBlock + 16);
  drained_.finish();
  const std::vector<Finding> found = raised();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::InvalidFree);
  EXPECT_TRUE(found[0].certain);
  ASSERT_TRUE(found[0].block);
  EXPECT_EQ(found[0].block->address, kBlock);
}

TEST_F(Findings, AnAddressThatNoBlockWasSeenAtIsNotCertain) {
  release(kBlock);
  drained_.finish();
  const std::vector<Finding> found = raised();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::InvalidFree);
  EXPECT_FALSE(found[0].certain);
}

TEST_F(Findings, NothingIsRaisedWhereAnAllocationMayHaveGoneUnseen) {
  writer_.header().lostEvents = 1;
  writer_.alloc(kMain, kBlock, 48);
  release(kBlock);
  release(kBlock);
  drained_.finish();
  EXPECT_TRUE(raised().empty());
}

TEST(FindingsOf, BlocksFromBeforeAnAttachOrAForkMayBeReleased) {
  for (const bool attached : {true, false}) {
    RingWriter writer;
    (attached ? writer.header().attachedLate : writer.header().finished) = attached ? 1 : 0;
    writer.header().runtimeFlags = attached ? 0 : 2;
    Drained drained(writer);
    writer.put(kMain, Record::make(Kind::Free, kBlock, 0, 0).withTicket(1));
    writer.put(kMain, Record::make(Kind::Alloc, kBlock, 48, 1).withTicket(2));
    writer.put(kMain, Record::make(Kind::Free, kBlock, 0, 0).withTicket(3));
    drained.finish();
    EXPECT_TRUE(drained.drain.journal().detector().take().empty());
    // That one was seen to be released.
    writer.put(kMain, Record::make(Kind::Free, kBlock, 0, 0).withTicket(4));
    drained.finish();
    EXPECT_EQ(drained.drain.journal().detector().take().size(), 1u);
  }
}

TEST(FindingsOf, AnAllocatorOfTheProgramsOwnMayGiveOutWhatIsReleased) {
  RingWriter writer;
  writer.header().runtimeFlags = 1;
  Drained drained(writer);
  writer.free(kMain, kBlock);
  drained.finish();
  EXPECT_TRUE(drained.drain.journal().detector().take().empty());
}

TEST_F(Findings, AreReadFromARecordingAsTheyWereWritten) {
  writer_.alloc(kMain, kBlock, 48, 7);
  release(kBlock, 8);
  release(kBlock, 9);
  drained_.finish();
  const std::vector<Finding> found = raised();
  ASSERT_EQ(found.size(), 1u);
  heapatlas::v1::RecordedFinding shown = written(found[0]);
  EXPECT_EQ(written(read(shown).value()).SerializeAsString(), shown.SerializeAsString());
  shown.set_kind(kFindingKinds);
  EXPECT_FALSE(read(shown)) << "a kind of a later version";
}

}  // namespace
}  // namespace heapatlas::collector
