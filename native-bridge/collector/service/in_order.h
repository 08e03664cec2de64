// Results that several threads make ahead of who takes them in order.
// Entry: InOrder, for one answer that reads much. Must hold: of each thread at most two results wait to be taken; what
// make throws comes out of next; no thread outlives it. Threads: next, its owner's; make, on any, several at once.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace heapatlas::collector {

template <typename Result>
class InOrder {
 public:
  static constexpr unsigned kMostThreads = 4;

  // Of make(0) to make(count - 1).
  InOrder(std::size_t count, std::function<Result(std::size_t)> make)
      : count_(count), make_(std::move(make)), slots_(2 * threadCount()) {
    for (unsigned i = 0; i < threadCount(); ++i) threads_.emplace_back([this] { work(); });
  }
  ~InOrder() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  // Empty behind the last one.
  std::optional<Result> next() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (taken_ == count_) return std::nullopt;
    Slot& slot = slots_[taken_ % slots_.size()];
    changed_.wait(lock, [&slot] { return slot.ready; });
    Slot made = std::exchange(slot, {});
    ++taken_;
    lock.unlock();
    changed_.notify_all();
    if (made.error) std::rethrow_exception(made.error);
    return std::move(made.result);
  }

 private:
  struct Slot {
    bool ready = false;
    std::optional<Result> result;
    std::exception_ptr error;
  };
  static unsigned threadCount() { return std::clamp(std::thread::hardware_concurrency(), 1u, kMostThreads); }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || begun_ == count_ || begun_ < taken_ + slots_.size(); });
      if (stopping_ || begun_ == count_) return;
      const std::size_t mine = begun_++;
      lock.unlock();
      Slot made = attempt(mine);
      lock.lock();
      slots_[mine % slots_.size()] = std::move(made);
      changed_.notify_all();
    }
  }
  Slot attempt(std::size_t index) {
    try {
      return {true, make_(index), nullptr};
    } catch (...) {
      return {true, std::nullopt, std::current_exception()};
    }
  }

  const std::size_t count_;
  const std::function<Result(std::size_t)> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace heapatlas::collector
