// Real programs under the runtime, asked about through the service: what their probes say of their memory.
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "service/replies.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using test::Program;

class WatchedProgram : public test::Serving {
 protected:
  WatchedProgram() : Serving(RUNTIME_LIBRARY) {}
  // It prints what it holds and waits for the end of its input.
  Program store(const std::string& entries) const {
    return Program({KVSTORE_PROGRAM, entries},
                   {"HEAPATLAS_DIR=" + path_, std::string("LD_PRELOAD=") + RUNTIME_LIBRARY});
  }
  // Once the collector knows it.
  std::uint64_t processOf(pid_t pid) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      for (const Registry::Process& process : registry_.all()) {
        if (process->identity().pid == static_cast<std::uint32_t>(pid)) return process->id();
      }
      drain_.passNow();
    }
    throw std::runtime_error("the collector has not seen the program");
  }
  v1::LabelsReply labels(std::uint64_t process) {
    drain_.passNow();
    grpc::ClientContext context;
    v1::ProcessRequest request;
    request.set_process(process);
    v1::LabelsReply reply;
    const grpc::Status status = stub_->Labels(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  v1::SitesReply sitesOf(std::uint64_t process, v1::LabelKind kind, const std::string& label) {
    grpc::ClientContext context;
    v1::SitesRequest request;
    request.set_process(process);
    request.set_label_kind(kind);
    request.set_label(label);
    v1::SitesReply reply;
    EXPECT_TRUE(stub_->Sites(&context, request, &reply).ok());
    return reply;
  }
  v1::FindReply find(std::uint64_t process, std::uint64_t address) {
    grpc::ClientContext context;
    v1::FindRequest request;
    request.set_process(process);
    request.set_address(address);
    v1::FindReply reply;
    EXPECT_TRUE(stub_->FindAllocation(&context, request, &reply).ok());
    return reply;
  }
};

const v1::Label* named(const v1::LabelsReply& reply, v1::LabelKind kind, const std::string& name) {
  for (const v1::Label& label : reply.labels()) {
    if (label.kind() == kind && label.name() == name) return &label;
  }
  return nullptr;
}

// What it left of itself, once it is gone.
v1::ProcessInfo infoOfEnded(std::vector<std::string> words) {
  std::string folder = "/dev/shm/heapatlas-collector-test-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr || mkdir((folder + "/rings").c_str(), 0700) != 0) {
    throw std::runtime_error("no folder for rings");
  }
  Program program(std::move(words), {"HEAPATLAS_DIR=" + folder, std::string("LD_PRELOAD=") + RUNTIME_LIBRARY});
  EXPECT_EQ(program.end(), 0);
  std::vector<std::string> rings;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) rings.push_back(entry.path());
  }
  std::optional<RingFile> file = rings.size() == 1 ? RingFile::open(rings.front()) : std::nullopt;
  std::filesystem::remove_all(folder);
  if (!file) throw std::runtime_error("it has left no ring");
  WatchedProcess process(1, std::move(*file), {1 << 20});
  return processInfo(process);
}

TEST(EndedProgram, IsKnownByWhatItSaidOfItself) {
  const v1::ProcessInfo info = infoOfEnded({"sh", "-c", "read line", "an argument", ""});
  EXPECT_EQ(info.executable(), std::filesystem::canonical("/bin/sh"));
  EXPECT_EQ(std::vector<std::string>(info.arguments().begin(), info.arguments().end()),
            (std::vector<std::string>{"sh", "-c", "read line", "an argument", ""}));
}

TEST(EndedProgram, ArgumentsThatAreCutOrNoTextAreReadByWhoeverAsks) {
  std::string umlauts = "-";
  for (int i = 0; i < 600; ++i) umlauts += "\xc3\xa4";
  const v1::ProcessInfo info = infoOfEnded({"sh", "-c", "read line", "\xff\n", umlauts});
  v1::ProcessInfo read;
  ASSERT_TRUE(read.ParseFromString(info.SerializeAsString()));
  EXPECT_EQ(read.arguments(3), "?\n");
  EXPECT_TRUE(read.arguments(4).ends_with("\xc3\xa4?")) << read.arguments(4);
}

TEST_F(WatchedProgram, LabelsAndPoolsHoldWhatTheProgramSaysItHolds) {
  const Program program = store("3000");
  struct Held {
    std::uint64_t bytes;
    std::uint64_t blocks;
  };
  std::map<std::string, Held> held;
  for (int i = 0; i < 4; ++i) {
    std::istringstream line(program.line());
    std::string name;
    Held figures{};
    ASSERT_TRUE(line >> name >> figures.bytes >> figures.blocks);
    held[name] = figures;
  }
  const std::uint64_t process = processOf(program.pid());
  const v1::LabelsReply reply = labels(process);
  const v1::Label* values = named(reply, v1::OBJECT_TYPE, "value");
  ASSERT_NE(values, nullptr);
  EXPECT_EQ(values->live_bytes(), held["value"].bytes);
  EXPECT_EQ(values->live_allocations(), held["value"].blocks);
  const v1::Label* slab = named(reply, v1::POOL, "slab");
  ASSERT_NE(slab, nullptr);
  EXPECT_EQ(slab->live_bytes(), held["slab"].bytes);
  EXPECT_EQ(slab->live_allocations(), held["slab"].blocks);
  EXPECT_EQ(slab->unknown_releases(), 0u);
  for (const char* tenant : {"north", "south"}) {
    const v1::Label* found = named(reply, v1::TENANT, tenant);
    ASSERT_NE(found, nullptr) << tenant;
    EXPECT_GE(found->live_bytes(), held[tenant].bytes) << "values, and what holds them";
  }
  for (const char* tag : {"index", "log"}) {
    const v1::Label* found = named(reply, v1::TAG, tag);
    ASSERT_NE(found, nullptr) << tag;
    EXPECT_GT(found->live_bytes(), 0u);
  }
  EXPECT_EQ(reply.coverage().lost(), 0u);
  EXPECT_GT(values->peak_bytes(), values->live_bytes()) << "a third was erased at the end";
  EXPECT_GE(slab->held_bytes(), slab->live_bytes());
  EXPECT_LE(slab->held_bytes(), 9000u * 48 + 2 * 128 * 48) << "chunks hold no more than was ever taken, and a rest";

  const v1::SitesReply ofValues = sitesOf(process, v1::OBJECT_TYPE, "value");
  ASSERT_EQ(ofValues.sites_size(), 2) << "values are allocated in one place, which two threads reach";
  EXPECT_EQ(ofValues.sites(0).live_bytes() + ofValues.sites(1).live_bytes(), held["value"].bytes);
  EXPECT_EQ(ofValues.sites(0).live_allocations() + ofValues.sites(1).live_allocations(), held["value"].blocks);
  const v1::SitesReply ofSlab = sitesOf(process, v1::POOL, "slab");
  ASSERT_GT(ofSlab.sites_size(), 0);
  std::uint64_t cells = 0;
  for (const v1::Site& site : ofSlab.sites()) cells += site.live_bytes();
  EXPECT_EQ(cells, held["slab"].bytes);
  EXPECT_EQ(sitesOf(process, v1::TAG, "value").sites_size(), 0) << "a name is of one kind";
}

TEST_F(WatchedProgram, ABlockCarriesItsLabelsAndLiesInItsPool) {
  const Program program = store("30");
  program.line();
  const std::uint64_t process = processOf(program.pid());
  ASSERT_GT(labels(process).labels_size(), 0);
  grpc::ClientContext context;
  v1::AllocationsRequest request;
  request.set_process(process);
  const auto stream = stub_->Allocations(&context, request);
  constexpr std::uint64_t kChunk = 128 * 48;
  int values = 0;
  int cells = 0;
  for (v1::AllocationsReply page; stream->Read(&page);) {
    for (const v1::Allocation& block : page.allocations()) {
      if (block.object_type() == "value") {
        ++values;
        EXPECT_TRUE(block.tenant() == "north" || block.tenant() == "south");
        EXPECT_EQ(block.tag(), "");
      }
      if (block.size() != kChunk) continue;
      // The slab gives out the last cell of a chunk first, and that value is erased again.
      EXPECT_EQ(find(process, block.address() + kChunk - 1).pool_blocks_size(), 0);
      const v1::FindReply found = find(process, block.address() + kChunk - 49);
      EXPECT_TRUE(found.found());
      ASSERT_EQ(found.pool_blocks_size(), 1);
      ++cells;
      EXPECT_EQ(found.pool_blocks(0).pool(), "slab");
      EXPECT_EQ(found.pool_blocks(0).address(), block.address() + kChunk - 96);
      EXPECT_GT(found.pool_blocks(0).stack().frames_size(), 0);
    }
  }
  EXPECT_EQ(values, 60);
  EXPECT_EQ(cells, 2) << "each tenant has one chunk";
}

}  // namespace
}  // namespace heapatlas::collector
