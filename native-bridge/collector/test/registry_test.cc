// Which processes a collector keeps, and what it still says of those that it keeps no more.
#include "process/registry.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "process/watched_process.h"
#include "ring_writer.h"

namespace heapatlas::collector {
namespace {

class RegistryTest : public testing::Test {
 protected:
  // No process has this pid: the first look at it sees its end.
  std::shared_ptr<WatchedProcess> add(const std::string& session) {
    writer_.reset();
    writer_.header().pid = kNobody;
    session.copy(writer_.header().session, sizeof writer_.header().session - 1);
    const auto process =
        std::make_shared<WatchedProcess>(registry_.nextId(), RingFile::overMemory(writer_.base(), kNobody));
    registry_.add(process);
    return process;
  }
  void end(const std::shared_ptr<WatchedProcess>& process) {
    process->drain();
    ASSERT_TRUE(process->ended());
    registry_.changed(process);
  }

  static constexpr std::uint32_t kNobody = 0x7fffffff;
  test::RingWriter writer_;
  Registry registry_;
};

TEST_F(RegistryTest, ASessionsProcessesAreCountedThoughTheEarliestAreKnownNoMore) {
  const auto script = add("script");
  const auto first = add("script");
  end(first);
  for (std::size_t i = 1; i < 2 * Registry::kMaxEnded; ++i) end(add("script"));
  EXPECT_EQ(registry_.find(first->id()), nullptr);
  EXPECT_EQ(registry_.all().size(), Registry::kMaxEnded + 1) << "and the script, which runs";
  EXPECT_EQ(registry_.everOf("script"), 2 * Registry::kMaxEnded + 1);
}

TEST_F(RegistryTest, TheProgramWithWhichASessionBeganIsKnownThoughItsEndWasSeenBeforeManyOthers) {
  const auto script = add("script");
  end(script);
  for (std::size_t i = 0; i < 2 * Registry::kMaxEnded; ++i) end(add("script"));
  EXPECT_EQ(registry_.find(script->id()), script);
  EXPECT_EQ(registry_.all().size(), Registry::kMaxEnded);
  for (std::size_t i = 0; i < Registry::kMaxEnded; ++i) end(add("other"));
  EXPECT_EQ(registry_.find(script->id()), nullptr) << "of other sessions, as many as are kept";
}

TEST_F(RegistryTest, EachSessionHasACountOfItsOwn) {
  add("one");
  add("two");
  add("two");
  EXPECT_EQ(registry_.everOf("one"), 1u);
  EXPECT_EQ(registry_.everOf("two"), 2u);
  EXPECT_EQ(registry_.everOf("three"), 0u);
}

TEST_F(RegistryTest, ACountGoesWithTheLastProcessOfItsSession) {
  end(add("short"));
  for (std::size_t i = 1; i < Registry::kMaxEnded; ++i) end(add("other"));
  EXPECT_EQ(registry_.everOf("short"), 1u);
  end(add("other"));
  EXPECT_EQ(registry_.everOf("short"), 0u);
  EXPECT_EQ(registry_.everOf("other"), Registry::kMaxEnded);
}

}  // namespace
}  // namespace heapatlas::collector
