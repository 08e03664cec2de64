// Real programs that are recorded through the service: what lies on the disk afterwards tells of the same heap as the
// collector does.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "process/replayed_process.h"
#include "process/secrets.h"
#include "recording/reader.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using recording::Event;
using recording::FrameType;
using test::Program;

class RecordedProgram : public test::Serving {
 protected:
  RecordedProgram() : Serving(RUNTIME_LIBRARY) {}
  Program watched(std::vector<std::string> words, const std::string& session) const {
    return Program(std::move(words), {"HEAPATLAS_DIR=" + path_, std::string("LD_PRELOAD=") + RUNTIME_LIBRARY,
                                      "HEAPATLAS_SESSION=" + session, "MY_API_TOKEN=12345", "HARMLESS=abc"});
  }
  grpc::Status record(const std::string& session, const std::string& folder, std::uint64_t maxBytes = 0) {
    grpc::ClientContext context;
    v1::RecordRequest request;
    request.set_session(session);
    request.set_folder(folder);
    request.set_max_bytes(maxBytes);
    request.set_program("a test's program");
    v1::RecordingStatus reply;
    return stub_->Record(&context, request, &reply);
  }
  v1::RecordingStatus stop(const std::string& session) {
    grpc::ClientContext context;
    v1::SessionRequest request;
    request.set_session(session);
    v1::RecordingStatus reply;
    const grpc::Status status = stub_->StopRecording(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  v1::Summary summaryOf(pid_t pid, bool atItsEnd) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
      drain_.passNow();
      for (const Registry::Process& process : registry_.all()) {
        if (process->identity().pid != static_cast<std::uint32_t>(pid)) continue;
        grpc::ClientContext context;
        v1::SummaryRequest request;
        request.set_process(process->id());
        request.set_wait_for_end(atItsEnd);
        v1::Summary reply;
        EXPECT_TRUE(stub_->Summarize(&context, request, &reply).ok());
        return reply;
      }
    }
    throw std::runtime_error("the collector has not seen the program");
  }
  std::string recordingFolder() const { return path_ + "/recording"; }
};

struct Replayed {
  std::map<std::uint64_t, std::uint64_t> blocks;
  std::uint64_t allocations = 0;
  std::uint64_t releases = 0;
  std::uint64_t bytes = 0;
  std::set<std::uint32_t> contexts;
};

Replayed replay(recording::Reader& reader) {
  Replayed all;
  recording::Rows rows;
  for (std::size_t i = 0; i < reader.chunks().size(); ++i) {
    EXPECT_TRUE(reader.decode(i, rows));
    for (const Event& event : rows.events) {
      if (recording::allocates(event.what)) {
        EXPECT_TRUE(all.blocks.emplace(event.address, event.size).second);
        all.allocations += event.what != recording::What::Existing;
        all.bytes += event.size;
        all.contexts.insert(event.context);
      }
      if (recording::releases(event.what)) {
        EXPECT_EQ(all.blocks.erase(event.address), 1u);
        ++all.releases;
        all.bytes -= event.size;
      }
    }
  }
  return all;
}

TEST_F(RecordedProgram, IsOnTheDiskWhenItHasEnded) {
  ASSERT_TRUE(record("s", recordingFolder()).ok());
  Program program = watched(
      {"/usr/bin/python3", "-c", "import json, sys\nsys.stdin.read()\nprint(len(json.dumps(list(range(5000)))))"}, "s");
  const pid_t pid = program.pid();
  EXPECT_EQ(summaryOf(pid, false).process().pid(), static_cast<std::uint32_t>(pid));
  kill(pid, SIGTERM);
  const v1::Summary live = summaryOf(pid, true);
  const v1::RecordingStatus status = stop("s");
  EXPECT_FALSE(status.recording());
  EXPECT_GT(status.processes(), 0u);
  EXPECT_GT(status.bytes(), 0u);

  std::ifstream description(recordingFolder() + "/recording.json");
  EXPECT_NE(std::string(std::istreambuf_iterator<char>(description), {}).find("\"program\": \"a test's program\""),
            std::string::npos);
  recording::Reader reader(recordingFolder() + "/" + std::to_string(live.process().process()));
  const Replayed all = replay(reader);
  EXPECT_EQ(all.allocations, live.allocations());
  EXPECT_EQ(all.releases, live.releases());
  EXPECT_EQ(all.bytes, live.live_bytes());
  EXPECT_EQ(all.blocks.size(), live.live_allocations());

  v1::ProcessFacts facts;
  std::map<std::uint32_t, std::uint64_t> nodes;  // pc by id
  std::uint32_t contexts = 0;
  std::size_t symbols = 0;
  reader.definitions([&](FrameType type, const std::string& message) {
    v1::Nodes someNodes;
    v1::Contexts someContexts;
    v1::Symbols someSymbols;
    if (type == FrameType::Facts) {
      ASSERT_TRUE(facts.ParseFromString(message));
    }
    if (type == FrameType::Nodes && someNodes.ParseFromString(message)) {
      for (int i = 0; i < someNodes.id_size(); ++i) {
        EXPECT_TRUE(nodes.emplace(someNodes.id(i), someNodes.pc(i)).second);
        EXPECT_TRUE(someNodes.parent(i) == 0 || nodes.contains(someNodes.parent(i)));
      }
    }
    if (type == FrameType::Contexts && someContexts.ParseFromString(message)) {
      EXPECT_EQ(someContexts.first(), contexts);
      contexts += static_cast<std::uint32_t>(someContexts.node_size());
      for (const std::uint32_t node : someContexts.node()) EXPECT_TRUE(node == 0 || nodes.contains(node));
    }
    if (type == FrameType::Symbols && someSymbols.ParseFromString(message)) {
      symbols += static_cast<std::size_t>(someSymbols.symbols_size());
    }
  });
  for (const std::uint32_t context : all.contexts) EXPECT_LT(context, contexts);
  std::set<std::uint64_t> addresses;
  for (const auto& [id, pc] : nodes) addresses.insert(pc);
  EXPECT_GE(symbols, addresses.size());
  EXPECT_EQ(facts.pid(), static_cast<std::uint32_t>(pid));
  EXPECT_EQ(std::count(facts.environment().begin(), facts.environment().end(), "MY_API_TOKEN=***"), 1);
  EXPECT_EQ(std::count(facts.environment().begin(), facts.environment().end(), "HARMLESS=abc"), 1);
  ASSERT_TRUE(reader.end().has_value());
  EXPECT_TRUE(reader.end()->process_ended());
  EXPECT_EQ(reader.end()->mark().events(), live.coverage().events());
  EXPECT_TRUE(reader.missing().empty());
}

TEST_F(RecordedProgram, WhatLivedBeforeTheRecordingIsInItToo) {
  Program program = watched({KVSTORE_PROGRAM, "3000"}, "late");
  for (int i = 0; i < 4; ++i) program.line();
  const v1::Summary live = summaryOf(program.pid(), false);
  ASSERT_TRUE(record("late", recordingFolder()).ok());
  EXPECT_EQ(record("late", path_ + "/other").error_message(),
            "the session is recorded already, into " + recordingFolder());
  stop("late");
  recording::Reader reader(recordingFolder() + "/" + std::to_string(live.process().process()));
  const Replayed all = replay(reader);
  EXPECT_EQ(all.allocations, 0u);
  EXPECT_EQ(all.bytes, live.live_bytes());
  EXPECT_EQ(all.blocks.size(), live.live_allocations());
  EXPECT_EQ(kill(program.pid(), 0), 0) << "the program goes on";
}

TEST_F(RecordedProgram, MemoryThatWasKeptIsThereFromThenOnAndNotBefore) {
  Program program = watched({KVSTORE_PROGRAM, "3000"}, "memory");
  for (int i = 0; i < 4; ++i) program.line();
  const std::uint64_t id = summaryOf(program.pid(), false).process().process();
  const node::Region code = registry_.find(id)->regions().front();
  const auto keep = [&](std::uint64_t address, std::uint64_t count, v1::ReadMemoryReply& reply) {
    grpc::ClientContext context;
    v1::ReadMemoryRequest request;
    request.set_process(id);
    request.set_address(address);
    request.set_count(count);
    request.set_keep(true);
    return stub_->ReadMemory(&context, request, &reply);
  };
  v1::ReadMemoryReply kept;
  EXPECT_NE(keep(code.from, 64, kept).error_message().find("is not being recorded"), std::string::npos);
  ASSERT_TRUE(record("memory", recordingFolder()).ok());
  ASSERT_TRUE(keep(code.from, 64, kept).ok());
  ASSERT_EQ(kept.data().size(), 64u);
  kill(program.pid(), SIGTERM);
  summaryOf(program.pid(), true);
  stop("memory");

  const auto replayed = ReplayedProcess::open(id, recordingFolder() + "/" + std::to_string(id));
  const node::MemoryBytes whole = replayed->readMemory(code.from, 80);
  EXPECT_EQ(std::string(whole.data.begin(), whole.data.end()), kept.data());
  EXPECT_EQ(whole.unreadable, 16u) << "behind what was kept";
  const node::MemoryBytes tail = replayed->readMemory(code.from + 60, 4);
  EXPECT_EQ(std::string(tail.data.begin(), tail.data.end()), kept.data().substr(60));
  EXPECT_EQ(replayed->readMemory(code.from - 1, 4).unreadable, 4u) << "its first byte was not kept";
  replayed->moveTo(0);
  EXPECT_EQ(replayed->readMemory(code.from, 64).unreadable, 64u) << "it was kept later";
}

TEST_F(RecordedProgram, AFolderThatCannotBeUsedIsSaid) {
  EXPECT_EQ(record("s", "relative").error_message(), "the folder of a recording must be absolute, not relative");
  std::filesystem::create_directory(path_ + "/full");
  std::ofstream(path_ + "/full/file") << "x";
  EXPECT_EQ(record("s", path_ + "/full").error_message(),
            "cannot record into " + path_ + "/full: there is something in it; name a new folder");
  EXPECT_EQ(record("s", path_ + "/no/folder").error_message(),
            "cannot make the folder " + path_ + "/no/folder: No such file or directory");
}

TEST(Secrets, AreMaskedByTheirNames) {
  EXPECT_EQ(masked("AWS_SECRET_ACCESS_KEY=abc"), "AWS_SECRET_ACCESS_KEY=***");
  EXPECT_EQ(masked("PWD=/home/a"), "PWD=/home/a");
  EXPECT_EQ(masked("DATABASE_URL=postgres://me:word@host/db"), "DATABASE_URL=postgres://me:***@host/db");
  EXPECT_EQ(maskedArgument("--password=abc"), "--password=***");
  EXPECT_EQ(maskedArgument("file=abc"), "file=abc");
}

}  // namespace
}  // namespace heapatlas::collector
