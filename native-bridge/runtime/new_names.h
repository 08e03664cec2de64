// The mangled names of operator new and delete on 64-bit systems, where std::size_t is unsigned long.
// Called by hooks_new.cc, which forwards to them, by real.cc, which finds out who serves them, and by hook_names.cc.
#pragma once

namespace heapatlas::runtime::names {

inline constexpr const char* kNew = "_Znwm";
inline constexpr const char* kNewArray = "_Znam";
inline constexpr const char* kNewNothrow = "_ZnwmRKSt9nothrow_t";
inline constexpr const char* kNewArrayNothrow = "_ZnamRKSt9nothrow_t";
inline constexpr const char* kNewAligned = "_ZnwmSt11align_val_t";
inline constexpr const char* kNewArrayAligned = "_ZnamSt11align_val_t";
inline constexpr const char* kNewAlignedNothrow = "_ZnwmSt11align_val_tRKSt9nothrow_t";
inline constexpr const char* kNewArrayAlignedNothrow = "_ZnamSt11align_val_tRKSt9nothrow_t";
inline constexpr const char* kDelete = "_ZdlPv";
inline constexpr const char* kDeleteArray = "_ZdaPv";
inline constexpr const char* kDeleteAligned = "_ZdlPvSt11align_val_t";
inline constexpr const char* kDeleteArrayAligned = "_ZdaPvSt11align_val_t";
inline constexpr const char* kDeleteSized = "_ZdlPvm";
inline constexpr const char* kDeleteArraySized = "_ZdaPvm";
inline constexpr const char* kDeleteNothrow = "_ZdlPvRKSt9nothrow_t";
inline constexpr const char* kDeleteArrayNothrow = "_ZdaPvRKSt9nothrow_t";
inline constexpr const char* kDeleteSizedAligned = "_ZdlPvmSt11align_val_t";
inline constexpr const char* kDeleteArraySizedAligned = "_ZdaPvmSt11align_val_t";
inline constexpr const char* kDeleteAlignedNothrow = "_ZdlPvSt11align_val_tRKSt9nothrow_t";
inline constexpr const char* kDeleteArrayAlignedNothrow = "_ZdaPvSt11align_val_tRKSt9nothrow_t";

}  // namespace heapatlas::runtime::names
