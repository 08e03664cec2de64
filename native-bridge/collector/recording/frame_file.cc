// See frame_file.h.
#include "recording/frame_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "recording/zstd_context.h"

namespace heapatlas::recording {
namespace {

constexpr std::uint32_t kMagic = 0x52464148;  // "HAFR", little endian
constexpr std::uint16_t kVersion = 0;         // of the layout and of what the messages mean …
constexpr std::uint16_t kLinesVersion = 1;    // … but for ChunkLines
constexpr int kCompressionLevel = 1;

struct FrameHeader {
  std::uint32_t magic = kMagic;
  std::uint16_t type = 0;
  std::uint16_t version = kVersion;
  std::uint64_t length = 0;
  std::uint32_t payloadSum = 0;
  std::uint32_t headerSum = 0;
};
static_assert(sizeof(FrameHeader) == kFrameHeaderBytes);

std::uint32_t headerSum(const FrameHeader& header) {
  return sumOf({reinterpret_cast<const char*>(&header), offsetof(FrameHeader, headerSum)});
}

bool isWhole(const FrameHeader& header) {
  return header.magic == kMagic && header.length <= kMaxFrameBytes && header.headerSum == headerSum(header);
}

std::uint16_t versionOf(FrameType type) { return type == FrameType::ChunkLines ? kLinesVersion : kVersion; }

RecordingError failed(const std::string& what, const std::string& path) {
  return RecordingError("cannot " + what + " " + path + ": " + std::strerror(errno));
}

// All of it, or as much as there is.
std::size_t readAt(int fd, void* to, std::size_t bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t now = pread(fd, static_cast<char*>(to) + done, bytes - done, static_cast<off_t>(offset + done));
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) break;
    done += static_cast<std::size_t>(now);
  }
  return done;
}

void writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t now = write(fd, bytes.data(), bytes.size());
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) throw std::system_error(now < 0 ? errno : ENOSPC, std::generic_category());
    bytes.remove_prefix(static_cast<std::size_t>(now));
  }
}

}  // namespace

std::uint32_t sumOf(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string compressed(std::string_view raw) {
  std::string out(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(compressor(), out.data(), out.size(), raw.data(), raw.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0) throw RecordingError(std::string("cannot compress: ") + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

std::string decompressed(std::string_view data, std::uint64_t mostBytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(data.data(), data.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > mostBytes) {
    throw RecordingError("a part says no size that it could have");
  }
  std::string out(size, '\0');
  const std::size_t done = ZSTD_decompressDCtx(decompressor(), out.data(), out.size(), data.data(), data.size());
  if (ZSTD_isError(done) != 0 || done != size) throw RecordingError("a compressed part is damaged");
  return out;
}

void sealName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const collector::FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A file system that cannot seal a folder says EINVAL, and is taken as it is.
  if (!opened || (fsync(opened.get()) != 0 && errno != EINVAL)) throw failed("write", folder);
}

FrameWriter::FrameWriter(const std::string& path)
    : path_(path), file_(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) {
  if (!file_ || flock(file_.get(), LOCK_EX) != 0) throw failed("make", path_);
}

FrameRef FrameWriter::append(FrameType type, std::string_view payload) {
  if (payload.size() > kMaxFrameBytes) throw RecordingError("a part of " + path_ + " would be larger than 1 GiB");
  FrameHeader header;
  header.type = static_cast<std::uint16_t>(type);
  header.version = versionOf(type);
  header.length = payload.size();
  header.payloadSum = sumOf(payload);
  header.headerSum = headerSum(header);
  try {
    writeAll(file_.get(), {reinterpret_cast<const char*>(&header), sizeof header});
    writeAll(file_.get(), payload);
  } catch (const std::system_error& error) {
    // What is left of the frame when that fails too is a torn end, which a reader leaves out.
    [[maybe_unused]] const int cut = ftruncate(file_.get(), static_cast<off_t>(bytes_));
    errno = error.code().value();
    throw failed("write", path_);
  }
  const FrameRef frame{type, bytes_ + sizeof header, header.length, header.payloadSum};
  bytes_ += sizeof header + payload.size();
  return frame;
}

std::string FrameWriter::read(const FrameRef& frame) const {
  std::string payload(frame.length, '\0');
  const bool whole = readAt(file_.get(), payload.data(), payload.size(), frame.offset) == payload.size();
  if (!whole || sumOf(payload) != frame.sum) throw failed("read back", path_);
  return payload;
}

void FrameWriter::seal() {
  if (fdatasync(file_.get()) != 0) throw failed("write", path_);
  if (!std::exchange(nameSealed_, true)) sealName(path_);
}

void FrameWriter::rename(const std::string& path) {
  if (std::rename(path_.c_str(), path.c_str()) != 0) throw failed("replace", path);
  path_ = path;
  sealName(path_);
}

FrameFile::FrameFile(const std::string& path)
    : path_(path), file_(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) {
  struct stat facts {};
  if (!file_ || fstat(file_.get(), &facts) != 0) throw failed("read", path_);
  if (!S_ISREG(facts.st_mode)) throw RecordingError(path_ + " is no regular file");
  extend();
}

void FrameFile::extend() {
  struct stat facts {};
  if (fstat(file_.get(), &facts) != 0) throw failed("read", path_);
  size_ = static_cast<std::uint64_t>(facts.st_size);
  while (size_ - scanned_ >= kFrameHeaderBytes && frames_.size() < kMaxFrames) {
    FrameHeader header;
    if (readAt(file_.get(), &header, sizeof header, scanned_) != sizeof header) break;
    if (isWhole(header)) {
      if (size_ - scanned_ - sizeof header < header.length) break;  // still being written, or torn
      const auto type = static_cast<FrameType>(header.type);
      if (header.version > versionOf(type)) {
        ++newerFrames_;
      } else {
        frames_.push_back({type, scanned_ + sizeof header, header.length, header.payloadSum});
      }
      scanned_ += sizeof header + header.length;
      continue;
    }
    const std::optional<std::uint64_t> next = nextHeader(scanned_ + 1);
    if (!next) break;
    damagedBytes_ += *next - scanned_;
    scanned_ = *next;
  }
}

// Where the next whole header begins.
std::optional<std::uint64_t> FrameFile::nextHeader(std::uint64_t from) const {
  std::array<char, 1 << 16> window{};
  for (std::uint64_t at = from; at + kFrameHeaderBytes <= size_; at += window.size() - kFrameHeaderBytes) {
    const std::size_t got = readAt(file_.get(), window.data(), window.size(), at);
    for (std::size_t i = 0; i + kFrameHeaderBytes <= got; ++i) {
      FrameHeader header;
      std::memcpy(&header, window.data() + i, sizeof header);
      if (isWhole(header)) return at + i;
    }
    if (got < window.size()) break;
  }
  return std::nullopt;
}

bool FrameFile::beingWritten() const {
  if (flock(file_.get(), LOCK_SH | LOCK_NB) != 0) return errno == EWOULDBLOCK;
  flock(file_.get(), LOCK_UN);
  return false;
}

// The lock is asked first: a writer that has let go of it since the file was read may have left more than was seen.
bool FrameFile::isFinal() const {
  struct stat facts {};
  return !beingWritten() && fstat(file_.get(), &facts) == 0 && static_cast<std::uint64_t>(facts.st_size) == size_;
}

bool FrameFile::replaced() const {
  struct stat named {};
  struct stat own {};
  return lstat(path_.c_str(), &named) == 0 && fstat(file_.get(), &own) == 0 && named.st_ino != own.st_ino;
}

std::vector<std::string> FrameFile::missing() const {
  std::vector<std::string> sentences;
  if (damagedBytes_ != 0) {
    sentences.push_back(std::to_string(damagedBytes_) + " bytes of " + path_ +
                        " are damaged; what was in them is missing");
  }
  if (newerFrames_ != 0) {
    sentences.push_back(
        std::to_string(newerFrames_) + " parts of " + path_ +
        " were written by a newer version of HeapAtlas, and are left out; read the recording with that one");
  }
  if (frames_.size() >= kMaxFrames) {
    sentences.push_back(path_ + " has more than " + std::to_string(kMaxFrames) + " parts; the others are left out");
  } else if (tornBytes() != 0 && isFinal()) {
    sentences.push_back("the last " + std::to_string(tornBytes()) + " bytes of " + path_ +
                        " are no whole part: writing was cut short there");
  }
  return sentences;
}

std::optional<std::string> FrameFile::read(const FrameRef& frame) const {
  std::string payload(frame.length, '\0');
  if (readAt(file_.get(), payload.data(), payload.size(), frame.offset) != payload.size()) return std::nullopt;
  if (sumOf(payload) != frame.sum) return std::nullopt;
  return payload;
}

std::optional<std::string> FrameFile::readPart(const FrameRef& frame, std::uint64_t from, std::uint64_t bytes,
                                               std::uint32_t sum) const {
  if (from > frame.length || bytes > frame.length - from) return std::nullopt;
  std::string part(bytes, '\0');
  if (readAt(file_.get(), part.data(), part.size(), frame.offset + from) != part.size()) return std::nullopt;
  if (sumOf(part) != sum) return std::nullopt;
  return part;
}

}  // namespace heapatlas::recording
