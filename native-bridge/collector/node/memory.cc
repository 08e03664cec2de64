#include "node/memory.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "node/descriptor.h"
#include "node/error.h"
#include "node/proc.h"

namespace heapatlas::node {
namespace {

constexpr std::uint64_t kPage = 4096;
// The kernel stops at the first remote piece that it cannot read whole, so pieces are pages; this many go in one call.
constexpr std::size_t kPieces = 512;

enum class Access { Read, Write };

NodeError refused(std::uint32_t pid, int error, Access access) {
  const std::string process = "process " + std::to_string(pid);
  if (error == ESRCH) return {ErrorKind::NotFound, "There is no " + process + "; it may have ended."};
  if (error == EPERM || error == EACCES) {
    const std::string deed = access == Access::Read ? "read" : "write";
    return {ErrorKind::Denied, "The kernel refuses to " + deed + " memory of " + process +
                                   "; run the collector as the process's user, and see kernel.yama.ptrace_scope."};
  }
  const std::string done = access == Access::Read ? "read" : "written";
  return {ErrorKind::Failed, "Memory of " + process + " cannot be " + done + ": " + std::strerror(error) + "."};
}

// The beginning of a range as the pieces of one call; their sizes add up to what the call can transfer.
std::vector<iovec> piecesOf(std::uint64_t address, std::uint64_t count) {
  std::vector<iovec> pieces;
  for (std::uint64_t at = 0; at < count && pieces.size() < kPieces;) {
    const std::uint64_t piece = std::min(count - at, kPage - (address + at) % kPage);
    pieces.push_back({reinterpret_cast<void*>(address + at), piece});
    at += piece;
  }
  return pieces;
}

std::uint64_t bytesOf(const std::vector<iovec>& pieces) {
  std::uint64_t bytes = 0;
  for (const iovec& piece : pieces) bytes += piece.iov_len;
  return bytes;
}

// Bytes read from address on, at most count; short at the first unreadable page.
std::uint64_t readSome(std::uint32_t pid, std::uint64_t address, std::uint8_t* to, std::uint64_t count) {
  const std::vector<iovec> remote = piecesOf(address, count);
  const iovec local{.iov_base = to, .iov_len = bytesOf(remote)};
  const ssize_t got = process_vm_readv(static_cast<pid_t>(pid), &local, 1, remote.data(), remote.size(), 0);
  if (got >= 0) return static_cast<std::uint64_t>(got);
  if (errno == EFAULT || errno == EIO) return 0;
  throw refused(pid, errno, Access::Read);
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

void writeMemory(std::uint32_t pid, std::uint64_t startTicks, std::uint64_t address,
                 std::span<const std::uint8_t> bytes) {
  if (bytes.size() > kMaxWriteBytes) {
    throw NodeError(ErrorKind::Unsupported, "At most " + std::to_string(kMaxWriteBytes) +
                                                " bytes can be written at once, not " + std::to_string(bytes.size()) +
                                                ".");
  }
  // The file holds on to the memory of the program that has the pid now, whatever takes the pid afterwards; only then
  // is its start time compared. It also takes what the program itself may only read, such as its code.
  const std::string path = "/proc/" + std::to_string(pid) + "/mem";
  const Descriptor memory(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (memory.number() < 0) throw refused(pid, errno == ENOENT ? ESRCH : errno, Access::Write);
  if (ProcFs().startTicks(pid) != startTicks) throw refused(pid, ESRCH, Access::Write);
  std::uint64_t done = 0;
  while (done < bytes.size()) {
    const std::uint64_t piece = std::min(bytes.size() - done, kPage - (address + done) % kPage);
    const ssize_t got = pwrite(memory.number(), bytes.data() + done, piece, static_cast<off_t>(address + done));
    if (got <= 0) {
      throw NodeError(ErrorKind::Failed, "Only " + std::to_string(done) + " of " + std::to_string(bytes.size()) +
                                             " bytes could be written into process " + std::to_string(pid) +
                                             "; what lies behind them is not mapped, or cannot be changed.");
    }
    done += static_cast<std::uint64_t>(got);
  }
}

}  // namespace heapatlas::node
