// A vector on huge pages, for tables of many megabytes that are read at random: a fault for each small page of such a
// table takes longer than all that is done with it. Entry: HugeVector.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace heapatlas::recording {

template <typename T>
class HugePages {
 public:
  using value_type = T;
  HugePages() = default;
  template <typename Other>
  explicit(false) HugePages(const HugePages<Other>& /*other*/) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* memory = ::operator new(bytes, alignment(bytes));
    if (bytes >= kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);  // where there are none, small ones serve
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment(count * sizeof(T))); }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;
  static std::align_val_t alignment(std::size_t bytes) {
    return static_cast<std::align_val_t>(bytes >= kHugePage ? kHugePage : alignof(std::max_align_t));
  }
};

template <typename T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace heapatlas::recording
