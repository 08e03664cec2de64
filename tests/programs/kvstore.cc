// A small key-value store that says what its memory is for, by probe/heapatlas.h: values carry their tenant, the index
// and the log their tags, and its slab allocator reports its own blocks. Prints on one line a name what it holds at its
// end, in bytes and blocks; then waits for its input to end. Watched from outside by the tests, and run by itself.
//   kvstore [KEYS]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "probe/heapatlas.h"

namespace {

heapatlas_name indexTag{"index", 0};
heapatlas_name logTag{"log", 0};
heapatlas_name valueType{"value", 0};
heapatlas_name slabPool{"slab", 0};

// Hands out cells of one size from chunks of malloc; it frees none of its chunks.
class Slab {
 public:
  static constexpr std::size_t kCell = 48;

  void* take() {
    if (free_.empty()) refill();
    void* cell = free_.back();
    free_.pop_back();
    heapatlas_pool_alloc(&slabPool, cell, kCell);
    return cell;
  }
  void giveBack(void* cell) {
    heapatlas_pool_free(&slabPool, cell);
    free_.push_back(cell);
  }

 private:
  void refill() {
    constexpr std::size_t kCells = 128;
    chunks_.push_back(std::make_unique<char[]>(kCells * kCell));
    for (std::size_t i = 0; i < kCells; ++i) free_.push_back(chunks_.back().get() + i * kCell);
  }
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::vector<void*> free_;
};

struct Value {
  char* text;
  void* cell;
};

class Tenant {
 public:
  explicit Tenant(std::string name) : text_(std::move(name)), name_{text_.c_str(), 0} {}

  void put(int key, std::size_t bytes) {
    const heapatlas::Scope tenant(HEAPATLAS_TENANT, name_);
    Value value{};
    {
      const heapatlas::Scope type(HEAPATLAS_OBJECT_TYPE, valueType);
      value.text = static_cast<char*>(std::malloc(bytes));
    }
    std::memset(value.text, 'v', bytes);
    value.cell = slab_.take();
    bytes_ += bytes;
    {
      const heapatlas::Scope tag(HEAPATLAS_TAG, indexTag);
      index_.emplace(key, value);
    }
    const heapatlas::Scope tag(HEAPATLAS_TAG, logTag);
    log_.emplace_back("put " + std::to_string(key) + " with more text than fits into a string itself");
  }
  void erase(int key, std::size_t bytes) {
    const auto found = index_.find(key);
    std::free(found->second.text);
    slab_.giveBack(found->second.cell);
    index_.erase(found);
    bytes_ -= bytes;
  }

  const std::string& name() const { return text_; }
  std::size_t values() const { return index_.size(); }
  std::size_t valueBytes() const { return bytes_; }

 private:
  std::string text_;
  heapatlas_name name_;
  Slab slab_;
  std::unordered_map<int, Value> index_;
  std::deque<std::string> log_;
  std::size_t bytes_ = 0;
};

std::size_t sizeOf(int key) { return 100 + static_cast<std::size_t>(key) % 1000; }

void serve(Tenant& tenant, int keys) {
  for (int key = 0; key < keys; ++key) tenant.put(key, sizeOf(key));
  for (int key = 0; key < keys; key += 3) tenant.erase(key, sizeOf(key));
}

}  // namespace

int main(int argc, char** argv) {
  const int keys = argc > 1 ? std::atoi(argv[1]) : 3000;
  Tenant north("north");
  Tenant south("south");
  std::thread other(serve, std::ref(south), keys);
  serve(north, keys * 2);
  other.join();
  for (const Tenant* tenant : {&north, &south}) {
    std::printf("%s %zu %zu\n", tenant->name().c_str(), tenant->valueBytes(), tenant->values());
  }
  const std::size_t cells = north.values() + south.values();
  std::printf("value %zu %zu\nslab %zu %zu\n", north.valueBytes() + south.valueBytes(), cells, cells * Slab::kCell,
              cells);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  std::_Exit(0);
}
