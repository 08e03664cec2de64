// See copied_files.h.
#include "recording/copied_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>

#include "input/file_descriptor.h"
#include "recording/frame_file.h"

namespace heapatlas::recording {
namespace {

using collector::FileDescriptor;

constexpr const char* kDescription = "recording.json";
constexpr const char* kEffects = "effects.frames";
constexpr std::string_view kEventsBegin = "events-";
constexpr std::string_view kFramesEnd = ".frames";
constexpr off_t kMarkOffset = 16;  // see FrameHeader
constexpr int kMaxAttempts = 8;    // to list a recording whose oldest is given up just now

// A number as it is written; empty for anything else.
std::optional<std::uint64_t> numberIn(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(number) != text) return std::nullopt;
  return number;
}

// Of a file of events.
std::optional<std::uint64_t> numberOfEvents(std::string_view name) {
  if (!name.starts_with(kEventsBegin) || !name.ends_with(kFramesEnd)) return std::nullopt;
  if (name.size() < kEventsBegin.size() + kFramesEnd.size()) return std::nullopt;
  name.remove_prefix(kEventsBegin.size());
  name.remove_suffix(kFramesEnd.size());
  return numberIn(name);
}

FileDescriptor folderAt(int in, const std::string& name) {
  return FileDescriptor(openat(in, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// A regular file that is no link; else none.
FileDescriptor fileAt(int in, const std::string& name) {
  FileDescriptor file(openat(in, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return FileDescriptor();
  return file;
}

std::uint64_t markOf(const FileDescriptor& file) {
  std::uint64_t mark = 0;
  return pread(file.get(), &mark, sizeof mark, kMarkOffset) == static_cast<ssize_t>(sizeof mark) ? mark : 0;
}

std::optional<CopiedFile> listed(int in, const std::string& name, const std::string& shownIn) {
  const FileDescriptor file = fileAt(in, name);
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0) return std::nullopt;
  return CopiedFile{shownIn + name, markOf(file), static_cast<std::uint64_t>(facts.st_size)};
}

// The numbers that some of the entries of a folder stand for, ascending.
std::vector<std::uint64_t> numbersIn(int folder, std::optional<std::uint64_t> (*numberOf)(std::string_view)) {
  std::vector<std::uint64_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
                                                    closedir);
  if (entries == nullptr) throw RecordingError(std::string("cannot list a recording: ") + std::strerror(errno));
  while (const dirent* entry = readdir(entries.get())) {
    if (const auto number = numberOf(entry->d_name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string eventsName(std::uint64_t number) {
  return std::string(kEventsBegin) + std::to_string(number) + std::string(kFramesEnd);
}

// Lengths are taken from what is written last to what is written first. Where the oldest was given up between, the
// events that the first list of effects builds on may be gone: false.
bool listProcess(int folder, const std::string& shownIn, std::vector<CopiedFile>& files) {
  const std::optional<CopiedFile> effects = listed(folder, kEffects, shownIn);
  std::vector<CopiedFile> events;
  for (const std::uint64_t number : numbersIn(folder, numberOfEvents)) {
    if (auto file = listed(folder, eventsName(number), shownIn)) events.push_back(std::move(*file));
  }
  const std::optional<CopiedFile> now = listed(folder, kEffects, shownIn);
  if (effects.has_value() && (!now || now->mark != effects->mark)) return false;
  for (const char* name : {"definitions.frames", "symbols.frames"}) {
    if (auto file = listed(folder, name, shownIn)) files.push_back(std::move(*file));
  }
  std::move(events.begin(), events.end(), std::back_inserter(files));
  if (effects) files.push_back(*effects);
  return true;
}

FileDescriptor opened(const std::string& folder) {
  FileDescriptor root(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root) throw RecordingError("cannot read the recording " + folder + ": " + std::strerror(errno));
  return root;
}

}  // namespace

bool isCopiedName(std::string_view name) {
  if (name == kDescription) return true;
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || !numberIn(name.substr(0, slash))) return false;
  const std::string_view file = name.substr(slash + 1);
  return file == "definitions.frames" || file == "symbols.frames" || file == kEffects || numberOfEvents(file);
}

std::vector<CopiedFile> filesToCopy(const std::string& folder) {
  const FileDescriptor root = opened(folder);
  std::vector<CopiedFile> files;
  if (auto description = listed(root.get(), kDescription, "")) files.push_back(std::move(*description));
  for (const std::uint64_t process : numbersIn(root.get(), numberIn)) {
    const std::string name = std::to_string(process);
    const FileDescriptor inside = folderAt(root.get(), name);
    if (!inside) continue;
    int attempts = 0;
    while (!listProcess(inside.get(), name + "/", files)) {
      if (++attempts == kMaxAttempts) {
        throw RecordingError("the oldest of " + folder + " is given up faster than it can be listed; ask again");
      }
    }
  }
  return files;
}

std::string readOf(const std::string& folder, const CopiedFile& file, std::uint64_t offset, std::size_t most) {
  const FileDescriptor root = opened(folder);
  const std::size_t slash = file.name.find('/');
  const FileDescriptor process =
      slash == std::string::npos ? FileDescriptor() : folderAt(root.get(), file.name.substr(0, slash));
  const FileDescriptor from =
      slash == std::string::npos ? fileAt(root.get(), file.name) : fileAt(process.get(), file.name.substr(slash + 1));
  const std::uint64_t mark = from ? markOf(from) : 0;
  if (!from || (file.mark != 0 && mark != file.mark)) {
    throw RecordingError(file.name + " was given up while it was fetched; ask again");
  }
  std::string bytes(std::min<std::uint64_t>(most, file.bytes - std::min(offset, file.bytes)), '\0');
  const ssize_t got = pread(from.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (got < 0) throw RecordingError("cannot read " + file.name + ": " + std::strerror(errno));
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

}  // namespace heapatlas::recording
