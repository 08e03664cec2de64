// Runs the scenarios of survivor.cc and trapped.cc and compares what they keep with what their rings say.
// Entries: expectSurvival and its kind. Used by survival_test and traps_test.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "watched.h"

namespace heapatlas {

inline constexpr int kWell = 7;

// program: a path and its arguments. preload: behind the runtime.
inline int runProgram(const Folder& folder, const std::string& program, const std::string& environment = "",
                      const std::string& preload = "") {
  const std::string libraries = std::string(RUNTIME_LIBRARY) + (preload.empty() ? "" : ":" + preload);
  return runWatched(folder, libraries, environment + " timeout 60 " + program + " > " + folder.path() + "/list");
}

inline int run(const Folder& folder, const std::string& arguments, const std::string& environment = "") {
  return runProgram(folder, std::string(SURVIVOR_PROGRAM) + " " + arguments, environment);
}

// Each block on the list is live in some image's rings, with its size.
inline void expectKept(const Folder& folder, std::vector<Live> images) {
  std::ifstream in(folder.path() + "/list");
  std::string address;
  std::uint64_t size = 0;
  int blocks = 0;
  while (in >> address >> size) {
    ++blocks;
    const std::uint64_t at = std::stoull(address, nullptr, 16);
    bool known = false;
    for (Live& live : images)
      known = known || (live.balance.count(at) != 0 && live.balance[at] == 1 && live.size[at] == size);
    EXPECT_TRUE(known) << address << " of " << size << " bytes";
  }
  EXPECT_GE(blocks, 10);
  for (const Live& live : images) EXPECT_EQ(live.lost, 0u);
}

inline void expectKept(const Folder& folder) { expectKept(folder, readAll(folder)); }

inline void expectSurvival(const std::string& arguments, const std::string& environment = "") {
  const Folder folder;
  ASSERT_EQ(run(folder, arguments, environment), kWell) << arguments;
  expectKept(folder);
}

// The same with somebody who empties the rings. Without a gap then nothing at all is missing.
inline std::vector<Live> expectSurvivalDrained(const std::string& arguments, const std::string& environment = "") {
  const Folder folder;
  Draining draining(folder);
  EXPECT_EQ(run(folder, arguments, environment), kWell) << arguments;
  std::vector<Live> images = draining.stop();
  expectKept(folder, images);
  for (const Live& live : images) {
    if (live.gaps == 0) {
      EXPECT_EQ(live.skipped, 0u);
    }
  }
  return images;
}

}  // namespace heapatlas
