// Reads and writes this process's and a child's memory up to, over and beyond pages that cannot be.
#include "node/memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

#include "node/error.h"
#include "node/proc.h"
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

std::uint64_t ownStart() { return ProcFs().startTicks(self()); }

constexpr std::array<std::uint8_t, 4> kBytes{0xde, 0xad, 0xbe, 0xef};

TEST_F(Memory, IsWrittenAcrossPages) {
  std::vector<std::uint8_t> bytes(kPage, 0x5a);
  writeMemory(self(), ownStart(), address(100), bytes);
  EXPECT_EQ(std::memcmp(bytes.data(), pages_ + 100, kPage), 0);
  EXPECT_EQ(pages_[99], static_cast<char>(99 * 7));
  EXPECT_EQ(pages_[100 + kPage], static_cast<char>((100 + kPage) * 7));
}

TEST_F(Memory, ThatTheProgramItselfMayOnlyReadIsWrittenToo) {
  mprotect(pages_, kPage, PROT_READ);
  try {
    writeMemory(self(), ownStart(), address(8), kBytes);
  } catch (const NodeError& error) {
    GTEST_SKIP() << "this kernel does not allow it: " << error.what();
  }
  EXPECT_EQ(std::memcmp(kBytes.data(), pages_ + 8, kBytes.size()), 0);
}

TEST_F(Memory, ThatIsNotMappedIsNotWrittenAndItIsSaidHowMuchWas) {
  munmap(pages_ + 2 * kPage, kPage);
  try {
    writeMemory(self(), ownStart(), address(2 * kPage - 2), kBytes);
    FAIL() << "it was written";
  } catch (const NodeError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Failed);
    EXPECT_NE(std::string(error.what()).find("Only 2 of 4 bytes"), std::string::npos) << error.what();
  }
}

TEST_F(Memory, OfAnotherProcessUnderTheSameNumberIsLeftAlone) {
  const char before = pages_[0];
  EXPECT_THROW(writeMemory(self(), ownStart() + 1, address(0), kBytes), NodeError);
  EXPECT_THROW(writeMemory(0x3ffffff, 1, address(0), kBytes), NodeError);
  EXPECT_EQ(pages_[0], before);
}

TEST_F(Memory, IsNotWrittenInPartsThatAreTooLarge) {
  const std::vector<std::uint8_t> bytes(kMaxWriteBytes + 1);
  EXPECT_THROW(writeMemory(self(), ownStart(), address(0), bytes), NodeError);
}

TEST_F(Memory, OfAnotherUserIsNotWritten) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const std::uint32_t parent = self();
  const std::uint64_t start = ownStart();
  EXPECT_EQ(asUser(65534,
                   [&] {
                     try {
                       writeMemory(parent, start, address(0), kBytes);
                     } catch (const NodeError& error) {
                       return error.kind() == ErrorKind::Denied ? 7 : 1;
                     }
                     return 0;
                   }),
            7);
}

}  // namespace
}  // namespace heapatlas::node
