// libFuzzer target: arbitrary bytes as a chunk of a recording. The first byte chooses: a message with all its parts, or
// the number of events and the bytes of each column as they are when decompressed, which zstd would hardly let through.
// Must hold: decoded or Damaged; what was decoded, encoded and decoded again, is the same; the filter of lines knows
// every block of it.
#include <zstd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "recording/chunk_codec.h"
#include "recording/line_filter.h"

using namespace heapatlas::recording;
namespace v1 = heapatlas::v1;

namespace {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::size_t number() {
    const std::string bytes = take(2);
    return bytes.size() < 2 ? 0
                            : static_cast<std::uint8_t>(bytes[0]) |
                                  static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[1])) << 8;
  }
  std::string take(std::size_t bytes) {
    const std::size_t taken = std::min(bytes, size_);
    std::string result(reinterpret_cast<const char*>(data_), taken);
    data_ += taken;
    size_ -= taken;
    return result;
  }
  std::string rest() { return take(size_); }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

void fill(v1::Column& column, const std::string& raw) {
  std::uint64_t count = 0;
  for (const char byte : raw) count += column.encoding() == v1::BYTES || (byte & 0x80) == 0 ? 1 : 0;
  column.set_count(count);
  column.set_raw_bytes(raw.size());
  std::string data(ZSTD_compressBound(raw.size()), '\0');
  data.resize(ZSTD_compress(data.data(), data.size(), raw.data(), raw.size(), 1));
  column.set_data(data);
}

v1::Chunk encode(const std::vector<Event>& events) {
  static ChunkEncoder encoder;  // made once: its tables are large
  Pairing pairing;
  return encoder.encode(events, pairing.pair(events, 0), 0, 0);
}

v1::Chunk chunkOf(Input& input) {
  static const v1::Chunk empty = encode({});
  v1::Chunk chunk = empty;
  chunk.set_count(input.number());
  for (v1::Column& column : *chunk.mutable_columns()) fill(column, input.take(input.number()));
  return chunk;
}

bool same(const Event& a, const Event& b) {
  return a.nanos == b.nanos && a.address == b.address && a.size == b.size && a.context == b.context &&
         a.stack == b.stack && a.thread == b.thread && a.what == b.what;
}

void checkAgain(const std::vector<Event>& events) {
  const v1::Chunk chunk = encode(events);
  const Rows again = decode(chunk);
  if (again.events.size() != events.size()) std::abort();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    if (!same(again.events[i], event)) std::abort();
    if (beginsBlock(event.what) && event.address != ~0ull && !mayCover(chunk, event.address, event.address + 1)) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  Input input(data + 1, size - 1);
  v1::Chunk chunk;
  if (data[0] % 2 == 0) {
    chunk = chunkOf(input);
  } else if (!chunk.ParseFromString(input.rest())) {
    return 0;
  }
  mayCover(chunk, 0x1000, 0x2000);
  if (chunk.count() > 1 << 16) chunk.set_count(1 << 16);
  try {
    checkAgain(decode(chunk).events);
  } catch (const Damaged&) {
  }
  return 0;
}
