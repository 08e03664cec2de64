// Real programs under the runtime, asked about through the service: what their probes say of their memory.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "process/drain_loop.h"
#include "service/collector_service.h"
#include "service/server.h"

namespace heapatlas::collector {
namespace {

std::string temporaryFolder() {
  std::string name = "/dev/shm/heapatlas-program-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return name;
}

// A program that prints what it holds and waits for the end of its input.
class Program {
 public:
  Program(const std::string& folder, const std::string& path, const std::string& argument) {
    int in[2];
    int out[2];
    if (pipe(in) != 0 || pipe(out) != 0) throw std::runtime_error("pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
      setenv("HEAPATLAS_DIR", folder.c_str(), 1);
      setenv("LD_PRELOAD", RUNTIME_LIBRARY, 1);
      execl(path.c_str(), path.c_str(), argument.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    output_ = fdopen(out[0], "r");
  }
  ~Program() {
    if (input_ >= 0) close(input_);
    waitpid(pid_, nullptr, 0);
    std::fclose(output_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  std::string line() {
    char text[4096];
    return std::fgets(text, sizeof text, output_) != nullptr ? text : "";
  }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
  FILE* output_ = nullptr;
};

class WatchedProgram : public testing::Test {
 protected:
  ~WatchedProgram() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
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
  v1::FindReply find(std::uint64_t process, std::uint64_t address) {
    grpc::ClientContext context;
    v1::FindRequest request;
    request.set_process(process);
    request.set_address(address);
    v1::FindReply reply;
    EXPECT_TRUE(stub_->FindAllocation(&context, request, &reply).ok());
    return reply;
  }

  std::string path_ = temporaryFolder();
  NodeFolder folder_{path_};
  Registry registry_;
  DrainLoop drain_{folder_, registry_, [](const std::string& sentence) { ADD_FAILURE() << sentence; }};
  CollectorService service_{registry_, drain_, {"test", "here", RUNTIME_LIBRARY, path_}};
  Server server_{service_, {folder_.socketPath(), "", ""}};
  std::unique_ptr<v1::Collector::Stub> stub_ =
      v1::Collector::NewStub(grpc::CreateChannel("unix:" + folder_.socketPath(), grpc::InsecureChannelCredentials()));
};

const v1::Label* named(const v1::LabelsReply& reply, v1::LabelKind kind, const std::string& name) {
  for (const v1::Label& label : reply.labels()) {
    if (label.kind() == kind && label.name() == name) return &label;
  }
  return nullptr;
}

TEST_F(WatchedProgram, LabelsAndPoolsHoldWhatTheProgramSaysItHolds) {
  Program program(path_, KVSTORE_PROGRAM, "3000");
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
}

TEST_F(WatchedProgram, ABlockCarriesItsLabelsAndLiesInItsPool) {
  Program program(path_, KVSTORE_PROGRAM, "30");
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
