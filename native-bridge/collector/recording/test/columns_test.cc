// Columns of integers: there and back, and what is refused.
#include "recording/columns.h"

#include <gtest/gtest.h>

#include <random>

namespace heapatlas::recording {
namespace {

using Columns = google::protobuf::RepeatedPtrField<v1::Column>;

TEST(Columns, GiveBackTheirIntegersInEveryEncoding) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> values(10'000);
  for (std::uint64_t& value : values) value = random() >> random() % 64;
  values.front() = 0;
  values.back() = ~0ull;
  for (const v1::Encoding encoding : {v1::VARINT, v1::ZIGZAG, v1::DELTA}) {
    Columns columns;
    *columns.Add() = pack("some", encoding, values);
    EXPECT_EQ(unpack(columns, "some", values.size()), values);
  }
  for (std::uint64_t& value : values) value &= 0xff;
  Columns columns;
  *columns.Add() = pack("some", v1::BYTES, values);
  EXPECT_EQ(unpack(columns, "some", values.size()), values);
}

v1::Column three() { return pack("three", v1::VARINT, std::vector<std::uint64_t>{1, 2, 300}); }

void expectRefused(const v1::Column& column, const std::string& how) {
  Columns columns;
  *columns.Add() = column;
  try {
    unpack(columns, "three", 3);
    FAIL() << "not refused: " << how;
  } catch (const Damaged& damaged) {
    EXPECT_EQ(damaged.what(), "column \"three\" " + how);
  }
}

TEST(Columns, RefuseWhatTheyCannotHold) {
  v1::Column column = three();
  column.set_count(4);
  expectRefused(column, "has too many integers");
  column = three();
  column.set_count(2);
  expectRefused(column, "has more than was asked of it");
  column = three();
  column.set_raw_bytes(31);
  expectRefused(column, "has too many bytes");
  column = three();
  column.set_raw_bytes(5);
  expectRefused(column, "cannot be decompressed");
  column = three();
  column.mutable_data()->resize(3);
  expectRefused(column, "cannot be decompressed");
}

TEST(Columns, RefuseIntegersThatEndTooEarlyOrNever) {
  ColumnWriter writer;
  writer.byte(0x80);
  v1::Column cut = writer.take("three", v1::VARINT);
  cut.set_count(1);
  expectRefused(cut, "ends too early");
  for (int i = 0; i < 30; ++i) writer.byte(0xff);
  v1::Column endless = writer.take("three", v1::VARINT);
  endless.set_count(3);
  expectRefused(endless, "has an integer that does not end");
}

}  // namespace
}  // namespace heapatlas::recording
