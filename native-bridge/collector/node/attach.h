// Injects the runtime into a process that runs already, by ptrace, without a debugger, and makes it inert again.
// Entry: attach and detach, called by the collector's Attach and Detach. Must hold: the registers and the signal mask
// of the thread that is borrowed are restored exactly; a process that cannot be injected is refused with one sentence,
// untouched.
#pragma once

#include <cstdint>
#include <string>

namespace heapatlas::node {

struct AttachRequest {
  std::uint32_t pid = 0;
  std::string library;     // absolute path of libheapatlas-runtime.so, readable by the process under this path
  std::string folder;      // HEAPATLAS_DIR for it
  std::uint32_t mode = 0;  // ring::Mode
  std::string session;     // at most 63 bytes
};

// The runtime's side: extern "C" int heapatlas_attach(const char* folder, uint32_t mode, const char* session);
// 0 when its ring is up and the GOTs are rewritten, otherwise an errno; EALREADY when the process is watched already.
inline constexpr const char* kAttachFunction = "heapatlas_attach";
// extern "C" int heapatlas_detach(void); 0 when nothing is recorded any more and the GOTs are as they were.
inline constexpr const char* kDetachFunction = "heapatlas_detach";

struct AttachResult {
  std::uint32_t borrowedTid = 0;   // the thread that made the calls
  std::uint64_t stoppedNanos = 0;  // how long that thread was kept from its own work
};

// NodeError: NotFound, Denied, Unsupported (static, other architecture, other user, other mount namespace), Failed
// (with the loader's own words, or that the library does not export heapatlas_attach).
AttachResult attach(const AttachRequest& request);

// Undoes it; the library stays in the process, inert, for a thread may be inside it. NodeError as above.
AttachResult detach(std::uint32_t pid, const std::string& library);

}  // namespace heapatlas::node
