// A collector as main puts it together, serving in a folder of the test's own. Entry: Serving, a fixture.
#pragma once

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "process/drain_loop.h"
#include "program.h"
#include "service/collector_service.h"
#include "service/server.h"

namespace heapatlas::collector::test {

class Serving : public testing::Test {
 protected:
  static constexpr std::size_t kNumaNodes = 3;  // as if the machine had so many
  // library: the runtime that it attaches.
  explicit Serving(const std::string& library)
      : service_(registry_, drain_, recordings_,
                 {"test", "here", library, path_, kNumaNodes, false, {}, path_ + "/kept"}) {}
  ~Serving() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  static std::string temporaryFolder() {
    std::string name = "/dev/shm/heapatlas-collector-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    return name;
  }

  std::string path_ = temporaryFolder();
  NodeFolder folder_{path_};
  Registry registry_;
  Recordings recordings_{"test"};
  DrainLoop drain_{folder_, registry_, recordings_, [](const std::string& sentence) { ADD_FAILURE() << sentence; }};
  CollectorService service_;
  Server server_{service_, {folder_.socketPath(), "", ""}};
  std::unique_ptr<v1::Collector::Stub> stub_ =
      v1::Collector::NewStub(grpc::CreateChannel("unix:" + folder_.socketPath(), grpc::InsecureChannelCredentials()));
};

}  // namespace heapatlas::collector::test
