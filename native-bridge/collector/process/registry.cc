// See registry.h.
#include "process/registry.h"

#include <algorithm>
#include <chrono>

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
  // A process's last change is its end: the script that started all the others ends last, and is asked about.
  std::size_t ended = 0;
  auto first = slots_.end();
  for (auto at = slots_.begin(); at != slots_.end(); ++at) {
    if (!at->second.process->ended()) continue;
    ++ended;
    if (first == slots_.end() || at->second.sequence < first->second.sequence) first = at;
  }
  if (ended <= kMaxEnded) return;
  const auto session = sessions_.find(first->second.process->identity().session);
  if (--session->second.known == 0) sessions_.erase(session);
  slots_.erase(first);
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
