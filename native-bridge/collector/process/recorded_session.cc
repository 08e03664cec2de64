// See recorded_session.h.
#include "process/recorded_session.h"

#include <sys/utsname.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "recording/frame_file.h"

namespace heapatlas::collector {
namespace {

using recording::RecordingError;

constexpr std::size_t kMaxDescriptionBytes = 1u << 20;
constexpr std::uint64_t kMaxId = 1ull << 40;  // see ProcessInfo.process

// The number that recording.json gives for a field; empty when there is none.
std::optional<unsigned> numberOf(const std::string& json, const std::string& field) {
  const std::size_t name = json.find('"' + field + '"');
  if (name == std::string::npos) return std::nullopt;
  const std::size_t digits = json.find_first_not_of(" \t\n\r:", name + field.size() + 2);
  unsigned number = 0;
  if (digits == std::string::npos ||
      std::from_chars(json.data() + digits, json.data() + json.size(), number).ec != std::errc()) {
    return std::nullopt;
  }
  return number;
}

// The text that recording.json gives for a field; empty when there is none.
std::string textOf(const std::string& json, const std::string& field) {
  const std::string name = '"' + field + "\": \"";
  const std::size_t begin = json.find(name);
  if (begin == std::string::npos) return {};
  const std::size_t end = json.find('"', begin + name.size());
  return json.substr(begin + name.size(), end - begin - name.size());
}

// What the figures cannot say of a recording that was made elsewhere; empty when there is nothing to say.
std::string noticeOfMachine(const std::string& json) {
  const std::string machine = textOf(json, "machine");
  utsname system{};
  uname(&system);
  if (machine.empty() || machine == system.machine) return {};
  return "this was recorded on another architecture (" + machine +
         "): all figures, stacks and lines are those of then; what is asked of the program's files here may not fit";
}

// The numbers of the processes that have a folder there, ascending.
std::vector<std::uint64_t> processesIn(const std::string& folder) {
  std::vector<std::uint64_t> ids;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::uint64_t id = 0;
    const auto [stop, wrong] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (wrong == std::errc() && stop == name.data() + name.size() && id != 0 && id < kMaxId) ids.push_back(id);
  }
  if (error) throw RecordingError("cannot read " + folder + ": " + error.message());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

std::string descriptionOf(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw RecordingError("cannot open the recording " + folder + ": " +
                         (error ? error.message() : "it is not a folder"));
  }
  std::ifstream file(folder + "/recording.json", std::ios::binary);
  if (!file) throw RecordingError(folder + " is not a recording: it has no recording.json that can be read");
  std::string json(kMaxDescriptionBytes, '\0');
  file.read(json.data(), static_cast<std::streamsize>(json.size()));
  json.resize(static_cast<std::size_t>(file.gcount()));
  const std::optional<unsigned> format = numberOf(json, "format");
  if (!format) throw RecordingError(folder + " is not a recording: its recording.json names no format");
  if (*format > kRecordingFormat) {
    throw RecordingError("the recording " + folder + " has format " + std::to_string(*format) +
                         ", and this version reads formats up to " + std::to_string(kRecordingFormat) +
                         "; replay it with the version that made it, or a later one");
  }
  return json;
}

std::vector<std::shared_ptr<ReplayedProcess>> openRecording(const std::string& folder, ProcessLimits limits) {
  const std::string notice = noticeOfMachine(descriptionOf(folder));
  std::vector<std::shared_ptr<ReplayedProcess>> processes;
  std::string why;
  for (const std::uint64_t id : processesIn(folder)) {
    try {
      processes.push_back(ReplayedProcess::open(id, folder + "/" + std::to_string(id), limits));
      if (!notice.empty()) processes.back()->addNotice(notice);
    } catch (const RecordingError& error) {
      why = "; of process " + std::to_string(id) + ": " + error.what();
    }
  }
  if (processes.empty()) throw RecordingError("there is no process in the recording " + folder + " to replay" + why);
  return processes;
}

}  // namespace heapatlas::collector
