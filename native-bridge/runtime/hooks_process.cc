// How a process image ends or splits: exec, exit without destructors, fork. The ordinary end is this library's
// destructor (process.cc), which runs behind the program's own.
#include <alloca.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdlib>

#include "real.h"
#include "system.h"
#include "writer.h"

namespace rt = heapatlas::runtime;
using rt::Kind;

namespace heapatlas::runtime {
namespace {

// The image is gone when the call succeeds, so the mark is set before, and taken back when it returns.
template <typename Call>
int finishAround(Call call) {
  finish(true);
  const int result = call();
  const ErrnoKept errnoKept;
  finish(false);
  return result;
}

[[gnu::always_inline]] inline pid_t splitBy(pid_t (*realFork)(), Frame frame) {
  ring::Header* const header = process.header;
  const pid_t child = realFork();
  if (child == 0) enterChild(header);
  if (child > 0) writeRecord<StackWanted::None>(Kind::Fork, 0, static_cast<std::uint64_t>(child), frame);
  return child;
}

// Counts the words of an argument list up to its null; the list is copied for walking.
std::size_t countWords(const char* first, std::va_list list) {
  std::va_list walk;
  va_copy(walk, list);
  std::size_t count = 0;
  for (const char* word = first; word != nullptr; word = va_arg(walk, const char*)) ++count;
  va_end(walk);
  return count;
}

void fillWords(char** to, const char* first, std::size_t count, std::va_list& list) {
  to[0] = const_cast<char*>(first);
  for (std::size_t i = 1; i <= count; ++i) to[i] = va_arg(list, char*);  // the null too
  if (count == 0) to[0] = nullptr;
}

// A list form: its words are gathered on the stack, for a vfork child may not touch anything else.
template <typename Call>
int finishAroundList(const char* first, std::va_list& list, Call call) {
  const std::size_t count = countWords(first, list);
  auto** words = static_cast<char**>(alloca((count + 1) * sizeof(char*)));
  fillWords(words, first, count, list);
  return finishAround([&] { return call(words); });
}

}  // namespace
}  // namespace heapatlas::runtime

extern "C" {

[[gnu::visibility("default")]] int execve(const char* path, char* const* words, char* const* environment) noexcept {
  return rt::finishAround([=] { return rt::real.execve(path, words, environment); });
}
[[gnu::visibility("default")]] int execv(const char* path, char* const* words) noexcept {
  return rt::finishAround([=] { return rt::real.execve(path, words, environ); });
}
[[gnu::visibility("default")]] int execvpe(const char* file, char* const* words, char* const* environment) noexcept {
  return rt::finishAround([=] { return rt::real.execvpe(file, words, environment); });
}
[[gnu::visibility("default")]] int execvp(const char* file, char* const* words) noexcept {
  return rt::finishAround([=] { return rt::real.execvpe(file, words, environ); });
}
[[gnu::visibility("default")]] int fexecve(int file, char* const* words, char* const* environment) noexcept {
  return rt::finishAround([=] { return rt::real.fexecve(file, words, environment); });
}

[[gnu::visibility("default")]] int execl(const char* path, const char* first, ...) noexcept {
  std::va_list list;
  va_start(list, first);
  const int result =
      rt::finishAroundList(first, list, [=](char** words) { return rt::real.execve(path, words, environ); });
  va_end(list);
  return result;
}
[[gnu::visibility("default")]] int execlp(const char* file, const char* first, ...) noexcept {
  std::va_list list;
  va_start(list, first);
  const int result =
      rt::finishAroundList(first, list, [=](char** words) { return rt::real.execvpe(file, words, environ); });
  va_end(list);
  return result;
}
[[gnu::visibility("default")]] int execle(const char* path, const char* first, ...) noexcept {
  std::va_list list;
  va_start(list, first);
  const int result = rt::finishAroundList(
      first, list, [&](char** words) { return rt::real.execve(path, words, va_arg(list, char* const*)); });
  va_end(list);
  return result;
}

[[gnu::visibility("default")]] void _exit(int status) {
  rt::finish(true);
  rt::real.exitNow(status);
  __builtin_unreachable();
}
[[gnu::visibility("default")]] void _Exit(int status) noexcept {
  rt::finish(true);
  rt::real.exitNow(status);
  __builtin_unreachable();
}
[[gnu::visibility("default")]] void quick_exit(int status) noexcept {
  rt::finish(true);
  rt::real.quickExit(status);
  __builtin_unreachable();
}

[[gnu::visibility("default")]] pid_t fork() noexcept { return rt::splitBy(rt::real.fork, rt::hookFrame()); }
// fork without the handlers of pthread_atfork, for signal handlers.
[[gnu::visibility("default")]] pid_t _Fork() noexcept { return rt::splitBy(rt::real.forkRaw, rt::hookFrame()); }

}  // extern "C"
