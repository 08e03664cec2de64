// What can be asked about the past of one process: its recording, whose chunks are read beside each other.
// Entry: Past::reader, for each call that asks. Must hold: what is sealed while the process lives is seen by the next
// reader that is lent. Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "recording/reader.h"

namespace heapatlas::collector {

class Past {
 public:
  explicit Past(std::string folder) : folder_(std::move(folder)) {}

  // Goes back to the others when it is done with.
  class Lent {
   public:
    Lent(Past& past, std::unique_ptr<recording::Reader> reader) : past_(past), reader_(std::move(reader)) {}
    ~Lent() { past_.takeBack(std::move(reader_)); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    recording::Reader& operator*() const { return *reader_; }
    recording::Reader* operator->() const { return reader_.get(); }

   private:
    Past& past_;
    std::unique_ptr<recording::Reader> reader_;
  };
  // Throws recording::RecordingError.
  Lent reader() { return {*this, idleOrNew()}; }

 private:
  static constexpr std::size_t kMostIdle = 4;

  std::unique_ptr<recording::Reader> idleOrNew() {
    std::unique_ptr<recording::Reader> reader;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!idle_.empty()) {
        reader = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (reader == nullptr) return std::make_unique<recording::Reader>(folder_);
    reader->extend();
    return reader;
  }
  void takeBack(std::unique_ptr<recording::Reader> reader) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(reader));
  }

  const std::string folder_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<recording::Reader>> idle_;
};

}  // namespace heapatlas::collector
