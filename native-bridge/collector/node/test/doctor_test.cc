// Runs the self-tests of the machine and checks their form, their time, and what must be true on any Linux.
#include "node/doctor.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <set>

namespace heapatlas::node {
namespace {

TEST(Doctor, NamesEveryCapabilityOnceWithAReasonWithinThreeSeconds) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Capability> all = doctor();
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took, std::chrono::seconds(3));
  std::set<std::string> names;
  for (const Capability& one : all) {
    std::printf("%-30s %-12s %s\n", one.name.c_str(), one.state.c_str(), one.why.c_str());
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_TRUE(one.state == "works" || one.state == "ineffective" || one.state == "absent") << one.state;
    EXPECT_FALSE(one.why.empty()) << one.name;
    EXPECT_FALSE(one.usedInstead.empty()) << one.name;
  }
  std::printf("%lld ms\n", static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_GE(all.size(), 20u);
}

TEST(Doctor, FindsPageProtectionWorkingEverywhereAndLeavesNoChild) {
  bool found = false;
  for (const Capability& one : doctor()) {
    if (one.name != "page protection with SIGSEGV") continue;
    found = true;
    EXPECT_EQ(one.state, "works") << one.why;
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Doctor, WritesJsonWithEscapes) {
  EXPECT_EQ(toJson({{"a", "works", "says \"b\\\"\n", ""}}),
            "[{\"name\": \"a\", \"state\": \"works\", \"why\": \"says \\\"b\\\\\\\"\\u000a\", \"usedInstead\": \"\"}]");
  EXPECT_EQ(toJson({}), "[]");
}

}  // namespace
}  // namespace heapatlas::node
