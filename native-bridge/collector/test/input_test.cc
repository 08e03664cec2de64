// What a hostile or broken ring file does to the collector: one sentence, never a crash.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "input/node_folder.h"
#include "input/ring_file.h"
#include "ring_writer.h"

namespace heapatlas::collector {
namespace {

using test::RingWriter;

class InputTest : public testing::Test {
 protected:
  InputTest() {
    std::string name = "/tmp/heapatlas-input-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
  }
  ~InputTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string refusal(const std::string& path) {
    try {
      RingFile::open(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  std::string folder_;
};

TEST_F(InputTest, ASymbolicLinkIsNotFollowed) {
  RingWriter writer(folder_ + "/real");
  std::filesystem::create_symlink(folder_ + "/real", folder_ + "/1.ring");
  EXPECT_NE(refusal(folder_ + "/1.ring"), "");
}

TEST_F(InputTest, AnotherVersionIsNamed) {
  RingWriter writer(folder_ + "/1.ring");
  writer.header().version = 9;
  const std::string said = refusal(folder_ + "/1.ring");
  EXPECT_NE(said.find("format 9"), std::string::npos) << said;
  EXPECT_NE(said.find("format " + std::to_string(ring::kVersion)), std::string::npos) << said;
  EXPECT_NE(said.find("process " + std::to_string(getpid())), std::string::npos) << said;
}

TEST_F(InputTest, AShortFileIsRefusedAndAnUnfinishedOneIsForLater) {
  std::ofstream(folder_ + "/1.ring") << "";
  EXPECT_FALSE(RingFile::open(folder_ + "/1.ring").has_value());
  RingWriter writer(folder_ + "/2.ring");
  ASSERT_EQ(truncate((folder_ + "/2.ring").c_str(), 100'000), 0);
  EXPECT_NE(refusal(folder_ + "/2.ring"), "");
}

TEST_F(InputTest, AFileThatARuntimeHadNoMemoryForSaysWhy) {
  std::filesystem::create_directory(folder_ + "/rings");
  const std::string path = folder_ + "/rings/1.ring";
  std::ofstream{path};
  ASSERT_EQ(truncate(path.c_str(), ring::refusedBytes(ENOSPC)), 0);
  const std::string said = refusal(path);
  EXPECT_NE(said.find("No space left"), std::string::npos) << said;
  EXPECT_NE(said.find("in " + folder_ + " "), std::string::npos) << said;
}

TEST_F(InputTest, AFileThatIsCutWhileItIsReadHarmsNothing) {
  RingWriter writer(folder_ + "/1.ring");
  auto file = RingFile::open(folder_ + "/1.ring");
  ASSERT_TRUE(file.has_value());
  ASSERT_EQ(truncate((folder_ + "/1.ring").c_str(), 0), 0);
  EXPECT_EQ(file->ringCount(), 0u);
  EXPECT_EQ(file->records(5).at(17).word0, 0u);
  EXPECT_TRUE(file->broken());
}

TEST_F(InputTest, StacksThatRunInCirclesEnd) {
  RingWriter writer;
  const std::uint32_t node = writer.addNode(1, 1);
  const RingFile file = RingFile::overMemory(writer.base(), 1);
  EXPECT_EQ(file.stack(node).size(), RingFile::kMaxDepth);
  EXPECT_TRUE(file.stack(~0u).empty());
}

TEST_F(InputTest, AFolderThatOthersMayEnterIsRefused) {
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  EXPECT_THROW(NodeFolder{folder_}, InputError);
  std::filesystem::create_symlink(folder_, folder_ + "-link");
  EXPECT_THROW(NodeFolder{folder_ + "-link"}, InputError);
  std::filesystem::remove(folder_ + "-link");
}

TEST_F(InputTest, OneCollectorAFolder) {
  NodeFolder first(folder_ + "/node");
  NodeFolder second(folder_ + "/node");
  EXPECT_TRUE(first.lock());
  EXPECT_FALSE(second.lock());
}

}  // namespace
}  // namespace heapatlas::collector
