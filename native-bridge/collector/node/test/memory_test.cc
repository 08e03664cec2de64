// Reads this process's and a child's memory up to, over and beyond unreadable pages.
#include "node/memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "node/error.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

constexpr std::size_t kPage = 4096;
std::uint32_t self() { return static_cast<std::uint32_t>(getpid()); }

class Memory : public testing::Test {
 protected:
  // Two pages that can be read, then one that cannot.
  Memory()
      : pages_(
            static_cast<char*>(mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    for (std::size_t index = 0; index < 2 * kPage; ++index) pages_[index] = static_cast<char>(index * 7);
    mprotect(pages_ + 2 * kPage, kPage, PROT_NONE);
  }
  ~Memory() override { munmap(pages_, 3 * kPage); }
  std::uint64_t address(std::size_t offset) const { return reinterpret_cast<std::uintptr_t>(pages_) + offset; }
  char* pages_;
};

TEST_F(Memory, IsReadAcrossPages) {
  const MemoryBytes bytes = readMemory(self(), address(100), kPage);
  ASSERT_EQ(bytes.data.size(), kPage);
  EXPECT_EQ(bytes.unreadable, 0u);
  EXPECT_EQ(std::memcmp(bytes.data.data(), pages_ + 100, kPage), 0);
}

TEST_F(Memory, IsReadUpToTheFirstUnreadableByte) {
  const MemoryBytes bytes = readMemory(self(), address(kPage + 1), 3 * kPage);
  EXPECT_EQ(bytes.data.size(), kPage - 1);
  EXPECT_EQ(bytes.unreadable, 2 * kPage + 1);
  EXPECT_EQ(std::memcmp(bytes.data.data(), pages_ + kPage + 1, kPage - 1), 0);
}

TEST_F(Memory, OfAnUnreadablePageIsEmpty) {
  const MemoryBytes bytes = readMemory(self(), address(2 * kPage + 5), 10);
  EXPECT_TRUE(bytes.data.empty());
  EXPECT_EQ(bytes.unreadable, 10u);
}

TEST_F(Memory, AtTheEndsOfTheAddressSpaceIsUnreadable) {
  EXPECT_EQ(readMemory(self(), 0, 100).unreadable, 100u);
  EXPECT_EQ(readMemory(self(), ~std::uint64_t{0} - 3, 100).unreadable, 100u);
  EXPECT_EQ(readMemory(self(), address(0), 0).data.size(), 0u);
}

TEST_F(Memory, IsReadInLargeParts) {
  std::vector<char> large(5'000'000, 'x');
  const MemoryBytes bytes = readMemory(self(), reinterpret_cast<std::uintptr_t>(large.data()), large.size());
  ASSERT_EQ(bytes.data.size(), large.size());
  EXPECT_EQ(std::memcmp(bytes.data.data(), large.data(), large.size()), 0);
}

TEST_F(Memory, OfNoProcessOrTooMuchIsAnError) {
  EXPECT_THROW(readMemory(0x3ffffff, address(0), 8), NodeError);
  EXPECT_THROW(readMemory(self(), address(0), kMaxReadBytes + 1), NodeError);
}

TEST_F(Memory, OfAnotherUserIsRefusedWithAReason) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const std::uint32_t parent = self();
  EXPECT_EQ(asUser(65534,
                   [&] {
                     try {
                       readMemory(parent, address(0), 8);
                     } catch (const NodeError& error) {
                       return error.kind() == ErrorKind::Denied ? 7 : 1;
                     }
                     return 0;
                   }),
            7);
}

}  // namespace
}  // namespace heapatlas::node
