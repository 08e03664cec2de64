#include "recording/prediction.h"

#include <memory>

namespace heapatlas::recording {

Prediction::Prediction() : history_(kHistory) { reset(0); }

void Prediction::reset(std::uint32_t count) {
  for (auto& lane : lanes_) {
    if (lane && lane->used) std::construct_at(lane.get());  // in place: it is too large for a stack
  }
  shapes_.assign(1, Shape());
  std::fill(history_.begin(), history_.end(), Expected());
  if (links_.size() < std::size_t{count} + kLanes) links_.resize(std::size_t{count} + kLanes);
  forget();
}

void Prediction::forget() {
  for (std::uint32_t end = 0; end < kLanes; ++end) links_[end] = {end, end};
}

}  // namespace heapatlas::recording
