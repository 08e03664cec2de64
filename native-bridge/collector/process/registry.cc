// See registry.h.
#include "process/registry.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

namespace heapatlas::collector {

std::uint64_t Registry::nextId() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ++lastId_;
}

void Registry::add(Process process) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t id = process->id();
  Session& session = sessions_[process->identity().session];
  ++session.ever;
  ++session.known;
  slots_[id] = {std::move(process), ++sequence_};
  signal_.notify_all();
}

void Registry::changed(const Process& process) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = slots_.find(process->id());
  if (found == slots_.end()) return;
  found->second.sequence = ++sequence_;
  if (process->ended()) forgetOldest();
  signal_.notify_all();
}

void Registry::forgetOldest() {
  const auto ended =
      std::count_if(slots_.begin(), slots_.end(), [](const auto& at) { return at.second.process->ended(); });
  if (static_cast<std::size_t>(ended) <= kMaxEnded) return;
  const auto oldest = oldestEnded();
  const auto session = sessions_.find(oldest->second.process->identity().session);
  if (--session->second.known == 0) sessions_.erase(session);
  slots_.erase(oldest);
}

// The one that ended first, as far as that was seen: ends that are seen in one look come by age. The program with which
// a session began is asked about when all is over, so the others of its session go before it.
Registry::Slots::iterator Registry::oldestEnded() {
  std::set<std::string> begun;
  auto first = slots_.end();
  auto firstOfAll = slots_.end();
  const auto isEarlier = [this](Slots::iterator one, Slots::iterator other) {
    return other == slots_.end() || one->second.sequence < other->second.sequence;
  };
  for (auto at = slots_.begin(); at != slots_.end(); ++at) {
    const std::string session = at->second.process->identity().session;
    const bool began = begun.insert(session).second && sessions_[session].known > 1;
    if (!at->second.process->ended()) continue;
    if (isEarlier(at, firstOfAll)) firstOfAll = at;
    if (!began && isEarlier(at, first)) first = at;
  }
  return first != slots_.end() ? first : firstOfAll;
}

Registry::Process Registry::find(std::uint64_t id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : found->second.process;
}

std::vector<Registry::Process> Registry::all() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Process> result;
  for (const auto& [id, slot] : slots_) result.push_back(slot.process);
  return result;
}

std::vector<Registry::Process> Registry::live() const {
  std::vector<Process> result = all();
  std::erase_if(result, [](const Process& process) { return !process->live(); });
  return result;
}

std::uint64_t Registry::everOf(const std::string& session) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? 0 : found->second.ever;
}

std::vector<Registry::Change> Registry::changesAfter(std::uint64_t sequence, std::uint64_t waitNanos) {
  std::unique_lock<std::mutex> lock(mutex_);
  signal_.wait_for(lock, std::chrono::nanoseconds(waitNanos), [&] { return sequence_ > sequence; });
  std::vector<Change> result;
  for (const auto& [id, slot] : slots_) {
    if (slot.sequence > sequence) result.push_back({slot.sequence, slot.process});
  }
  if (sequence == 0) return result;
  std::sort(result.begin(), result.end(), [](const Change& a, const Change& b) { return a.sequence < b.sequence; });
  return result;
}

}  // namespace heapatlas::collector
