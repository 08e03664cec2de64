// See own_folder.h.
#include "process/own_folder.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "recording/frame_file.h"

namespace heapatlas::collector {
namespace {

using recording::RecordingError;

constexpr std::size_t kMostOfName = 64;
constexpr int kMostOfOneName = 10'000;

std::string valueOf(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

std::string home() {
  std::string named = valueOf("HOME");
  if (!named.empty()) return named;
  const passwd* user = getpwuid(geteuid());
  return user == nullptr || user->pw_dir == nullptr ? "" : user->pw_dir;
}

bool isHarmless(char each) {
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '-';
}

std::string harmless(const std::string& session) {
  std::string name = session.substr(0, kMostOfName);
  for (char& each : name) {
    if (!isHarmless(each)) each = '_';
  }
  return name.empty() ? "session" : name;
}

void makePrivate(const std::string& folder) {
  constexpr const char* kRemedy = "; name another folder with the collector's --recordings";
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), error);
  if (error || (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)) {
    throw RecordingError("cannot make the folder " + folder + ": " + (error ? error.message() : std::strerror(errno)) +
                         kRemedy);
  }
  struct stat facts {};
  if (lstat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != geteuid() ||
      (facts.st_mode & 0777) != 0700) {
    throw RecordingError(folder + " is no folder that this user alone may enter" + kRemedy);
  }
}

}  // namespace

std::string defaultRecordingsFolder() {
  const std::string state = valueOf("XDG_STATE_HOME");
  if (state.starts_with("/")) return state + "/heapatlas/recordings";
  const std::string own = home();
  return own.starts_with("/") ? own + "/.local/state/heapatlas/recordings" : "";
}

std::string newRecordingFolder(const std::string& all, const std::string& session) {
  if (!all.starts_with("/")) {
    throw RecordingError(
        "this collector has no folder for recordings; name one with its --recordings, from the root on");
  }
  makePrivate(all);
  const std::string name = all + "/" + harmless(session);
  std::string folder = name;
  struct stat facts {};
  for (int number = 2; lstat(folder.c_str(), &facts) == 0; ++number) {
    if (number > kMostOfOneName) throw RecordingError("there are too many recordings in " + all + "; remove some");
    folder = name + "-" + std::to_string(number);
  }
  return folder;
}

}  // namespace heapatlas::collector
