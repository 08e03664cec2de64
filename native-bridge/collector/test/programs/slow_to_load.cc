// A library whose loading stands still between two steps of the loader: its tables are filled, but not protected yet.
// stateOfTables says whether somebody wrote into them meanwhile, and whether malloc's entry has been taken since.
#include <sys/syscall.h>

#include <cstdlib>
#include <ctime>

namespace {

// Lies in the part that the loader makes read-only (RELRO).
[[gnu::used]] void* (*const entry)(std::size_t) = &std::malloc;
void* (*filled)(std::size_t) = nullptr;
bool touched = false;

auto entryNow() { return *const_cast<void* (*const volatile*)(std::size_t)>(&entry); }

// The library can call nobody yet.
void nap() {
  const timespec time{0, 5'000'000};
  long result = SYS_nanosleep;
  asm volatile("syscall" : "+a"(result) : "D"(&time), "S"(nullptr) : "rcx", "r11", "memory");
}

}  // namespace

extern "C" {

static const char* statedAfterLoading() {
  if (touched) return "touched while it was loaded";
  return entryNow() == filled ? "left alone" : "taken";
}

// The loader calls this behind its other relocations.
[[gnu::used]] static const char* (*standStill())() {
  filled = entryNow();
  for (int naps = 0; naps < 100 && !touched; ++naps) {
    nap();
    touched = entryNow() != filled;
  }
  return statedAfterLoading;
}

[[gnu::ifunc("standStill")]] static const char* stated();

[[gnu::visibility("default")]] const char* stateOfTables() { return stated(); }

}  // extern "C"
