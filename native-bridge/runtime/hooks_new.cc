// Every operator new and delete. Each goes to the one that the process would have called, found at its first use:
// libstdc++'s calls malloc, tcmalloc and mimalloc bring their own that do not. Either way it is one event.
#include <new>

#include "hook.h"

namespace heapatlas::runtime {
namespace {

// The next definition of one mangled name, looked up once.
template <typename Result, typename... Arguments>
class Next {
 public:
  constexpr explicit Next(const char* name) : name_(name) {}
  Result operator()(Arguments... arguments) {
    auto function = function_.load(std::memory_order_acquire);
    if (function == nullptr) {
      function = reinterpret_cast<Result (*)(Arguments...)>(nextSymbol(name_));
      // Only a program that brings no C++ library and calls these by hand comes here: it would not have linked.
      if (function == nullptr) __builtin_trap();
      function_.store(function, std::memory_order_release);
    }
    return function(arguments...);
  }

 private:
  const char* name_;
  std::atomic<Result (*)(Arguments...)> function_{nullptr};
};

template <typename... Rest>
void* allocate(Next<void*, std::size_t, Rest...>& next, std::size_t size, Rest... rest) {
  const Inside inside;
  return next(size, rest...);
}

template <typename... Rest>
void release(Next<void, void*, Rest...>& next, void* block, Rest... rest) {
  const Inside inside;
  next(block, rest...);
}

constinit Next<void*, std::size_t> new0{"_Znwm"};
constinit Next<void*, std::size_t> new1{"_Znam"};
constinit Next<void*, std::size_t, const std::nothrow_t&> new2{"_ZnwmRKSt9nothrow_t"};
constinit Next<void*, std::size_t, const std::nothrow_t&> new3{"_ZnamRKSt9nothrow_t"};
constinit Next<void*, std::size_t, std::align_val_t> new4{"_ZnwmSt11align_val_t"};
constinit Next<void*, std::size_t, std::align_val_t> new5{"_ZnamSt11align_val_t"};
constinit Next<void*, std::size_t, std::align_val_t, const std::nothrow_t&> new6{"_ZnwmSt11align_val_tRKSt9nothrow_t"};
constinit Next<void*, std::size_t, std::align_val_t, const std::nothrow_t&> new7{"_ZnamSt11align_val_tRKSt9nothrow_t"};
constinit Next<void, void*> delete0{"_ZdlPv"};
constinit Next<void, void*, std::size_t> delete1{"_ZdlPvm"};
constinit Next<void, void*, const std::nothrow_t&> delete2{"_ZdlPvRKSt9nothrow_t"};
constinit Next<void, void*, std::align_val_t> delete3{"_ZdlPvSt11align_val_t"};
constinit Next<void, void*, std::size_t, std::align_val_t> delete4{"_ZdlPvmSt11align_val_t"};
constinit Next<void, void*, std::align_val_t, const std::nothrow_t&> delete5{"_ZdlPvSt11align_val_tRKSt9nothrow_t"};
constinit Next<void, void*> delete6{"_ZdaPv"};
constinit Next<void, void*, std::size_t> delete7{"_ZdaPvm"};
constinit Next<void, void*, const std::nothrow_t&> delete8{"_ZdaPvRKSt9nothrow_t"};
constinit Next<void, void*, std::align_val_t> delete9{"_ZdaPvSt11align_val_t"};
constinit Next<void, void*, std::size_t, std::align_val_t> delete10{"_ZdaPvmSt11align_val_t"};
constinit Next<void, void*, std::align_val_t, const std::nothrow_t&> delete11{"_ZdaPvSt11align_val_tRKSt9nothrow_t"};

}  // namespace
}  // namespace heapatlas::runtime

using namespace heapatlas::runtime;
using heapatlas::ring::Kind;

[[gnu::visibility("default")]] void* operator new(std::size_t size) {
  void* block = allocate<>(new0, size);
  allocated(Kind::AllocNew, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new[](std::size_t size) {
  void* block = allocate<>(new1, size);
  allocated(Kind::AllocNewArray, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new(std::size_t size, const std::nothrow_t& tag) noexcept {
  void* block = allocate<const std::nothrow_t&>(new2, size, tag);
  allocated(Kind::AllocNew, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  void* block = allocate<const std::nothrow_t&>(new3, size, tag);
  allocated(Kind::AllocNewArray, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new(std::size_t size, std::align_val_t alignment) {
  void* block = allocate<std::align_val_t>(new4, size, alignment);
  allocated(Kind::AllocNew, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new[](std::size_t size, std::align_val_t alignment) {
  void* block = allocate<std::align_val_t>(new5, size, alignment);
  allocated(Kind::AllocNewArray, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  void* block = allocate<std::align_val_t, const std::nothrow_t&>(new6, size, alignment, tag);
  allocated(Kind::AllocNew, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  void* block = allocate<std::align_val_t, const std::nothrow_t&>(new7, size, alignment, tag);
  allocated(Kind::AllocNewArray, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void operator delete(void* block) noexcept {
  released(Kind::Delete, block, caller());
  release<>(delete0, block);
}

[[gnu::visibility("default")]] void operator delete(void* block, std::size_t size) noexcept {
  released(Kind::Delete, block, caller());
  release<std::size_t>(delete1, block, size);
}

[[gnu::visibility("default")]] void operator delete(void* block, const std::nothrow_t& tag) noexcept {
  released(Kind::Delete, block, caller());
  release<const std::nothrow_t&>(delete2, block, tag);
}

[[gnu::visibility("default")]] void operator delete(void* block, std::align_val_t alignment) noexcept {
  released(Kind::Delete, block, caller());
  release<std::align_val_t>(delete3, block, alignment);
}

[[gnu::visibility("default")]] void operator delete(void* block, std::size_t size, std::align_val_t alignment) noexcept {
  released(Kind::Delete, block, caller());
  release<std::size_t, std::align_val_t>(delete4, block, size, alignment);
}

[[gnu::visibility("default")]] void operator delete(void* block, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  released(Kind::Delete, block, caller());
  release<std::align_val_t, const std::nothrow_t&>(delete5, block, alignment, tag);
}

[[gnu::visibility("default")]] void operator delete[](void* block) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<>(delete6, block);
}

[[gnu::visibility("default")]] void operator delete[](void* block, std::size_t size) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<std::size_t>(delete7, block, size);
}

[[gnu::visibility("default")]] void operator delete[](void* block, const std::nothrow_t& tag) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<const std::nothrow_t&>(delete8, block, tag);
}

[[gnu::visibility("default")]] void operator delete[](void* block, std::align_val_t alignment) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<std::align_val_t>(delete9, block, alignment);
}

[[gnu::visibility("default")]] void operator delete[](void* block, std::size_t size, std::align_val_t alignment) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<std::size_t, std::align_val_t>(delete10, block, size, alignment);
}

[[gnu::visibility("default")]] void operator delete[](void* block, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  released(Kind::DeleteArray, block, caller());
  release<std::align_val_t, const std::nothrow_t&>(delete11, block, alignment, tag);
}
