#include "recording/prediction.h"

#include <memory>

namespace heapatlas::recording {

Prediction::Prediction() : links_(kMaxChunkEvents + kLanes), history_(kHistory) { reset(); }

void Prediction::reset() {
  for (auto& lane : lanes_) {
    if (lane && lane->used) std::construct_at(lane.get());  // in place: it is too large for a stack
  }
  shapes_.assign(1, Shape());
  std::fill(history_.begin(), history_.end(), Expected());
  forget();
}

void Prediction::forget() {
  for (std::uint32_t end = kMaxChunkEvents; end < links_.size(); ++end) links_[end] = {end, end};
}

}  // namespace heapatlas::recording
