// What is resident of a process's mappings, and that nobody waits for a kernel which takes long to say it.
#include "process/residency.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "node/error.h"

namespace heapatlas::collector {
namespace {

// A /proc whose smaps is a pipe: reading it takes until something is written.
class SlowProc {
 public:
  SlowProc() {
    std::string name = ::testing::TempDir() + "residency-XXXXXX";
    root_ = mkdtemp(name.data());
    std::filesystem::create_directory(folder());
    std::ofstream(folder() + "/maps") << "1000-3000 rw-p 00000000 00:00 0\n5000-6000 rw-p 00000000 00:00 0 [heap]\n";
    EXPECT_EQ(mkfifo((folder() + "/smaps").c_str(), 0600), 0);
  }
  ~SlowProc() { std::filesystem::remove_all(root_); }
  SlowProc(const SlowProc&) = delete;
  SlowProc& operator=(const SlowProc&) = delete;

  node::ProcFs procfs() const { return node::ProcFs(root_); }
  std::string folder() const { return root_ + "/7"; }
  void answer() const {
    std::ofstream(folder() + "/smaps") << "1000-2000 rw-p 00000000 00:00 0\nRss: 4 kB\nPss: 2 kB\n";
  }

 private:
  std::string root_;
};

TEST(Residency, WhereTheKernelTakesLongMappingsComeAtOnceAndWhatIsResidentLater) {
  const SlowProc slow;
  Residency residency;
  std::vector<node::Region> regions = residency.regions(slow.procfs(), 7);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].rssBytes, 0u);
  slow.answer();
  while (regions[0].rssBytes == 0) regions = residency.regions(slow.procfs(), 7);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].rssBytes, 4096u);
  EXPECT_EQ(regions[0].pssBytes, 2048u);
  EXPECT_EQ(regions[0].to, 0x3000u) << "where a mapping ends is as of now";
  EXPECT_EQ(regions[1].rssBytes, 0u);
}

TEST(Residency, AProcessThatIsNotThereIsNotFound) {
  Residency residency;
  EXPECT_THROW(residency.regions(node::ProcFs(::testing::TempDir() + "no-such-folder"), 7), node::NodeError);
}

}  // namespace
}  // namespace heapatlas::collector
