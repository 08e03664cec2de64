// What zstd works with, one a thread, for a context is dear to make. Entry: compressor, decompressor. Throws
// std::bad_alloc.
#pragma once

#include <zstd.h>

#include <memory>
#include <new>

namespace heapatlas::recording {

inline ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!context) throw std::bad_alloc();
  return context.get();
}

inline ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!context) throw std::bad_alloc();
  return context.get();
}

}  // namespace heapatlas::recording
