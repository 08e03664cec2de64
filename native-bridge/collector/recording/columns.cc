#include "recording/columns.h"

#include <algorithm>

#include "recording/zstd_context.h"

namespace heapatlas::recording {

namespace {

constexpr int kLevel = 1;  // higher ones take several times as long for a few bytes in a hundred

std::uint64_t bytesEach(v1::Encoding encoding) { return encoding == v1::BYTES ? 1 : kVarintBytes; }

// LEB128: the last byte of each is the only one below 0x80.
std::uint64_t integersIn(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint64_t>(
      std::count_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte < 0x80; }));
}

}  // namespace

void ColumnWriter::grow() {
  const auto used = static_cast<std::size_t>(at_ - bytes_.data());
  bytes_.resize(bytes_.size() * 2 + 4096);
  at_ = bytes_.data() + used;
  end_ = bytes_.data() + bytes_.size();
}

v1::Column ColumnWriter::take(std::string_view name, v1::Encoding encoding) {
  const auto used = static_cast<std::size_t>(at_ - bytes_.data());
  v1::Column column;
  column.set_name(std::string(name));
  column.set_encoding(encoding);
  column.set_count(encoding == v1::BYTES ? used : integersIn({bytes_.data(), used}));
  column.set_raw_bytes(used);
  if (used == 0) return column;         // of nothing zstd makes a frame, too; reading takes both
  thread_local std::vector<char> room;  // kept: fresh pages cost more than the compression
  if (room.size() < ZSTD_compressBound(used)) room.resize(ZSTD_compressBound(used));
  const std::size_t bytes = ZSTD_compressCCtx(compressor(), room.data(), room.size(), bytes_.data(), used, kLevel);
  if (ZSTD_isError(bytes) != 0) throw std::bad_alloc();  // it has the room, so it can lack memory only
  column.set_data(room.data(), bytes);
  at_ = bytes_.data();
  last_ = 0;
  return column;
}

void ColumnReader::open(const v1::Column& column, v1::Encoding encoding, std::uint64_t maxCount) {
  name_ = column.name();
  if (column.encoding() != encoding) fail("has another encoding");
  if (column.count() > maxCount) fail("has too many integers");
  if (column.raw_bytes() > column.count() * bytesEach(encoding)) fail("has too many bytes");
  const auto bytes = static_cast<std::size_t>(column.raw_bytes());
  if (bytes_.size() < bytes) bytes_.resize(bytes);
  const std::string& data = column.data();
  if (ZSTD_decompressDCtx(decompressor(), bytes_.data(), bytes, data.data(), data.size()) != bytes) {
    fail("cannot be decompressed");
  }
  at_ = bytes_.data();
  end_ = at_ + bytes;
  last_ = 0;
  count_ = column.count();
}

void ColumnReader::open(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::string_view name,
                        v1::Encoding encoding, std::uint64_t maxCount) {
  for (const v1::Column& column : columns) {
    if (column.name() == name) return open(column, encoding, maxCount);
  }
  name_ = name;
  fail("is missing");
}

std::uint64_t ColumnReader::rest(std::uint8_t first) {
  std::uint64_t value = first & 0x7f;
  if (static_cast<std::size_t>(end_ - at_) >= kVarintBytes - 1) {  // then none of its bytes can be missing
    const std::uint8_t* at = at_;
    for (unsigned shift = 7; shift < 64; shift += 7) {
      const std::uint8_t next = *at++;
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next >= 0x80) continue;
      at_ = at;
      return value;
    }
    fail("has an integer that does not end");
  }
  for (unsigned shift = 7; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
  fail("has an integer that does not end");
}

void ColumnReader::fail(const char* how) const { throw Damaged("column \"" + name_ + "\" " + how); }

v1::Column pack(std::string_view name, v1::Encoding encoding, std::span<const std::uint64_t> values) {
  ColumnWriter writer;
  for (const std::uint64_t value : values) {
    switch (encoding) {
      case v1::BYTES:
        writer.byte(static_cast<std::uint8_t>(value));
        break;
      case v1::ZIGZAG:
        writer.varint(zigzag(value));
        break;
      case v1::DELTA:
        writer.delta(value);
        break;
      default:
        writer.varint(value);
    }
  }
  return writer.take(name, encoding);
}

std::vector<std::uint64_t> unpack(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::string_view name,
                                  std::uint64_t maxCount) {
  ColumnReader reader;
  v1::Encoding encoding = v1::VARINT;
  for (const v1::Column& column : columns) {
    if (column.name() == name) encoding = column.encoding();
  }
  reader.open(columns, name, encoding, maxCount);
  std::vector<std::uint64_t> values(reader.count());
  for (std::uint64_t& value : values) {
    switch (encoding) {
      case v1::BYTES:
        value = reader.byte();
        break;
      case v1::ZIGZAG:
        value = unzigzag(reader.varint());
        break;
      case v1::DELTA:
        value = reader.delta();
        break;
      default:
        value = reader.varint();
    }
  }
  reader.close();
  return values;
}

}  // namespace heapatlas::recording
