// Starts a program with a library before libc. See probes.h.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "node/preloaded.h"
#include "node/probes.h"

namespace heapatlas::node {
namespace {

// The exit status of a program that does nothing, started with the library; -1 when none could be started.
int statusWith(const std::string& library) {
  const pid_t child = fork();
  if (child == 0) {
    std::string variable = "LD_PRELOAD=" + library;
    char* environment[] = {variable.data(), nullptr};
    for (const char* program : {"/bin/true", "/usr/bin/true"}) {
      char name[] = "true";
      char* words[] = {name, nullptr};
      execve(program, words, environment);
    }
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace

Outcome probePreload() {
  const int library = memfd_create("heapatlas-preload", 0);
  if (library < 0) return absentByError("no file could be made for the library");
  const auto bytes = preloadedLibrary();
  if (write(library, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return absentByError("the library could not be written");
  }
  const int status = statusWith("/proc/self/fd/" + std::to_string(library));
  if (status == kPreloadedStatus) return works("a preloaded library took over a program's entry point");
  if (status == 0) return ineffective("the loader ignored the library; /bin/true may be static");
  return absent("/bin/true could not be run to try it");
}

}  // namespace heapatlas::node
