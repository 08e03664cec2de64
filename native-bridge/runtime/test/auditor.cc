// An audit library (LD_AUDIT) for traps_test.cc: it sees objects come and go, and has thread-local data of its own.
#include <link.h>

#include <cstdint>

namespace {
thread_local std::uint64_t seen[16];
}

extern "C" {

[[gnu::visibility("default")]] unsigned int la_version(unsigned int version) { return version; }
[[gnu::visibility("default")]] unsigned int la_objopen(link_map*, Lmid_t, std::uintptr_t*) {
  ++seen[0];
  return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

}  // extern "C"
