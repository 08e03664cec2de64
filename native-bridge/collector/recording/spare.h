// Objects that keep large memory for who needs one next, on whatever thread: threads that search come and go, and fresh
// pages would take them longer than what they do with them. Entry: Spare::take, as often as one is needed.
// Threads: any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace heapatlas::recording {

template <typename T>
class Spare {
 public:
  static constexpr std::size_t kMost = 4;  // that are kept
  using Taken = std::unique_ptr<T, std::function<void(T*)>>;

  // As it was left; it comes back when it is given up.
  Taken take() {
    return Taken(taken().release(), [this](T* used) { giveBack(std::unique_ptr<T>(used)); });
  }

 private:
  std::unique_ptr<T> taken() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!kept_.empty()) {
        std::unique_ptr<T> last = std::move(kept_.back());
        kept_.pop_back();
        return last;
      }
    }
    return std::make_unique<T>();
  }
  void giveBack(std::unique_ptr<T> used) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (kept_.size() < kMost) kept_.push_back(std::move(used));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> kept_;
};

}  // namespace heapatlas::recording
