// The service over its Unix socket, fed by a ring that the test writes: every call of collector.proto but those that
// need a program of their own.
#include <link.h>
#include <sys/stat.h>

#include <fstream>

#include "ring_writer.h"
#include "service/options.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using ring::Kind;
using ring::Record;
using test::RingWriter;

class ServiceTest : public test::Serving {
 protected:
  ServiceTest() : Serving("/lib.so") {}
  ~ServiceTest() override { endProgram(); }
  // A child that does nothing stands for the watched program; the test writes its ring.
  void startProgram() {
    child_ = fork();
    if (child_ == 0) {
      pause();
      _exit(0);
    }
    writer_ = std::make_unique<RingWriter>(path_ + "/rings/" + std::to_string(child_) + "-1.ring",
                                           static_cast<std::uint32_t>(child_));
    std::strcpy(writer_->header().session, "test");
  }
  void endProgram() {
    if (child_ == 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  v1::ProcessInfo firstProcess() {
    grpc::ClientContext context;
    const auto stream = stub_->WatchProcesses(&context, v1::WatchProcessesRequest());
    v1::ProcessInfo info;
    stream->Read(&info);
    context.TryCancel();
    return info;
  }
  v1::Summary summary(std::uint64_t process, bool waitForEnd = false) {
    grpc::ClientContext context;
    v1::SummaryRequest request;
    request.set_process(process);
    request.set_top_sites(10);
    request.set_wait_for_end(waitForEnd);
    v1::Summary reply;
    const grpc::Status status = stub_->Summarize(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  static constexpr std::uint64_t kBase = 0x7f1200000000;
  pid_t child_ = 0;
  std::unique_ptr<RingWriter> writer_;
};

TEST_F(ServiceTest, HelloRefusesAnotherProtocol) {
  v1::HelloRequest request;
  v1::HelloReply reply;
  request.set_protocol(1);
  grpc::ClientContext good;
  EXPECT_TRUE(stub_->Hello(&good, request, &reply).ok());
  EXPECT_EQ(reply.node_folder(), path_);
  request.set_protocol(2);
  grpc::ClientContext bad;
  EXPECT_EQ(stub_->Hello(&bad, request, &reply).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(ServiceTest, TheSocketIsClosedToOthers) {
  struct stat facts {};
  ASSERT_EQ(stat(folder_.socketPath().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(ServiceTest, AProgramIsSeenSummarisedAndStaysAfterItsEnd) {
  startProgram();
  const std::uint32_t outer = writer_->addNode(0x401000, 0);
  const std::uint32_t site = writer_->addNode(0x402000, outer);
  writer_->put(0, Record::make(Kind::ThreadStart, 0, static_cast<std::uint64_t>(child_), 0));
  writer_->time(0);
  for (std::uint64_t i = 0; i < 1000; ++i) writer_->alloc(0, kBase + i * 64, 48, site);
  for (std::uint64_t i = 0; i < 1000; i += 2) writer_->free(0, kBase + i * 64);
  const v1::ProcessInfo info = firstProcess();
  EXPECT_EQ(info.pid(), static_cast<std::uint32_t>(child_));
  EXPECT_EQ(info.session(), "test");
  v1::Summary running = summary(info.process());
  while (running.pss_bytes() == 0) running = summary(info.process());  // until the kernel has answered
  EXPECT_EQ(running.live_allocations(), 500u);
  EXPECT_EQ(running.live_bytes(), 500u * 48);
  EXPECT_EQ(running.peak_bytes(), 1000u * 48);
  EXPECT_GE(running.rss_bytes(), running.pss_bytes());
  ASSERT_EQ(running.sites_size(), 1);
  EXPECT_EQ(running.sites(0).id(), site);
  EXPECT_EQ(running.sites(0).stack().frames_size(), 2);
  writer_->alloc(0, kBase + 1'000'000, 1, site);
  endProgram();
  const v1::Summary end = summary(info.process(), true);
  EXPECT_EQ(end.process().state(), v1::ENDED);
  EXPECT_EQ(end.live_allocations(), 501u);
  EXPECT_TRUE(end.coverage().exact());
  EXPECT_EQ(end.coverage().lost(), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(path_ + "/rings"));
}

TEST_F(ServiceTest, WhatWasLostIsTheSumOfItsKinds) {
  startProgram();
  writer_->header().lostEvents = 2;
  writer_->header().skippedEvents = 30;
  writer_->put(0, Record::make(Kind::None, 0, 0, 0));
  const v1::Coverage coverage = summary(firstProcess().process()).coverage();
  EXPECT_EQ(coverage.losses().folded_in_gaps(), 0u);
  EXPECT_EQ(coverage.losses().damaged_records(), 1u);
  EXPECT_EQ(coverage.losses().refused_by_table(), 0u);
  EXPECT_EQ(coverage.losses().dropped_by_runtime(), 2u);
  EXPECT_EQ(coverage.losses().skipped_beside_heap(), 30u);
  EXPECT_EQ(coverage.lost(), 33u);
}

TEST_F(ServiceTest, TheListOfKnownProcessesHasEveryRingOfTheFolderAndEnds) {
  startProgram();
  grpc::ClientContext context;
  v1::WatchProcessesRequest request;
  request.set_known_only(true);
  const auto stream = stub_->WatchProcesses(&context, request);
  v1::ProcessInfo info;
  ASSERT_TRUE(stream->Read(&info));
  EXPECT_EQ(info.pid(), static_cast<std::uint32_t>(child_));
  EXPECT_FALSE(stream->Read(&info));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServiceTest, HeapQueriesAgree) {
  startProgram();
  for (std::uint64_t i = 0; i < 256; ++i) writer_->alloc(0, kBase + i * 16, 16, 1);
  writer_->alloc(0, kBase + (1 << 20), 3 << 20, 1);
  const std::uint64_t process = firstProcess().process();
  summary(process);
  v1::TilesRequest tiles;
  tiles.set_process(process);
  tiles.set_from(kBase);
  tiles.set_to(kBase + (8 << 20));
  tiles.set_tile_bytes(1 << 20);
  v1::TilesReply tilesReply;
  grpc::ClientContext tilesContext;
  ASSERT_TRUE(stub_->Tiles(&tilesContext, tiles, &tilesReply).ok());
  ASSERT_EQ(tilesReply.index_size(), 4);
  EXPECT_EQ(tilesReply.live_bytes(0), 4096u);
  EXPECT_EQ(tilesReply.live_bytes(3), 1u << 20);
  tiles.set_tile_bytes(24);
  grpc::ClientContext badTiles;
  EXPECT_EQ(stub_->Tiles(&badTiles, tiles, &tilesReply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  v1::FindRequest find;
  find.set_process(process);
  find.set_address(kBase + 100);
  v1::FindReply found;
  grpc::ClientContext findContext;
  ASSERT_TRUE(stub_->FindAllocation(&findContext, find, &found).ok());
  EXPECT_TRUE(found.found());
  EXPECT_EQ(found.allocation().address(), kBase + 96);
  EXPECT_EQ(found.before().address(), kBase + 80);
  EXPECT_EQ(found.after().address(), kBase + 112);

  v1::AllocationsRequest list;
  list.set_process(process);
  grpc::ClientContext listContext;
  const auto stream = stub_->Allocations(&listContext, list);
  v1::AllocationsReply page;
  std::uint64_t blocks = 0;
  while (stream->Read(&page)) blocks += static_cast<std::uint64_t>(page.allocations_size());
  EXPECT_EQ(blocks, 257u);

  v1::SeriesRequest series;
  series.set_process(process);
  v1::SeriesReply points;
  grpc::ClientContext seriesContext;
  ASSERT_TRUE(stub_->Series(&seriesContext, series, &points).ok());
  EXPECT_GT(points.time_size(), 0);
  v1::SitesRequest sites;
  sites.set_process(process);
  v1::SitesReply sitesReply;
  grpc::ClientContext sitesContext;
  ASSERT_TRUE(stub_->Sites(&sitesContext, sites, &sitesReply).ok());
  EXPECT_EQ(sitesReply.total(), 1u);
  v1::RegionsRequest regions;
  regions.set_process(process);
  v1::RegionsReply regionsReply;
  grpc::ClientContext regionsContext;
  ASSERT_TRUE(stub_->Regions(&regionsContext, regions, &regionsReply).ok());
  EXPECT_GT(regionsReply.regions_size(), 3);
}

TEST_F(ServiceTest, ARegionsPagesAreToldOfEveryNumaNode) {
  if (!std::filesystem::exists("/proc/self/numa_maps")) GTEST_SKIP() << "the kernel was built without NUMA";
  startProgram();
  v1::RegionsRequest request;
  request.set_process(firstProcess().process());
  int told = 0;
  while (told == 0) {  // until the kernel has answered
    v1::RegionsReply reply;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Regions(&context, request, &reply).ok());
    for (const v1::Region& region : reply.regions()) {
      if (region.numa_pages_size() == 0) continue;
      ++told;
      EXPECT_EQ(region.numa_pages_size(), static_cast<int>(kNumaNodes));
    }
  }
  EXPECT_GT(told, 3);
}

TEST_F(ServiceTest, SitesComeInBothOrders) {
  startProgram();
  const std::uint32_t outer = writer_->addNode(0x401000, 0);
  const std::uint32_t small = writer_->addNode(0x402000, outer);
  const std::uint32_t large = writer_->addNode(0x403000, outer);
  writer_->put(0, Record::make(Kind::ThreadStart, 0, static_cast<std::uint64_t>(child_), 0));
  writer_->time(0);
  writer_->alloc(0, kBase, 16, small);
  writer_->alloc(0, kBase + 64, 48, large);
  v1::SitesRequest request;
  request.set_process(firstProcess().process());
  ASSERT_EQ(summary(request.process()).live_allocations(), 2u);
  for (const bool ascending : {false, true}) {
    request.set_ascending(ascending);
    v1::SitesReply reply;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Sites(&context, request, &reply).ok());
    ASSERT_EQ(reply.sites_size(), 2);
    EXPECT_EQ(reply.sites(0).id(), ascending ? small : large);
  }
}

TEST_F(ServiceTest, AThreadKnowsItsNewestBlock) {
  startProgram();
  writer_->put(0, Record::make(Kind::ThreadStart, 0, static_cast<std::uint64_t>(child_), 0));
  writer_->time(0);
  writer_->alloc(0, kBase, 16);
  writer_->alloc(0, kBase + 4096, 1024);
  const std::uint64_t process = firstProcess().process();
  summary(process);
  v1::ProcessRequest request;
  request.set_process(process);
  v1::ThreadsReply threads;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->Threads(&context, request, &threads).ok());
  ASSERT_EQ(threads.threads_size(), 1);
  EXPECT_EQ(threads.threads(0).last_allocation(), kBase + 4096);
}

// The span of this test's own executable.
std::pair<std::uint64_t, std::uint64_t> ownSpan() {
  std::pair<std::uint64_t, std::uint64_t> span;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        auto& [start, end] = *static_cast<std::pair<std::uint64_t, std::uint64_t>*>(found);
        start = info->dlpi_addr;
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          end = std::max(end, start + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz);
        }
        return 1;  // the first is the executable
      },
      &span);
  return span;
}

TEST_F(ServiceTest, AFilterLooksForNoMoreNamesThanItNeeds) {
  startProgram();
  const auto [start, end] = ownSpan();
  writer_->addModule(start, end, std::filesystem::read_symlink("/proc/self/exe"));
  const auto named = reinterpret_cast<std::uint64_t>(&ownSpan) + 1;
  constexpr std::uint32_t kSites = 50;
  for (std::uint32_t i = 0; i < kSites; ++i) {
    const std::uint32_t caller =
        writer_->addNode(0x10000 + 16 * i, 0);  // in no module: each stack adds an unknown frame
    writer_->alloc(0, kBase + 4096 * i, 1000 - i, writer_->addNode(named, caller));
  }
  const std::uint64_t process = firstProcess().process();
  EXPECT_EQ(summary(process, false).live_allocations(), kSites);
  v1::SitesRequest request;
  request.set_process(process);
  request.set_function_contains("ownSpan");
  request.set_offset(2);
  request.set_limit(3);
  v1::SitesReply reply;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->Sites(&context, request, &reply).ok());
  ASSERT_EQ(reply.sites_size(), 3);
  EXPECT_EQ(reply.sites(0).live_bytes(), 998u);
  EXPECT_EQ(reply.sites(2).live_bytes(), 996u);
  EXPECT_EQ(reply.total(), 6u) << "there is at least one more";
  EXPECT_EQ(reply.coverage().unresolved_frames(), 3u) << "of the stacks in the answer";
  request.set_function_contains("no such function");
  grpc::ClientContext again;
  ASSERT_TRUE(stub_->Sites(&again, request, &reply).ok());
  EXPECT_EQ(reply.sites_size(), 0);
  EXPECT_EQ(reply.total(), 0u);
}

TEST_F(ServiceTest, ControlReachesTheProgram) {
  startProgram();
  const std::uint64_t process = firstProcess().process();
  v1::SetModeRequest mode;
  mode.set_process(process);
  mode.set_mode(v1::SAMPLED);
  mode.set_sample_mean_bytes(4096);
  v1::Empty empty;
  grpc::ClientContext modeContext;
  ASSERT_TRUE(stub_->SetMode(&modeContext, mode, &empty).ok());
  EXPECT_EQ(writer_->header().wantedMode.load(), static_cast<std::uint32_t>(ring::Mode::Sampled));
  EXPECT_EQ(writer_->header().sampleMean.load(), 4096u);
  v1::ProcessRequest unknown;
  unknown.set_process(999);
  v1::ThreadsReply threads;
  grpc::ClientContext unknownContext;
  EXPECT_EQ(stub_->Threads(&unknownContext, unknown, &threads).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(Options, WrongUseIsOneSentence) {
  EXPECT_THROW(parseOptions({"--listen", "localhost:1"}), UsageError);
  EXPECT_THROW(parseOptions({"--idle-exit", "soon"}), UsageError);
  EXPECT_THROW(parseOptions({"--nonsense"}), UsageError);
  EXPECT_EQ(parseOptions({"--dir", "/x", "--idle-exit", "7"}).idleExitSeconds, 7u);
}

}  // namespace
}  // namespace heapatlas::collector
