// Columns of integers: what chunks, net effects and totals are made of.
// Entry: ColumnWriter builds one and ColumnReader reads one; pack and unpack do so for integers in memory.
// Must hold: nothing that a column says takes more memory than its reader allows, or reads outside of its bytes.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "recording.pb.h"

namespace heapatlas::recording {

// What was read is not what a recording holds; what() is one sentence.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

constexpr std::uint64_t zigzag(std::uint64_t difference) { return difference << 1 ^ (0 - (difference >> 63)); }
constexpr std::uint64_t unzigzag(std::uint64_t value) { return value >> 1 ^ (0 - (value & 1)); }

inline constexpr std::size_t kVarintBytes = 10;  // of the longest

// Memory is kept when a column is taken, for the next one.
class ColumnWriter {
 public:
  ColumnWriter() = default;
  ColumnWriter(const ColumnWriter&) = delete;
  ColumnWriter& operator=(const ColumnWriter&) = delete;
  void byte(std::uint8_t value) {
    reserve();
    *at_++ = value;
  }
  void varint(std::uint64_t value) {
    reserve();
    std::uint8_t* at = at_;
    for (; value >= 0x80; value >>= 7) *at++ = static_cast<std::uint8_t>(value | 0x80);
    *at++ = static_cast<std::uint8_t>(value);
    at_ = at;
  }
  void delta(std::uint64_t value) {
    varint(zigzag(value - last_));
    last_ = value;
  }
  v1::Column take(std::string_view name, v1::Encoding encoding);

 private:
  void reserve() {
    if (static_cast<std::size_t>(end_ - at_) < kVarintBytes) grow();
  }
  void grow();

  std::vector<std::uint8_t> bytes_;
  std::uint8_t* at_ = nullptr;  // in bytes_
  std::uint8_t* end_ = nullptr;
  std::uint64_t last_ = 0;
};

// Reads a column of at most so many integers. Memory is kept for the next one.
class ColumnReader {
 public:
  void open(const v1::Column& column, v1::Encoding encoding, std::uint64_t maxCount);
  // A column that must be there.
  void open(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::string_view name, v1::Encoding encoding,
            std::uint64_t maxCount);
  std::uint64_t count() const { return count_; }
  std::uint8_t byte() {
    if (at_ >= end_) fail("ends too early");
    return *at_++;
  }
  std::uint64_t varint() {
    const std::uint8_t first = byte();
    return first < 0x80 ? first : rest(first);
  }
  std::uint64_t delta() { return last_ += unzigzag(varint()); }
  bool atEnd() const { return at_ == end_; }
  // No integer of it may be left.
  void close() const {
    if (at_ != end_) fail("has more than was asked of it");
  }
  [[noreturn]] void fail(const char* how) const;

 private:
  std::uint64_t rest(std::uint8_t first);

  std::vector<std::uint8_t> bytes_;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t last_ = 0;
  std::uint64_t count_ = 0;
  std::string name_;
};

// An integer of that column that is one of 32 bits.
inline std::uint32_t narrow(std::uint64_t value, const ColumnReader& column) {
  if (value > std::numeric_limits<std::uint32_t>::max()) column.fail("has an integer of more than 32 bits");
  return static_cast<std::uint32_t>(value);
}

v1::Column pack(std::string_view name, v1::Encoding encoding, std::span<const std::uint64_t> values);
// Throws Damaged, also when there is no such column, or one of more integers than that.
std::vector<std::uint64_t> unpack(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::string_view name,
                                  std::uint64_t maxCount);

}  // namespace heapatlas::recording
