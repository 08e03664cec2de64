// See mappings.h.
#include "mappings.h"

#include <fcntl.h>

#include "system.h"

namespace heapatlas::runtime {
namespace {

// Gives the bytes of a file one by one, -1 at its end.
class Bytes {
 public:
  explicit Bytes(const char* path)
      : file_(static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0))) {}
  ~Bytes() {
    if (file_ >= 0) syscall(SYS_close, file_);
  }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  int next() {
    if (at_ == end_) {
      const long got = file_ >= 0 ? syscall(SYS_read, file_, buffer_, sizeof buffer_) : -1;
      if (got <= 0) return -1;
      at_ = 0;
      end_ = got;
    }
    return static_cast<unsigned char>(buffer_[at_++]);
  }

 private:
  int file_;
  long at_ = 0;
  long end_ = 0;
  char buffer_[2048];
};

// A hexadecimal number, and the byte behind it.
int readHex(Bytes& bytes, std::uint64_t& value) {
  value = 0;
  for (;;) {
    const int byte = bytes.next();
    const int digit = byte >= '0' && byte <= '9' ? byte - '0' : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
    if (digit < 0) return byte;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
}

}  // namespace

std::uint64_t mappingAround(std::uint64_t low, std::uint64_t high) {
  const ErrnoKept errnoKept;
  Bytes bytes("/proc/self/maps");
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  while (readHex(bytes, from) == '-') {
    int byte = readHex(bytes, to);
    if (from <= low && low < to) return from <= high && high < to ? from : 0;
    while (byte != '\n' && byte >= 0) byte = bytes.next();
  }
  return 0;
}

}  // namespace heapatlas::runtime
