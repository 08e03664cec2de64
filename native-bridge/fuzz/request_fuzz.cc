// libFuzzer target: arbitrary bytes as a request to the collector's service, through gRPC, in process. The first byte
// chooses the call, the rest is its message.
// Must hold: no crash, whatever the bytes say; a call ends once its client goes away. Left out are Signal, Attach and
// Detach, which act on processes of this machine, and Doctor, which takes no argument and seconds.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server_builder.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "process/drain_loop.h"
#include "ring_writer.h"
#include "service/collector_service.h"

using namespace heapatlas::collector;

namespace {

constexpr std::array<const char*, 16> kCalls = {
    "Hello",   "WatchProcesses", "Summarize",   "Sites",      "Regions", "Tiles",   "Series",      "Threads",
    "Modules", "FindAllocation", "Allocations", "ReadMemory", "Resolve", "SetMode", "ThreadStack", "Labels"};
constexpr int kMostReplies = 8;
constexpr std::chrono::milliseconds kPatience{50};  // for calls that go on until their client leaves

pid_t pausingChild() {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (true) pause();
}

std::string temporaryFolder() {
  std::string name = "/tmp/heapatlas-request-fuzz-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

// A whole collector without a socket, and one watched process with something in its heap.
class Node {
 public:
  Node() {
    writer_.put(0, heapatlas::ring::Record::make(heapatlas::ring::Kind::ThreadStart, 0, 7, 0));
    const std::uint32_t outer = writer_.addNode(0x401000, 0);
    const std::uint32_t site = writer_.addNode(0x402000, outer);
    for (std::uint64_t i = 0; i < 5000; ++i) writer_.alloc(0, 0x7f0000000000 + i * 64, 48 + i % 40 * 200, site);
    drain_.passNow();
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = std::make_unique<grpc::GenericStub>(server_->InProcessChannel({}));
  }
  ~Node() {
    service_.shutdown();
    server_->Shutdown();
    kill(child_, SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void call(const std::string& name, const std::uint8_t* data, std::size_t size) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    grpc::CompletionQueue queue;
    const auto stream = stub_->PrepareCall(&context, "/heapatlas.v1.Collector/" + name, &queue);
    stream->StartCall(nullptr);
    if (next(queue)) {
      const grpc::Slice slice(data, size);
      stream->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
      next(queue);
      grpc::ByteBuffer reply;
      for (int replies = 0; replies < kMostReplies; ++replies) {
        stream->Read(&reply, nullptr);
        if (!next(queue)) break;
      }
    }
    context.TryCancel();
    grpc::Status status;
    stream->Finish(&status, nullptr);
    next(queue);
    queue.Shutdown();
    while (next(queue)) {
    }
  }

 private:
  static bool next(grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool well = false;
    return queue.Next(&tag, &well) && well;
  }

  const pid_t child_ = pausingChild();
  const std::string path_ = temporaryFolder();
  NodeFolder folder_{path_};
  test::RingWriter writer_{path_ + "/rings/" + std::to_string(child_) + "-1.ring", static_cast<std::uint32_t>(child_)};
  Registry registry_;
  Recordings recordings_{"fuzz"};
  DrainLoop drain_{folder_, registry_, recordings_, [](const std::string&) {}};
  CollectorService service_{registry_, drain_, recordings_, {"fuzz", "here", "/lib.so", path_}};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::GenericStub> stub_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Node node;
  if (size > 0) node.call(kCalls[data[0] % kCalls.size()], data + 1, size - 1);
  return 0;
}
