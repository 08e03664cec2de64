// A cursor over the bytes of .eh_frame and .eh_frame_hdr. Used by eh_frame.cc and cfa_program.cc, on tables that the
// loader has mapped; encodings as in LSB 5 core §10.5. Must hold: nothing outside of its bounds is read, whatever the
// tables say; there everything is 0, and the cursor stands at the end.
#pragma once

#include <cstdint>
#include <cstring>

namespace heapatlas::unwind {

// The bytes from begin to end, which is exclusive.
struct Bounds {
  std::uint64_t begin;
  std::uint64_t end;
};

class TableReader {
 public:
  TableReader(Bounds bounds, std::uint64_t at)
      : end_(bounds.end), at_(at >= bounds.begin && at <= bounds.end ? at : bounds.end) {}
  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return end_ - at_; }
  void skip(std::uint64_t bytes) { at_ += bytes < left() ? bytes : left(); }
  // From here on, with an end that is nearer.
  TableReader first(std::uint64_t bytes) const { return {{at_, at_ + (bytes < left() ? bytes : left())}, at_}; }

  template <typename T>
  T take() {
    T value{};
    if (left() < sizeof(T)) {
      at_ = end_;
      return value;
    }
    std::memcpy(&value, reinterpret_cast<const void*>(at_), sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  std::uint64_t unsignedLeb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = take<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    return value;
  }

  std::int64_t signedLeb() {
    std::uint64_t value = 0;
    unsigned shift = 0;
    std::uint8_t byte = 0x80;
    while ((byte & 0x80) != 0 && shift < 64) {
      byte = take<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    }
    if (shift < 64 && (byte & 0x40) != 0) value |= ~0ull << shift;
    return static_cast<std::int64_t>(value);
  }

  // A pointer in a DW_EH_PE encoding, relative to itself or to `data`; 0 when it is absent or of an unknown form.
  std::uint64_t encoded(std::uint8_t encoding, std::uint64_t data) {
    if ((encoding & 0x80) != 0) return 0;  // absent, or behind a pointer, which no table here needs
    const std::uint64_t here = at_;
    std::uint64_t value = plain(encoding & 0x0f);
    if (value == 0) return 0;
    if ((encoding & 0x70) == 0x10) value += here;
    if ((encoding & 0x70) == 0x30) value += data;
    return value;
  }

 private:
  std::uint64_t plain(std::uint8_t form) {
    switch (form) {
      case 0x00:
      case 0x04:
      case 0x0c:
        return take<std::uint64_t>();
      case 0x01:
        return unsignedLeb();
      case 0x02:
        return take<std::uint16_t>();
      case 0x03:
        return take<std::uint32_t>();
      case 0x09:
        return static_cast<std::uint64_t>(signedLeb());
      case 0x0a:
        return static_cast<std::uint64_t>(std::int64_t{take<std::int16_t>()});
      case 0x0b:
        return static_cast<std::uint64_t>(std::int64_t{take<std::int32_t>()});
      default:
        return 0;
    }
  }

  std::uint64_t end_;
  std::uint64_t at_;
};

}  // namespace heapatlas::unwind
