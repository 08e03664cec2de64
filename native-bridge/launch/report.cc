#include "report.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace heapatlas::launch {
namespace {

// JSON text. Bytes that are not ASCII pass as they are: file names are UTF-8 on every system we run on.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

Report::Report(const std::string& path)
    : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600)) {}

Report::~Report() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Report::write(const Outcome& outcome) const {
  const std::string status = outcome.signal != 0 ? "null" : std::to_string(outcome.exitStatus);
  const std::string signal = outcome.signal == 0 ? "null" : std::to_string(outcome.signal);
  return writeFields("\"exitStatus\":" + status + ",\"signal\":" + signal +
                     ",\"cpuNanos\":" + std::to_string(outcome.cpuNanos));
}

bool Report::write(const Failure& failure) const {
  return writeFields("\"error\":" + quoted(failure.sentence) + ",\"status\":" + std::to_string(failure.status));
}

bool Report::writeFields(const std::string& fields) const { return writeText((begun_ ? "" : "{") + fields + "}\n"); }

bool Report::writeText(const std::string& text) const {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(descriptor_, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return true;
}

}  // namespace heapatlas::launch
