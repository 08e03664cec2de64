#include "node/memory.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "node/error.h"

namespace heapatlas::node {
namespace {

constexpr std::uint64_t kPage = 4096;
// The kernel stops at the first remote piece that it cannot read whole, so pieces are pages; this many go in one call.
constexpr std::size_t kPieces = 512;

NodeError refused(std::uint32_t pid, int error) {
  const std::string process = "process " + std::to_string(pid);
  if (error == ESRCH) return {ErrorKind::NotFound, "There is no " + process + "; it may have ended."};
  if (error == EPERM) {
    return {ErrorKind::Denied, "The kernel refuses to read memory of " + process +
                                   "; run the collector as the process's user, and see kernel.yama.ptrace_scope."};
  }
  return {ErrorKind::Failed, "Memory of " + process + " cannot be read: " + std::strerror(error) + "."};
}

// Bytes read from address on, at most count; short at the first unreadable page.
std::uint64_t readSome(std::uint32_t pid, std::uint64_t address, std::uint8_t* to, std::uint64_t count) {
  std::vector<iovec> remote;
  for (std::uint64_t at = 0; at < count && remote.size() < kPieces;) {
    const std::uint64_t piece = std::min(count - at, kPage - (address + at) % kPage);
    remote.push_back({reinterpret_cast<void*>(address + at), piece});
    at += piece;
  }
  std::uint64_t wanted = 0;
  for (const iovec& piece : remote) wanted += piece.iov_len;
  const iovec local{.iov_base = to, .iov_len = wanted};
  const ssize_t got = process_vm_readv(static_cast<pid_t>(pid), &local, 1, remote.data(), remote.size(), 0);
  if (got >= 0) return static_cast<std::uint64_t>(got);
  if (errno == EFAULT || errno == EIO) return 0;
  throw refused(pid, errno);
}

}  // namespace

MemoryBytes readMemory(std::uint32_t pid, std::uint64_t address, std::uint64_t count) {
  if (count > kMaxReadBytes) {
    throw NodeError(ErrorKind::Unsupported, "At most " + std::to_string(kMaxReadBytes) +
                                                " bytes can be read at once; ask for less than " +
                                                std::to_string(count) + ".");
  }
  MemoryBytes answer;
  // An address range that wraps around has nothing behind the last byte.
  const std::uint64_t readable = std::min(count, address == 0 ? count : ~address + 1);
  answer.data.resize(readable);
  std::uint64_t done = 0;
  while (done < readable) {
    const std::uint64_t got = readSome(pid, address + done, answer.data.data() + done, readable - done);
    if (got == 0) break;
    done += got;
  }
  answer.data.resize(done);
  answer.unreadable = count - done;
  return answer;
}

}  // namespace heapatlas::node
