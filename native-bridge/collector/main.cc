// heapatlas-collector: the daemon of a node. Reads the rings of watched programs and serves what it makes of them.
// Exit status: 0 ended as told, 1 failed, 2 used wrongly, 3 another collector serves this folder.
// Threads: this one waits for signals; DrainLoop's reads rings; gRPC's answer calls.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "input/clock.h"
#include "input/node_folder.h"
#include "node/doctor.h"
#include "node/proc.h"
#include "process/drain_loop.h"
#include "process/recorded_session.h"
#include "service/certificates.h"
#include "service/collector_service.h"
#include "service/options.h"
#include "service/recorded_machine.h"
#include "service/server.h"

namespace {

using namespace heapatlas::collector;

void say(const std::string& sentence) { std::fprintf(stderr, "heapatlas-collector: %s\n", sentence.c_str()); }

std::string folderOfExecutable() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  const std::string full(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return full.substr(0, full.rfind('/'));
}

// Milliseconds since 2026, below 2^40 for 34 years: no earlier collector has come so far in its numbers. So a client
// that outlives its collector never asks the next one about one process and hears of another.
std::uint64_t numbersBegin() {
  constexpr std::uint64_t kYear2026 = 1'767'225'600'000;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto millis =
      static_cast<std::uint64_t>(now.tv_sec) * 1'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
  return millis > kYear2026 ? millis - kYear2026 : 0;
}

int doctor(bool json) {
  const auto capabilities = heapatlas::node::doctor();
  if (json) {
    std::printf("%s\n", heapatlas::node::toJson(capabilities).c_str());
    return 0;
  }
  for (const auto& capability : capabilities) {
    std::printf("%-28s %-12s %s%s%s\n", capability.name.c_str(), capability.state.c_str(), capability.why.c_str(),
                capability.usedInstead.empty() ? "" : "; instead: ", capability.usedInstead.c_str());
  }
  return 0;
}

// Until a signal comes, or nothing has happened for as long as --idle-exit says.
void waitForEnd(const sigset_t& signals, const Options& options, const DrainLoop& drain,
                const CollectorService& service) {
  const std::uint64_t idleNanos = options.idleExitSeconds * 1'000'000'000;
  while (true) {
    const timespec second{1, 0};
    if (sigtimedwait(&signals, nullptr, &second) > 0) return;
    if (idleNanos == 0) continue;
    const std::uint64_t noProcess = drain.idleSince();
    const std::uint64_t noCall = service.idleSince();
    const std::uint64_t now = monotonicNanos();
    if (noProcess != 0 && noCall != 0 && now > noProcess + idleNanos && now > noCall + idleNanos) return;
  }
}

int serve(const Options& options) {
  NodeFolder folder(options.folder);
  if (!folder.lock()) {
    say("another collector already serves " + options.folder + "; use it, or name another folder with --dir");
    return 3;
  }
  // Blocked before any thread is made, so that only waitForEnd gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  Registry registry(numbersBegin());
  Recordings recordings(HEAPATLAS_VERSION);
  std::vector<heapatlas::node::Capability> recorded;
  if (!options.replay.empty()) {
    recorded = recordedCapabilities(descriptionOf(options.replay));
    for (const auto& process : openRecording(options.replay)) registry.add(process);
  }
  DrainLoop drain(folder, registry, recordings, say);
  CollectorService service(
      registry, drain, recordings,
      {HEAPATLAS_VERSION, heapatlas::node::hostName(), folderOfExecutable() + "/libheapatlas-runtime.so",
       options.folder, heapatlas::node::numaNodes(), !options.replay.empty(), recorded, options.recordings});
  {
    const Server server(service, {folder.socketPath(), options.listen, options.tlsFolder});
    waitForEnd(signals, options, drain, service);
  }
  drain.stop();
  return 0;
}

int run(const Options& options) {
  if (options.help) {
    std::fputs(usage(), stdout);
    return 0;
  }
  if (options.version) {
    std::printf("heapatlas-collector %s\n", HEAPATLAS_VERSION);
    return 0;
  }
  if (options.doctor) return doctor(options.json);
  if (!options.initTls.empty()) {
    makeCertificates(options.initTls);
    return 0;
  }
  return serve(options);
}

}  // namespace

int main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", 0);  // what fails is said in our words
  try {
    return run(parseOptions({argv + 1, argv + argc}));
  } catch (const UsageError& error) {
    say(error.what());
    return 2;
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}
