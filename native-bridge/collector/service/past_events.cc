// See past_events.h.
#include "service/past_events.h"

namespace heapatlas::collector {

using recording::What;

Identities::Identities(Process& process) : tids_(process.tids()) {
  const Process::View view(process);
  const Contexts& contexts = view.heap().contexts();
  for (std::uint32_t i = 0; i < contexts.size(); ++i) {
    sites_.push_back(contexts[i].node);
    threads_.push_back(contexts[i].thread);
  }
}

std::uint32_t Identities::siteOf(const recording::Event& event) const {
  if (event.what == What::PoolRelease) return 0;
  const bool byContext = event.what <= What::Refused || event.what == What::PoolAllocate;
  return byContext ? siteOf(event.context) : event.stack;
}

PastEvent eventAt(const recording::Rows& rows, std::size_t index, std::uint64_t firstPosition) {
  return {rows.events[index], firstPosition + index, rows.birth[index]};
}

void fill(heapatlas::v1::Event& shown, const PastEvent& past, const Identities& who) {
  const recording::Event& event = past.event;
  shown.set_position(past.position);
  shown.set_nanos(event.nanos);
  shown.set_kind(static_cast<heapatlas::v1::EventKind>(event.what));
  shown.set_address(event.address);
  shown.set_size(event.size);
  shown.set_tid(who.tidOf(event.thread));
  shown.set_site(who.siteOf(event));
  if (recording::releases(event.what)) shown.set_allocated_by(who.siteOf(event.context));
  if (past.birth != recording::kNoPosition) shown.set_allocated_at(past.birth + 1);
}

Kinds Kinds::ofHeap() {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i <= static_cast<unsigned>(What::Last); ++i) {
    const auto what = static_cast<What>(i);
    if (recording::allocates(what) || recording::releases(what)) bits |= 1ull << i;
  }
  return Kinds(bits);
}

Kinds Kinds::of(const google::protobuf::RepeatedField<int>& named, Kinds otherwise) {
  if (named.empty()) return otherwise;
  std::uint64_t bits = 0;
  for (const int kind : named) {
    if (kind >= 0 && kind <= static_cast<int>(What::Last)) bits |= 1ull << kind;
  }
  return Kinds(bits);
}

}  // namespace heapatlas::collector
