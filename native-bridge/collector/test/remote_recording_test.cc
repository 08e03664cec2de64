// Recordings that a client over the network asks for: it chooses no folder, fetches files of a recording and nothing
// else, and what it fetched is the recording.
#include <arpa/inet.h>
#include <grpcpp/security/credentials.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "input/clock.h"
#include "input/file_descriptor.h"
#include "recording/copied_files.h"
#include "recording/reader.h"
#include "service/certificates.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using test::Program;

int freePort() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// What a client has of a recording, by name.
using Copy = std::map<std::string, std::string>;

class RemoteRecording : public test::Serving {
 protected:
  RemoteRecording() : Serving(RUNTIME_LIBRARY) {}

  Program watched(const std::string& session) const {
    return Program({KVSTORE_PROGRAM, "3000"}, {"HEAPATLAS_DIR=" + path_, std::string("LD_PRELOAD=") + RUNTIME_LIBRARY,
                                               "HEAPATLAS_SESSION=" + session});
  }
  std::uint64_t seen(const Program& program) {
    while (true) {
      drain_.passNow();
      for (const Registry::Process& process : registry_.all()) {
        if (process->identity().pid == static_cast<std::uint32_t>(program.pid())) return process->id();
      }
    }
  }
  grpc::Status record(v1::Collector::Stub& by, const std::string& session, const std::string& folder,
                      v1::RecordingStatus& reply) {
    grpc::ClientContext context;
    v1::RecordRequest request;
    request.set_session(session);
    request.set_folder(folder);
    request.set_every_session(folder.empty());
    return by.Record(&context, request, &reply);
  }
  v1::RecordingStatus stop(const std::string& session) {
    grpc::ClientContext context;
    v1::SessionRequest request;
    request.set_session(session);
    v1::RecordingStatus reply;
    const grpc::Status status = remote_->StopRecording(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  grpc::Status remove(const std::string& session) {
    grpc::ClientContext context;
    v1::SessionRequest request;
    request.set_session(session);
    v1::Empty reply;
    return remote_->RemoveRecording(&context, request, &reply);
  }
  // Adds to the copy what it lacks.
  grpc::Status fetch(const std::string& session, Copy& copy) {
    v1::FetchRequest request;
    request.set_session(session);
    for (const auto& [name, bytes] : copy) {
      v1::RecordingFile* held = request.add_held();
      held->set_name(name);
      std::uint64_t mark = 0;
      if (bytes.size() >= 24) bytes.copy(reinterpret_cast<char*>(&mark), sizeof mark, 16);
      held->set_mark(mark);
      held->set_bytes(bytes.size());
    }
    grpc::ClientContext context;
    const auto stream = remote_->FetchRecording(&context, request);
    v1::FetchReply files;
    const bool listed = stream->Read(&files);
    for (v1::FetchReply part; listed && stream->Read(&part);) {
      EXPECT_LE(part.data().size(), 256u << 10);
      std::string& file = copy[files.files(static_cast<int>(part.file())).name()];
      file.resize(part.offset());
      file += part.data();
    }
    return stream->Finish();
  }

  const std::string tls_ = path_ + "/tls";
  const std::string address_ = "127.0.0.1:" + std::to_string(freePort());
  std::unique_ptr<Server> port_ = [this] {
    makeCertificates(tls_);
    return std::make_unique<Server>(service_, ListenOptions{path_ + "/second.sock", address_, tls_});
  }();
  std::unique_ptr<v1::Collector::Stub> remote_ = v1::Collector::NewStub(
      grpc::CreateChannel(address_, grpc::SslCredentials({contentOf(tls_ + "/ca.crt"), contentOf(tls_ + "/client.key"),
                                                          contentOf(tls_ + "/client.crt")})));
};

TEST_F(RemoteRecording, TheFolderIsTheNodesToChoose) {
  const Program program = watched("theirs");
  seen(program);
  v1::RecordingStatus status;
  EXPECT_EQ(record(*remote_, "visit", path_ + "/chosen", status).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_FALSE(std::filesystem::exists(path_ + "/chosen"));
  ASSERT_TRUE(record(*remote_, "../visit", "", status).ok());
  EXPECT_EQ(status.folder(), path_ + "/kept/___visit");
  EXPECT_EQ(status.processes(), 1u) << "of whatever session";
  struct stat facts {};
  ASSERT_EQ(stat(status.folder().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
}

TEST_F(RemoteRecording, WhereNoFolderCanBeMadeThatIsSaid) {
  std::ofstream(path_ + "/kept") << "a file";
  v1::RecordingStatus status;
  const grpc::Status refused = record(*remote_, "visit", "", status);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused.error_message(), path_ +
                                         "/kept is no folder that this user alone may enter; name another folder with "
                                         "the collector's --recordings");
}

TEST_F(RemoteRecording, OnlyFilesOfARecordingAreFetched) {
  const Program program = watched("s");
  const std::string id = std::to_string(seen(program));
  v1::RecordingStatus status;
  ASSERT_TRUE(record(*remote_, "visit", "", status).ok());
  std::filesystem::create_symlink("/etc/passwd", status.folder() + "/" + id + "/events-77.frames");
  std::filesystem::create_symlink("/etc", status.folder() + "/5");
  std::ofstream(status.folder() + "/other") << "of somebody else";
  Copy copy;
  ASSERT_TRUE(fetch("visit", copy).ok());
  EXPECT_TRUE(copy.contains("recording.json"));
  EXPECT_TRUE(copy.contains(id + "/definitions.frames"));
  for (const auto& [name, bytes] : copy) {
    EXPECT_TRUE(name == "recording.json" || name.starts_with(id + "/")) << name;
    EXPECT_NE(name, id + "/events-77.frames");
  }
  for (const char* name :
       {"", "..", "/etc/passwd", "../recording.json", "1/../recording.json", "1/other", "01/effects.frames",
        "1/events-01.frames", "1/events-.frames", "1/events-1.frames/", "1//effects.frames", "-1/effects.frames"}) {
    EXPECT_FALSE(recording::isCopiedName(name)) << name;
    Copy held{{name, ""}};
    EXPECT_EQ(fetch("visit", held).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << name;
  }
}

TEST_F(RemoteRecording, WhatIsRecordedOnTheNodeItselfIsNotFetched) {
  const Program program = watched("own");
  seen(program);
  v1::RecordingStatus status;
  ASSERT_TRUE(record(*stub_, "own", path_ + "/own", status).ok());
  Copy copy;
  EXPECT_EQ(fetch("own", copy).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(remove("own").ok());
  EXPECT_TRUE(std::filesystem::exists(path_ + "/own/recording.json"));
  ASSERT_TRUE(record(*remote_, "visit", "", status).ok());
  EXPECT_EQ(status.processes(), 0u);
  EXPECT_EQ(status.elsewhere(), 1u) << "it is in one recording at a time";
}

TEST_F(RemoteRecording, WhatAVisitorRecordsIsNotRecordedTwice) {
  const Program program = watched("own");
  seen(program);
  v1::RecordingStatus status;
  ASSERT_TRUE(record(*remote_, "visit", "", status).ok());
  EXPECT_EQ(status.processes(), 1u);
  const grpc::Status refused = record(*stub_, "own", path_ + "/own", status);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_NE(refused.error_message().find("is recorded already"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path_ + "/own"));
}

TEST_F(RemoteRecording, WhatWasFetchedBitByBitIsTheRecordingAndThenItGoes) {
  Program program = watched("s");
  const std::uint64_t id = seen(program);
  v1::RecordingStatus status;
  ASSERT_TRUE(record(*remote_, "visit", "", status).ok());
  Copy copy;
  for (int i = 0; i < 4; ++i) {
    program.line();
    ASSERT_TRUE(fetch("visit", copy).ok());
  }
  EXPECT_EQ(remove("visit").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  stop("visit");
  ASSERT_TRUE(fetch("visit", copy).ok());
  for (const recording::CopiedFile& file : recording::filesToCopy(status.folder())) {
    EXPECT_EQ(copy[file.name], contentOf(status.folder() + "/" + file.name)) << file.name;
  }
  EXPECT_EQ(copy.size(), recording::filesToCopy(status.folder()).size());
  EXPECT_TRUE(recording::Reader(status.folder() + "/" + std::to_string(id)).missing().empty());
  EXPECT_TRUE(remove("visit").ok());
  EXPECT_FALSE(std::filesystem::exists(status.folder()));
  EXPECT_EQ(fetch("visit", copy).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RemoteRecording, TheClockIsTheMachines) {
  grpc::ClientContext context;
  v1::ClockReply reply;
  const std::uint64_t before = realNanos();
  ASSERT_TRUE(remote_->Clock(&context, v1::Empty(), &reply).ok());
  EXPECT_GE(reply.real_nanos(), before);
  EXPECT_LE(reply.real_nanos(), realNanos());
}

TEST(ForsakenRecording, EndsByItself) {
  std::string folder = "/dev/shm/heapatlas-forsaken-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  Recordings recordings("test", std::chrono::milliseconds(1));
  RecordingOrder order{"visit", folder, {}, "", true, true};
  recordings.start(order, {});
  while (recordings.stateOf("visit")->recording) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(recordings.stateOf("visit")->why, "nobody fetches it any more");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace heapatlas::collector
