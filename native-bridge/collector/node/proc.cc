#include "node/proc.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "node/error.h"
#include "node/regions.h"
#include "node/text_file.h"

namespace heapatlas::node {
namespace {

// Fields of stat, numbered from 0 behind the name: state is 0, so a field of the manual page is its number minus 3.
constexpr std::size_t kState = 0;
constexpr std::size_t kParent = 1;
constexpr std::size_t kUserTime = 11;
constexpr std::size_t kSystemTime = 12;
constexpr std::size_t kStart = 19;

struct Stat {
  std::string name;
  std::vector<std::string> fields;
  std::uint64_t number(std::size_t field) const { return field < fields.size() ? numberOf(fields[field]) : 0; }
  char state() const { return fields.empty() || fields[kState].empty() ? '?' : fields[kState][0]; }
};

// The name is in brackets and may hold brackets and spaces itself.
std::optional<Stat> readStat(const std::string& folder) {
  const std::optional<std::string> text = readText(folder + "/stat");
  if (!text) return std::nullopt;
  const std::size_t open = text->find('(');
  const std::size_t close = text->rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  Stat stat;
  stat.name = text->substr(open + 1, close - open - 1);
  std::string_view rest(*text);
  rest.remove_prefix(close + 1);
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  for (std::string_view word : wordsOf(rest)) stat.fields.emplace_back(word);
  return stat;
}

std::uint64_t nanosOfTicks(std::uint64_t ticks) {
  static const std::uint64_t perSecond = static_cast<std::uint64_t>(std::max(1L, sysconf(_SC_CLK_TCK)));
  return ticks * (1'000'000'000 / perSecond);
}

NodeError goneOrRefused(std::uint32_t pid, const std::string& what) {
  const int error = errno;
  const std::string process = "process " + std::to_string(pid);
  if (error == EACCES || error == EPERM) {
    return {ErrorKind::Denied, "The " + what + " of " + process + " may not be read by user " +
                                   std::to_string(geteuid()) + "; run the collector as the process's user."};
  }
  if (error == ENOENT || error == ESRCH || error == 0) {
    return {ErrorKind::NotFound, "There is no " + process + "; it may have ended."};
  }
  return {ErrorKind::Failed, "The " + what + " of " + process + " cannot be read: " + std::strerror(error) + "."};
}

// Of a file of strings that each end with a zero.
std::vector<std::string> stringsOf(const std::string& path) { return stringsIn(readText(path, 4u << 20).value_or("")); }

RunState runStateOf(char state) {
  if (state == 'Z' || state == 'X' || state == 'x') return RunState::Ended;
  return state == 'T' || state == 't' ? RunState::Stopped : RunState::Running;
}

// A line of a file of the form `Key:   value …`.
std::string_view valueOf(std::string_view text, std::string_view key) {
  for (std::string_view line : linesOf(text)) {
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ':') continue;
    line.remove_prefix(key.size() + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line;
  }
  return {};
}

}  // namespace

ProcFs::ProcFs(std::string root) : root_(std::move(root)) {}

std::vector<Region> ProcFs::regions(std::uint32_t pid) const {
  const std::string folder = root_ + "/" + std::to_string(pid);
  errno = 0;
  const std::optional<std::string> text = readText(folder + "/smaps");
  if (!text) throw goneOrRefused(pid, "memory map");
  std::vector<Region> regions = parseRegions(*text);
  // Absent in kernels without NUMA; then nothing is said about nodes.
  if (const std::optional<std::string> numa = readText(folder + "/numa_maps")) addNumaPages(*numa, regions);
  return regions;
}

std::vector<Region> ProcFs::maps(std::uint32_t pid) const {
  errno = 0;
  const std::optional<std::string> text = readText(root_ + "/" + std::to_string(pid) + "/maps");
  if (!text) throw goneOrRefused(pid, "memory map");
  return parseRegions(*text);
}

std::vector<ThreadState> ProcFs::threads(std::uint32_t pid) const {
  const std::string folder = root_ + "/" + std::to_string(pid) + "/task";
  std::vector<ThreadState> threads;
  errno = 0;
  for (const std::string& entry : entriesOf(folder)) {
    const std::optional<Stat> stat = readStat(std::string(folder).append("/").append(entry));
    if (!stat) continue;  // it ended meanwhile
    ThreadState thread;
    thread.tid = static_cast<std::uint32_t>(numberOf(entry));
    thread.name = stat->name;
    thread.state = stat->state();
    thread.running = thread.state == 'R';
    thread.cpuNanos = nanosOfTicks(stat->number(kUserTime) + stat->number(kSystemTime));
    threads.push_back(std::move(thread));
  }
  if (threads.empty()) throw goneOrRefused(pid, "thread list");
  std::sort(threads.begin(), threads.end(),
            [](const ThreadState& one, const ThreadState& other) { return one.tid < other.tid; });
  return threads;
}

ProcessFacts ProcFs::process(std::uint32_t pid) const {
  const std::string folder = root_ + "/" + std::to_string(pid);
  errno = 0;
  const std::optional<Stat> stat = readStat(folder);
  if (!stat) throw goneOrRefused(pid, "state");
  ProcessFacts facts;
  facts.pid = pid;
  facts.name = stat->name;
  facts.parentPid = static_cast<std::uint32_t>(stat->number(kParent));
  facts.state = runStateOf(stat->state());
  facts.startTicks = stat->number(kStart);
  facts.cpuNanos = nanosOfTicks(stat->number(kUserTime) + stat->number(kSystemTime));
  facts.arguments = stringsOf(folder + "/cmdline");
  facts.executable = readLink(folder + "/exe").value_or("");
  if (const std::optional<std::string> status = readText(folder + "/status")) {
    const std::vector<std::string_view> ids = wordsOf(valueOf(*status, "Uid"));
    if (ids.size() > 1) facts.uid = static_cast<std::uint32_t>(numberOf(ids[1]));
  }
  if (const std::optional<std::string> machine = readText(root_ + "/stat")) {
    for (std::string_view line : linesOf(*machine)) {
      if (line.starts_with("btime ")) {
        facts.startRealNanos = numberOf(line.substr(6)) * 1'000'000'000 + nanosOfTicks(facts.startTicks);
      }
    }
  }
  return facts;
}

std::uint64_t ProcFs::startTicks(std::uint32_t pid) const {
  const std::optional<Stat> stat = readStat(root_ + "/" + std::to_string(pid));
  return stat ? stat->number(kStart) : 0;
}

std::vector<std::string> ProcFs::environment(std::uint32_t pid) const {
  return stringsOf(root_ + "/" + std::to_string(pid) + "/environ");
}

std::uint64_t ProcFs::rssBytes(std::uint32_t pid) const {
  const std::optional<std::string> text = readText(root_ + "/" + std::to_string(pid) + "/statm", 4096);
  if (!text) return 0;
  const std::vector<std::string_view> words = wordsOf(*text);
  static const auto pageBytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return words.size() > 1 ? numberOf(words[1]) * pageBytes : 0;
}

std::string hostName() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace heapatlas::node
