// Traps that other people's injected runtimes fell into, each met on purpose: the program ends as it does alone, and
// what it keeps is in its rings.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "scenarios.h"

namespace heapatlas {
namespace {

// Of Debian's packages; those that are there.
std::vector<std::string> otherAllocators() {
  std::vector<std::string> found;
  for (const char* name : {"libjemalloc.so.2", "libmimalloc.so.2.0", "libtcmalloc_minimal.so.4"}) {
    const std::string path = std::string("/usr/lib/x86_64-linux-gnu/") + name;
    if (std::filesystem::exists(path)) found.push_back(path);
  }
  return found;
}

void expectKeptBy(const std::string& scenario, const std::string& environment = "", const std::string& preload = "") {
  const Folder folder;
  const std::string program = std::string(TRAPPED_PROGRAM) + " " + scenario;
  ASSERT_EQ(runProgram(folder, program, environment, preload), kWell) << scenario << " " << preload;
  expectKept(folder);
}

std::string outputOf(const std::string& command, int& status) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  char part[4096];
  for (std::size_t got = 0; (got = fread(part, 1, sizeof part, pipe)) > 0;) output.append(part, got);
  status = pclose(pipe);
  return output;
}

// Byte for byte what it prints alone, errors included.
void expectSame(const std::string& command, const std::string& environment = "") {
  const Folder folder;
  int alone = 0;
  int watched = 0;
  const std::string quoted = "'" + command + "' 2>&1";
  const std::string expected = outputOf(environment + " timeout 60 sh -c " + quoted, alone);
  const std::string seen = outputOf("HEAPATLAS_DIR=" + folder.path() + " LD_PRELOAD=" + RUNTIME_LIBRARY + " " +
                                        environment + " timeout 60 sh -c " + quoted,
                                    watched);
  EXPECT_EQ(alone, watched) << command;
  EXPECT_EQ(expected, seen) << command;
  EXPECT_FALSE(folder.rings().empty()) << command;
}

bool isThere(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null").c_str()) == 0;
}

TEST(Traps, ForksWhileOtherThreadsHoldTheLocksOfAllocatorAndGap) {
  expectKeptBy("fork-while-locks-are-held");
  expectKeptBy("fork-while-locks-are-held", "HEAPATLAS_LOCKS=1");
  expectKeptBy("fork-while-locks-are-held", "HEAPATLAS_MODE=sampled HEAPATLAS_SAMPLE_MEAN=1");
  for (const std::string& allocator : otherAllocators()) expectKeptBy("fork-while-locks-are-held", "", allocator);
}

TEST(Traps, DestructorsWhoseRegistrationAllocates) {
  const Folder folder;
  EXPECT_EQ(runProgram(folder, std::string(TRAPPED_PROGRAM) + " static-destructors"), kWell);
  for (const std::string& allocator : otherAllocators()) {
    EXPECT_EQ(runProgram(folder, std::string(TRAPPED_PROGRAM) + " static-destructors", "", allocator), kWell);
  }
}

TEST(Traps, TheRuntimeNeedsNoCxxLibraryAndRegistersNoDestructor) {
  int status = 0;
  const std::string wanted = outputOf(std::string("readelf -d --wide ") + RUNTIME_LIBRARY + " | grep NEEDED", status);
  EXPECT_NE(wanted.find("libc.so.6"), std::string::npos);
  EXPECT_EQ(wanted.find("libstdc++"), std::string::npos);
  EXPECT_EQ(wanted.find("libgcc"), std::string::npos);
  const std::string imports = outputOf(std::string("readelf --dyn-syms --wide ") + RUNTIME_LIBRARY, status);
  EXPECT_NE(imports.find("dlsym"), std::string::npos);
  EXPECT_EQ(imports.find("__cxa_atexit"), std::string::npos);
}

TEST(Traps, TheLoaderAskedInVainFromManyThreads) { expectKeptBy("ask-loader-in-vain"); }

TEST(Traps, AnAllocatorThatAsksTheLoaderAndProcUnderItsOwnLock) {
  for (const char* environment : {"", "HEAPATLAS_LOCKS=1"}) {
    expectKeptBy("ask-loader-in-vain", environment, SLOW_START_LIBRARY);
    expectKeptBy("parallel-loop", environment, SLOW_START_LIBRARY);
  }
}

TEST(Traps, AnAuditLibraryTakesStaticTls) {
  expectKeptBy("ask-loader-in-vain", std::string("LD_AUDIT=") + AUDITOR_LIBRARY);
  expectKeptBy("clone-children", std::string("LD_AUDIT=") + AUDITOR_LIBRARY);
}

TEST(Traps, TheRuntimeIsLoadedLate) {
  const Folder folder;
  const std::string program = std::string(TRAPPED_PROGRAM) + " open-late " + RUNTIME_LIBRARY;
  for (const char* tunables : {"", "GLIBC_TUNABLES=glibc.rtld.optional_static_tls=64 "}) {
    const int status = std::system((std::string(tunables) + "HEAPATLAS_DIR=" + folder.path() + " " + program).c_str());
    EXPECT_EQ(WEXITSTATUS(status), kWell) << tunables;
  }
}

TEST(Traps, TunablesThatTheLoaderAllocatesFor) {
  for (const char* tunables : {"glibc.malloc.check=3", "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
                               "glibc.malloc.arena_max=1:glibc.rtld.nns=1",
                               "glibc.no.such.tunable=1:::", "glibc.malloc.mmap_threshold=4096"}) {
    const std::string environment = std::string("GLIBC_TUNABLES=") + tunables;
    expectSame("ls / | head -3; expr 1 + 1", environment);
    expectKeptBy("ask-loader-in-vain", environment);
  }
}

TEST(Traps, ShellsInShells) {
  expectSame("x=$(echo $( (echo a; (echo b; exit 3)) | cat); echo $(echo c | tr c d)); echo \"$x\"; (exit 5)");
  if (isThere("bash")) {
    expectSame("bash -c \"x=\\$(echo \\$( (echo a) | cat) < <(echo b)); echo \\$x; wait; exit 4\"");
  }
  int status = 0;
  const Folder folder;
  outputOf("HEAPATLAS_DIR=" + folder.path() + " LD_PRELOAD=" + RUNTIME_LIBRARY + " ldd /bin/ls", status);
  EXPECT_EQ(status, 0);
}

TEST(Traps, ChildrenMadeByClone) { expectKeptBy("clone-children"); }

TEST(Traps, ThreadsOfOpenMp) {
  expectKeptBy("parallel-loop");
  for (const std::string& allocator : otherAllocators()) expectKeptBy("parallel-loop", "", allocator);
}

TEST(Traps, AProgramOfUnusualSegments) {
  const Folder folder;
  ASSERT_EQ(runProgram(folder, std::string(TRAPPED_ODDLY_LINKED) + " parallel-loop"), kWell);
  expectKept(folder);
}

TEST(Traps, AJavaScriptEngineThatManagesItsOwnMemory) {
  if (!isThere("node")) GTEST_SKIP() << "node is not installed";
  expectSame("node -e \"let a = []; for (let i = 0; i < 300000; ++i) a.push(String(i)); console.log(a.length)\"");
}

TEST(Traps, AGoProgramThatAsksTheKernelItself) {
  if (!isThere("etcd")) GTEST_SKIP() << "etcd is not installed";
  expectSame("etcd --version");
  expectSame("etcd --no-such-option");
}

}  // namespace
}  // namespace heapatlas
