// Every operator new and delete. The C++ library's own are malloc and free with an exception on failure, so the hook
// calls those itself and records one event; an allocator that brings its own (tcmalloc, mimalloc, jemalloc) is called
// through its own operators, and what its operators call inside is not recorded again.
#include <cstdlib>
#include <new>

#include "new_names.h"
#include "real.h"
#include "writer.h"

namespace rt = heapatlas::runtime;
using rt::Kind;

namespace heapatlas::runtime {
namespace {

// The real operator of one signature, found when it is first needed.
template <typename Function>
class Operator {
 public:
  explicit constexpr Operator(const char* name) : name_(name) {}
  Function get() {
    Function found = found_.load(std::memory_order_acquire);
    if (found == nullptr) {
      found = reinterpret_cast<Function>(findCxx(name_));
      // Who calls operator new has a C++ library that defines it; without one there is nobody to throw bad_alloc.
      if (found == nullptr) std::abort();
      found_.store(found, std::memory_order_release);
    }
    return found;
  }

 private:
  const char* name_;
  std::atomic<Function> found_{nullptr};
};

using New = void* (*)(std::size_t);
using NewAligned = void* (*)(std::size_t, std::align_val_t);
using Delete = void (*)(void*);
using DeleteAligned = void (*)(void*, std::align_val_t);
using NewNothrow = void* (*)(std::size_t, const std::nothrow_t&);
using NewAlignedNothrow = void* (*)(std::size_t, std::align_val_t, const std::nothrow_t&);

constinit Operator<New> newOne{names::kNew};
constinit Operator<New> newArray{names::kNewArray};
constinit Operator<NewNothrow> newOneNothrow{names::kNewNothrow};
constinit Operator<NewNothrow> newArrayNothrow{names::kNewArrayNothrow};
constinit Operator<NewAligned> newOneAligned{names::kNewAligned};
constinit Operator<NewAligned> newArrayAligned{names::kNewArrayAligned};
constinit Operator<NewAlignedNothrow> newOneAlignedNothrow{names::kNewAlignedNothrow};
constinit Operator<NewAlignedNothrow> newArrayAlignedNothrow{names::kNewArrayAlignedNothrow};
constinit Operator<Delete> deleteOne{names::kDelete};
constinit Operator<Delete> deleteArray{names::kDeleteArray};
constinit Operator<DeleteAligned> deleteOneAligned{names::kDeleteAligned};
constinit Operator<DeleteAligned> deleteArrayAligned{names::kDeleteArrayAligned};

// Marks the thread while a foreign operator runs, which may throw through this frame: a mark that is left behind is
// found stale by its stack position.
template <typename Function, typename... Arguments>
auto callInside(Frame frame, Function function, Arguments&&... arguments) {
  Thread& thread = *self;
  if (isFrame(thread.expected) || thread.role != Role::Own) {
    return function(static_cast<Arguments&&>(arguments)...);
  }
  thread.insideFrame = addressOf(frame);
  enterAt(thread, addressOf(frame));
  if constexpr (std::is_void_v<decltype(function(static_cast<Arguments&&>(arguments)...))>) {
    function(static_cast<Arguments&&>(arguments)...);
    leave(thread);
    thread.insideFrame = 0;
  } else {
    auto* block = function(static_cast<Arguments&&>(arguments)...);
    leave(thread);
    thread.insideFrame = 0;
    return block;
  }
}

template <typename Real, typename... Tags>
[[gnu::always_inline]] inline void* allocate(Real& real_, Kind kind, std::size_t size, Frame frame, Tags&&... tags) {
  void* block = newProvider.asMalloc ? real.malloc(size != 0 ? size : 1) : nullptr;
  // Out of memory: the library's own operator runs the new_handler and throws, or retries with success.
  if (block == nullptr) block = callInside(frame, real_.get(), size, tags...);
  recordAlloc(block, size, kind, frame);
  return block;
}

template <typename Real, typename... Tags>
[[gnu::always_inline]] inline void* allocateAligned(Real& real_, Kind kind, std::size_t size,
                                                    std::align_val_t alignment, Frame frame, Tags&&... tags) {
  const auto align =
      static_cast<std::size_t>(alignment) < sizeof(void*) ? sizeof(void*) : static_cast<std::size_t>(alignment);
  const std::size_t rounded = ((size != 0 ? size : 1) + align - 1) & ~(align - 1);
  void* block = newProvider.asMalloc && rounded >= size ? real.alignedAlloc(align, rounded) : nullptr;
  if (block == nullptr) block = callInside(frame, real_.get(), size, alignment, tags...);
  recordAlloc(block, size, kind, frame);
  return block;
}

template <typename Real, typename... Tags>
[[gnu::always_inline]] inline void release(Real& real_, Kind kind, void* block, Frame frame, Tags... tags) {
  recordFree(block, kind, frame);
  if (newProvider.asMalloc) {
    real.free(block);
  } else {
    callInside(frame, real_.get(), block, tags...);
  }
}

}  // namespace
}  // namespace heapatlas::runtime

using Size = std::size_t;
using Align = std::align_val_t;
using Nothrow = std::nothrow_t;

[[gnu::visibility("default")]] void* operator new(Size size) {
  return rt::allocate(rt::newOne, Kind::AllocNew, size, rt::hookFrame());
}
[[gnu::visibility("default")]] void* operator new[](Size size) {
  return rt::allocate(rt::newArray, Kind::AllocNewArray, size, rt::hookFrame());
}
[[gnu::visibility("default")]] void* operator new(Size size, const Nothrow& tag) noexcept {
  return rt::allocate(rt::newOneNothrow, Kind::AllocNew, size, rt::hookFrame(), tag);
}
[[gnu::visibility("default")]] void* operator new[](Size size, const Nothrow& tag) noexcept {
  return rt::allocate(rt::newArrayNothrow, Kind::AllocNewArray, size, rt::hookFrame(), tag);
}
[[gnu::visibility("default")]] void* operator new(Size size, Align alignment) {
  return rt::allocateAligned(rt::newOneAligned, Kind::AllocNew, size, alignment, rt::hookFrame());
}
[[gnu::visibility("default")]] void* operator new[](Size size, Align alignment) {
  return rt::allocateAligned(rt::newArrayAligned, Kind::AllocNewArray, size, alignment, rt::hookFrame());
}
[[gnu::visibility("default")]] void* operator new(Size size, Align alignment, const Nothrow& tag) noexcept {
  return rt::allocateAligned(rt::newOneAlignedNothrow, Kind::AllocNew, size, alignment, rt::hookFrame(), tag);
}
[[gnu::visibility("default")]] void* operator new[](Size size, Align alignment, const Nothrow& tag) noexcept {
  return rt::allocateAligned(rt::newArrayAlignedNothrow, Kind::AllocNewArray, size, alignment, rt::hookFrame(), tag);
}

[[gnu::visibility("default")]] void operator delete(void* block) noexcept {
  rt::release(rt::deleteOne, Kind::Delete, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete[](void* block) noexcept {
  rt::release(rt::deleteArray, Kind::DeleteArray, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete(void* block, Size) noexcept {
  rt::release(rt::deleteOne, Kind::Delete, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete[](void* block, Size) noexcept {
  rt::release(rt::deleteArray, Kind::DeleteArray, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete(void* block, const Nothrow&) noexcept {
  rt::release(rt::deleteOne, Kind::Delete, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete[](void* block, const Nothrow&) noexcept {
  rt::release(rt::deleteArray, Kind::DeleteArray, block, rt::hookFrame());
}
[[gnu::visibility("default")]] void operator delete(void* block, Align alignment) noexcept {
  rt::release(rt::deleteOneAligned, Kind::Delete, block, rt::hookFrame(), alignment);
}
[[gnu::visibility("default")]] void operator delete[](void* block, Align alignment) noexcept {
  rt::release(rt::deleteArrayAligned, Kind::DeleteArray, block, rt::hookFrame(), alignment);
}
[[gnu::visibility("default")]] void operator delete(void* block, Size, Align alignment) noexcept {
  rt::release(rt::deleteOneAligned, Kind::Delete, block, rt::hookFrame(), alignment);
}
[[gnu::visibility("default")]] void operator delete[](void* block, Size, Align alignment) noexcept {
  rt::release(rt::deleteArrayAligned, Kind::DeleteArray, block, rt::hookFrame(), alignment);
}
[[gnu::visibility("default")]] void operator delete(void* block, Align alignment, const Nothrow&) noexcept {
  rt::release(rt::deleteOneAligned, Kind::Delete, block, rt::hookFrame(), alignment);
}
[[gnu::visibility("default")]] void operator delete[](void* block, Align alignment, const Nothrow&) noexcept {
  rt::release(rt::deleteArrayAligned, Kind::DeleteArray, block, rt::hookFrame(), alignment);
}
