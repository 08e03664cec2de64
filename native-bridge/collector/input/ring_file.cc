// See ring_file.h.
#include "input/ring_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "input/utf8.h"
#include "node/text_file.h"

namespace heapatlas::collector {
namespace {

using ring::Header;

// A file descriptor that closes itself.
struct Descriptor {
  int fd;
  explicit Descriptor(int value) : fd(value) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

std::string bounded(const char* text, std::size_t bytes) { return {text, strnlen(text, bytes)}; }

// A copy is split, for the program may write meanwhile.
std::vector<std::string> argumentsOf(const Header& header) {
  const std::size_t bytes = std::min<std::size_t>(header.argumentBytes, sizeof header.arguments);
  return node::stringsIn(std::string(header.arguments, bytes));
}

std::string folderOf(const std::string& path) { return path.substr(0, path.rfind("/rings/")); }

void check(const struct stat& facts, const std::string& path) {
  if (!S_ISREG(facts.st_mode)) throw InputError(path + " is not a regular file; remove it from the rings folder");
  if (facts.st_uid != geteuid()) {
    throw InputError(path + " belongs to another user; only rings of the collector's own user are read");
  }
  if (facts.st_nlink > 1) throw InputError(path + " has a second name; remove it from the rings folder");
  if (facts.st_size > 0 && facts.st_size <= ring::kLargestError) {
    throw InputError("there is no memory for a ring in " + folderOf(path) + " (" +
                     std::strerror(static_cast<int>(facts.st_size)) +
                     "); make room there, or name another folder in HEAPATLAS_DIR");
  }
}

std::string ownName() {
  std::array<char, 4096> executable{};
  const ssize_t length = readlink("/proc/self/exe", executable.data(), executable.size() - 1);
  return "process " + std::to_string(getpid()) + (length > 0 ? std::string(", ") + executable.data() : "");
}

void check(const Header& header, std::uint64_t fileBytes, const std::string& path) {
  if (header.magic != ring::kMagic)
    throw InputError(path + " is not a HeapAtlas ring; remove it from the rings folder");
  if (header.version != ring::kVersion) {
    throw InputError(path + " has ring format " + std::to_string(header.version) + ", and the collector that runs (" +
                     ownName() + ") reads format " + std::to_string(ring::kVersion) +
                     "; end it, and the next start brings the runtime's own, or give each installation a folder of "
                     "its own in HEAPATLAS_DIR");
  }
  if (header.headerBytes != ring::kControlsOffset || header.fileBytes != ring::kFileBytes ||
      fileBytes < ring::kFileBytes) {
    throw InputError(path + " is cut short or has other dimensions than its format says; remove it");
  }
}

}  // namespace

std::optional<RingFile> RingFile::open(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.fd < 0) throw InputError("cannot open the ring " + path + ": " + std::strerror(errno));
  struct stat facts {};
  if (fstat(file.fd, &facts) != 0) throw InputError("cannot inspect the ring " + path + ": " + std::strerror(errno));
  check(facts, path);
  // Before it is mapped: a short file would fault. What was read before the header was whole is read again.
  alignas(Header) std::array<std::byte, sizeof(Header)> copy{};
  const auto* header = reinterpret_cast<const Header*>(copy.data());
  const auto readHeader = [&] {
    return pread(file.fd, copy.data(), copy.size(), 0) == static_cast<ssize_t>(copy.size());
  };
  if (!readHeader() || header->ready.load(std::memory_order_acquire) != 1) return std::nullopt;
  if (!readHeader() || fstat(file.fd, &facts) != 0) {
    throw InputError("cannot inspect the ring " + path + ": " + std::strerror(errno));
  }
  check(*header, static_cast<std::uint64_t>(facts.st_size), path);
  void* base = mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file.fd, 0);
  if (base == MAP_FAILED) throw InputError("cannot map the ring " + path + ": " + std::strerror(errno));
  return RingFile(static_cast<std::byte*>(base), path, true);
}

RingFile RingFile::overMemory(std::byte* bytes, std::uint32_t pid) {
  RingFile file(bytes, "", false);
  file.identity_.pid = pid;
  return file;
}

RingFile::RingFile(std::byte* base, std::string path, bool mapped)
    : base_(base), path_(std::move(path)), mapped_(mapped) {
  if (mapped_) guard_ = std::make_unique<BusGuard>(base_, ring::kFileBytes);
  const Header& h = header();
  identity_ = {h.pid,
               h.parentPid,
               h.processStart,
               h.startTicks,
               h.startNanos,
               h.startRealNanos,
               h.runtimeFlags,
               printable(bounded(h.session, sizeof(h.session))),
               bounded(h.executable, sizeof(h.executable)),
               argumentsOf(h)};
  // Started by hand: a session of its own, which whoever attaches to it can join.
  if (identity_.session.empty()) identity_.session = "process-" + std::to_string(identity_.pid);
}

RingFile::RingFile(RingFile&& other) noexcept
    : base_(other.base_),
      path_(std::move(other.path_)),
      mapped_(other.mapped_),
      guard_(std::move(other.guard_)),
      identity_(std::move(other.identity_)) {
  other.base_ = nullptr;
  other.mapped_ = false;
}

RingFile::~RingFile() {
  if (mapped_) munmap(base_, ring::kFileBytes);
}

std::uint32_t RingFile::ringCount() const {
  return std::min(header().ringCount.load(std::memory_order_acquire), ring::kMaxRings);
}

std::uint32_t RingFile::moduleCount() const {
  return std::min(header().moduleCount.load(std::memory_order_acquire), ring::kMaxModules);
}

ModuleSnapshot RingFile::module(std::uint32_t index) const {
  const auto& m = reinterpret_cast<const ring::Module*>(base_ + ring::kModulesOffset)[index % ring::kMaxModules];
  const std::size_t idBytes = std::min<std::size_t>(m.buildIdBytes, sizeof(m.buildId));
  return {m.start,
          m.end,
          m.bias,
          m.loadedTicks,
          m.unloadedTicks.load(std::memory_order_acquire),
          {m.buildId, m.buildId + idBytes},
          bounded(m.path, sizeof(m.path))};
}

std::vector<ring::StackNode> RingFile::stack(std::uint32_t node) const {
  const std::uint32_t count = std::min(header().nodeCount.load(std::memory_order_acquire), ring::kMaxNodes);
  std::vector<ring::StackNode> path;
  while (node != 0 && node < count && path.size() < kMaxDepth) {
    const ring::StackNode frame = this->node(node);
    path.push_back(frame);
    node = frame.parent;
  }
  return path;
}

void RingFile::releaseData() const {
  if (mapped_) madvise(base_ + ring::kShardsOffset, ring::kFileBytes - ring::kShardsOffset, MADV_REMOVE);
}

std::uint32_t RingFile::nameCount() const {
  return std::min(header().nameCount.load(std::memory_order_acquire), ring::kMaxNames);
}

std::string RingFile::name(std::uint32_t index) const {
  if (index >= nameCount()) return "";
  const auto& shared = reinterpret_cast<const ring::Name*>(base_ + ring::kNamesOffset)[index];
  return printable(bounded(shared.text, sizeof shared.text));
}

std::string RingFile::folder() const { return folderOf(path_); }

std::string RingFile::allocator() const { return printable(bounded(header().allocator, sizeof(header().allocator))); }

}  // namespace heapatlas::collector
