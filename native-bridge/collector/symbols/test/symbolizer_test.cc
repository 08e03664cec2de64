// Compares the symbolizer with llvm-symbolizer and addr2line over every instruction of compiled programs, and tries
// files that are stripped, replaced or damaged. Paths of the compiled programs come as arguments from CMake.
#include "symbols/symbolizer.h"

#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "symbols/range_index.h"
#include "tools.h"

namespace heapatlas::symbols {
namespace {

std::string programs;  // folder of the compiled programs

ModuleKey keyOf(const std::string& file) {
  ModuleKey key;
  key.path = file;
  key.bias = 0x7f0000000000;
  key.start = key.bias;
  key.end = key.bias + std::filesystem::file_size(file);
  const std::string note = output("readelf -n " + file + " 2>/dev/null | grep 'Build ID' | awk '{print $3}'");
  for (std::size_t at = 0; at + 1 < note.size(); at += 2) {
    if (note[at] == '\n') break;
    key.buildId.push_back(static_cast<std::uint8_t>(std::stoi(note.substr(at, 2), nullptr, 16)));
  }
  return key;
}

using Chain = std::vector<std::pair<std::string, std::string>>;  // function, file:line

std::string normal(const std::string& location) {
  std::string text = location.substr(0, location.find(" (discriminator"));
  return std::filesystem::path(text).lexically_normal().string();
}

// Both tools print two lines a frame; llvm-symbolizer ends an address with an empty line, addr2line -a begins it.
std::vector<Chain> ask(const std::string& tool, const std::vector<std::uint64_t>& addresses) {
  const std::string list =
      (std::filesystem::temp_directory_path() / ("addresses." + std::to_string(getpid()))).string();
  {
    std::ofstream file(list);
    for (std::uint64_t address : addresses) file << "0x" << std::hex << address << "\n";
  }
  std::istringstream text(output(tool + " < " + list));
  std::filesystem::remove(list);
  std::vector<Chain> chains;
  std::string function;
  bool begin = true;
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line.starts_with("0x")) {
      begin = true;
      function.clear();
      continue;
    }
    if (begin) chains.emplace_back();
    begin = false;
    if (function.empty()) {
      function = line;
    } else {
      chains.back().emplace_back(function, normal(line));
      function.clear();
    }
  }
  return chains;
}

Chain ours(Symbolizer& symbolizer, const ModuleKey& key, std::uint64_t address) {
  Chain chain;
  for (const SymbolFrame& frame : symbolizer.resolve(key, key.bias + address, true)) {
    chain.emplace_back(frame.function, frame.file + ":" + std::to_string(frame.line));
  }
  return chain;
}

std::string text(const Chain& chain) {
  std::string all;
  for (const auto& [function, place] : chain) all += "  " + function + " at " + place + "\n";
  return all;
}

std::string without(std::string text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

// A function that is local to a file has its bare name in the debug information, which the tools leave at that; nor do
// they know of its namespace.
bool sameName(const std::string& mine, const std::string& tool) {
  constexpr std::string_view kLocal = "(anonymous namespace)::";
  const std::string ours = without(mine, kLocal);
  const std::string theirs = without(without(tool, kLocal), ".cold");
  return ours == theirs || ours.starts_with(theirs + "(") || ours.find("::" + theirs + "(") != std::string::npos;
}

void compareWithTools(const std::string& name) {
  const std::string file = programs + "/" + name;
  const ModuleKey key = keyOf(file);
  const std::vector<std::uint64_t> addresses = instructions(file);
  ASSERT_GT(addresses.size(), 300u);
  const std::vector<Chain> llvm = ask("llvm-symbolizer --obj=" + file + " --functions=linkage --inlines", addresses);
  const std::vector<Chain> binutils = ask("addr2line -a -i -f -C -e " + file, addresses);
  ASSERT_EQ(llvm.size(), addresses.size());
  ASSERT_EQ(binutils.size(), addresses.size());
  Symbolizer symbolizer;
  std::size_t agreed = 0;
  std::size_t same = 0;
  std::size_t inlined = 0;
  std::size_t names = 0;
  std::size_t sameNames = 0;
  for (std::size_t index = 0; index < addresses.size(); ++index) {
    Chain tool = llvm[index];
    for (auto& [function, place] : tool) place = place.substr(0, place.rfind(':'));  // the column
    const bool placed = tool.front().second.find("??") == std::string::npos && !tool.front().second.ends_with(":0");
    bool alike = placed && tool.size() == binutils[index].size();
    for (std::size_t at = 0; alike && at < tool.size(); ++at) alike = tool[at].second == binutils[index][at].second;
    if (!alike) continue;
    ++agreed;
    const Chain mine = ours(symbolizer, key, addresses[index]);
    bool equal = mine.size() == tool.size();
    for (std::size_t at = 0; equal && at < mine.size(); ++at) {
      equal = mine[at].second == tool[at].second;
      if (tool[at].first != binutils[index][at].first) continue;
      ++names;
      const bool sameHere = sameName(mine[at].first, tool[at].first);
      EXPECT_TRUE(sameHere) << "ours: " << mine[at].first << "\nthe tools: " << tool[at].first;
      sameNames += sameHere ? 1 : 0;
    }
    EXPECT_TRUE(equal) << name << " at 0x" << std::hex << addresses[index] << "\nours:\n"
                       << text(mine) << "llvm-symbolizer and addr2line:\n"
                       << text(tool);
    same += equal ? 1 : 0;
    inlined += mine.size() > 1 ? 1 : 0;
  }
  std::printf(
      "%s: %zu instructions, the tools agree on %zu, ours is the same on %zu, %zu of them inlined; names %zu of %zu\n",
      name.c_str(), addresses.size(), agreed, same, inlined, sameNames, names);
  EXPECT_GT(agreed, addresses.size() / 4);
  EXPECT_GT(inlined, 20u);
}

TEST(Symbolizer, SeesWhatBothToolsSeeInGccCode) { compareWithTools("inlined-gcc"); }
TEST(Symbolizer, SeesWhatBothToolsSeeInClangCode) {
  if (!std::filesystem::exists(programs + "/inlined-clang")) GTEST_SKIP() << "clang is not installed";
  compareWithTools("inlined-clang");
}
TEST(Symbolizer, SeesWhatBothToolsSeeInContainers) { compareWithTools("containers-gcc"); }
TEST(Symbolizer, SeesWhatBothToolsSeeInDwarf4) { compareWithTools("inlined-dwarf4"); }

std::uint64_t addressOf(const std::string& file, const std::string& symbol) {
  return std::stoull(output("nm -C " + file + " | grep -E ' [tT] " + symbol + "' | head -1 | cut -d' ' -f1"), nullptr,
                     16);
}

TEST(Symbolizer, NamesFunctionsDemangledWithTheirNamespace) {
  const std::string file = programs + "/inlined-gcc";
  Symbolizer symbolizer;
  const ModuleKey key = keyOf(file);
  const std::vector<SymbolFrame> frames =
      symbolizer.resolve(key, key.bias + addressOf(file, "shapes::Square::area"), true);
  EXPECT_EQ(frames.back().function, "shapes::Square::area() const");
  EXPECT_TRUE(frames.back().file.ends_with("/programs/inlined.cc")) << frames.back().file;
  EXPECT_EQ(frames.back().file[0], '/');
  EXPECT_FALSE(frames.back().inlined);
}

TEST(Symbolizer, LooksAReturnAddressUpAtTheCall) {
  const std::string file = programs + "/inlined-gcc";
  Symbolizer symbolizer;
  const ModuleKey key = keyOf(file);
  const std::uint64_t start = addressOf(file, "plainC");
  const std::vector<SymbolFrame> before = symbolizer.resolve(key, key.bias + start, false);
  const std::vector<SymbolFrame> at = symbolizer.resolve(key, key.bias + start, true);
  EXPECT_EQ(at.back().function, "plainC");
  EXPECT_NE(before.back().function, "plainC");
  EXPECT_EQ(before.back().moduleOffset, start);
  EXPECT_EQ(before.back().pc, key.bias + start);
}

TEST(Symbolizer, TakesNamesFromTheSymbolTableWithoutDebugInformation) {
  const std::string file = programs + "/inlined-symbols";
  Symbolizer symbolizer;
  const ModuleKey key = keyOf(file);
  const SymbolFrame frame =
      symbolizer.resolve(key, key.bias + addressOf(programs + "/inlined-gcc", "shapes::Square::area") + 4, true)
          .front();
  EXPECT_EQ(frame.function, "shapes::Square::area() const");
  EXPECT_EQ(frame.line, 0u);
  const ModuleFacts facts = symbolizer.facts(key);
  EXPECT_TRUE(facts.found && facts.hasSymbols && !facts.hasLines);
}

TEST(Symbolizer, FindsTheSeparateDebugFile) {
  const std::string file = programs + "/inlined-separate";
  Symbolizer symbolizer;
  const ModuleKey key = keyOf(file);
  const SymbolFrame frame =
      symbolizer.resolve(key, key.bias + addressOf(programs + "/inlined-gcc", "plainC"), true).back();
  EXPECT_EQ(frame.function, "plainC");
  EXPECT_GT(frame.line, 0u);
}

TEST(Symbolizer, LeavesTheNameOfAStrippedProgramEmptyAndCounts) {
  const std::string file = programs + "/inlined-stripped";
  Symbolizer symbolizer;
  const ModuleKey key = keyOf(file);
  const std::uint64_t address = addressOf(programs + "/inlined-gcc", "plainC");
  const SymbolFrame frame = symbolizer.resolve(key, key.bias + address, true).front();
  EXPECT_EQ(frame.function, "");
  EXPECT_EQ(frame.module, file);
  EXPECT_EQ(frame.moduleOffset, address);
  symbolizer.resolve(key, key.bias + address, true);
  EXPECT_EQ(symbolizer.counts().unresolved, 1u);
}

TEST(Symbolizer, RefusesAnotherBuildUnderTheSamePath) {
  const std::string file = programs + "/inlined-gcc";
  ModuleKey key = keyOf(file);
  key.buildId[3] ^= 1;
  Symbolizer symbolizer;
  EXPECT_EQ(symbolizer.resolve(key, key.bias + addressOf(file, "plainC"), true).front().function, "");
  EXPECT_FALSE(symbolizer.facts(key).found);
  EXPECT_NE(symbolizer.facts(key).why.find("another build"), std::string::npos) << symbolizer.facts(key).why;
  EXPECT_EQ(symbolizer.counts().modulesUnusable, 1u);
}

TEST(Symbolizer, ReadsNeitherDevicesNorPipesNorFolders) {
  Symbolizer symbolizer;
  for (const char* path : {"/dev/zero", "/dev/tty", "/tmp", "/no/such/file", "[heap]", "", "relative"}) {
    ModuleKey key;
    key.path = path;
    EXPECT_FALSE(symbolizer.facts(key).found) << path;
    EXPECT_FALSE(symbolizer.facts(key).why.empty()) << path;
    EXPECT_EQ(symbolizer.resolve(key, 4096, false).size(), 1u);
  }
}

TEST(Symbolizer, KnowsTheKernelsCodeInEveryProcess) {
  ModuleKey key;
  key.path = "[vdso]";
  const auto image = getauxval(AT_SYSINFO_EHDR);
  if (image == 0) GTEST_SKIP() << "this kernel has none";
  Symbolizer symbolizer;
  EXPECT_TRUE(symbolizer.facts(key).found) << symbolizer.facts(key).why;
  std::set<std::string> names;
  for (std::uint64_t offset = 0; offset < 8192; offset += 16) {
    names.insert(symbolizer.resolve(key, offset, true).front().function);
  }
  EXPECT_TRUE(names.contains("clock_gettime") || names.contains("__vdso_clock_gettime"))
      << testing::PrintToString(names);
}

TEST(Symbolizer, ReadsMiniDebugInformation) {
  const std::string file = programs + "/inlined-mini";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "xz is not installed";
  const ModuleKey key = keyOf(file);
  Symbolizer symbolizer;
  const std::uint64_t address = addressOf(programs + "/inlined-gcc", "plainC");
  EXPECT_EQ(symbolizer.resolve(key, key.bias + address, true).front().function, "plainC");
}

TEST(RangeIndex, FindsTheSmallestRangeAroundAnAddress) {
  RangeIndex index;
  index.add(100, 1000, 1);
  index.add(200, 300, 2);
  index.add(200, 250, 3);
  index.add(400, 500, 4);
  index.seal();
  EXPECT_EQ(index.find(99), RangeIndex::kNone);
  EXPECT_EQ(index.find(100), 1u);
  EXPECT_EQ(index.find(249), 3u);
  EXPECT_EQ(index.find(250), 2u);
  EXPECT_EQ(index.find(399), 1u);
  EXPECT_EQ(index.find(450), 4u);
  EXPECT_EQ(index.find(999), 1u);
  EXPECT_EQ(index.find(1000), RangeIndex::kNone);
}

TEST(Symbolizer, KeepsFewModulesOpenAndStillAnswers) {
  Symbolizer symbolizer({.openModules = 1, .cachedAddresses = 64});
  const ModuleKey one = keyOf(programs + "/inlined-gcc");
  const ModuleKey other = keyOf(programs + "/inlined-dwarf4");
  const std::uint64_t address = addressOf(one.path, "plainC");
  const std::uint64_t otherAddress = addressOf(other.path, "plainC");
  for (std::uint64_t round = 0; round < 200; ++round) {
    EXPECT_EQ(symbolizer.resolve(one, one.bias + address, true).back().function, "plainC");
    EXPECT_EQ(symbolizer.resolve(other, other.bias + otherAddress, true).back().function, "plainC");
    if (round % 20 == 0) symbolizer.resolve(one, one.bias + address + round * 8, true);
  }
  EXPECT_EQ(symbolizer.counts().modulesOpen, 1u);
  EXPECT_GT(symbolizer.counts().modulesClosed, 1u);
}

TEST(Symbolizer, AnswersFromSeveralThreads) {
  Symbolizer symbolizer({.openModules = 1, .cachedAddresses = 256});
  const ModuleKey key = keyOf(programs + "/inlined-gcc");
  const std::vector<std::uint64_t> addresses = instructions(key.path);
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      for (std::uint64_t address : addresses) symbolizer.resolve(key, key.bias + address, true);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(symbolizer.counts().resolved, addresses.size() / 2);
}

// Each round damages a few bytes of the headers, the section table or anywhere.
TEST(Symbolizer, SurvivesDamagedFiles) {
  std::ifstream source(programs + "/inlined-gcc", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(source)), {});
  const std::vector<std::uint64_t> addresses = instructions(programs + "/inlined-gcc");
  const std::string file = programs + "/damaged." + std::to_string(getpid());
  std::mt19937 random(7);
  std::size_t found = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole;
    const std::size_t span = round % 3 == 0 ? 1024 : bytes.size();
    for (int count = 0; count < 1 + round % 40; ++count) bytes[random() % span] = static_cast<char>(random());
    if (round % 10 == 0) bytes.resize(random() % bytes.size());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    Symbolizer symbolizer;
    ModuleKey key;
    key.path = file;
    for (std::size_t index = 0; index < addresses.size(); index += 97) {
      EXPECT_FALSE(symbolizer.resolve(key, addresses[index], true).empty());
    }
    found += symbolizer.facts(key).found ? 1 : 0;
  }
  std::filesystem::remove(file);
  std::printf("%zu of 150 damaged files could still be opened\n", found);
}

}  // namespace
}  // namespace heapatlas::symbols

int main(int count, char** words) {
  testing::InitGoogleTest(&count, words);
  if (count < 2) return 2;
  heapatlas::symbols::programs = words[1];
  return RUN_ALL_TESTS();
}
