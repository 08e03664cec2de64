// See undo_log.h.
#include "process/undo_log.h"

namespace heapatlas::collector {

using recording::Event;
using recording::What;

bool UndoLog::canKeep(const Event& event) {
  return event.what != What::Forget && event.what != What::PoolAllocate && event.what != What::PoolRelease;
}

void UndoLog::keep(const Event& event) {
  if (changes_.size() == kMostEvents) changes_.pop_front();
  Change& change = changes_.emplace_back();
  change.address = event.address;
  change.totals = heap_.totals();
  change.threadIndex = event.thread;
  change.thread = threads_[event.thread];
  change.events = coverage_.events;
  change.unknownFrees = coverage_.unknownFrees;
  change.overwritten = coverage_.overwritten;
  change.ofTable = recording::allocates(event.what) || recording::releases(event.what);
  if (!change.ofTable) return;
  change.block = heap_.table().find(event.address);
  change.context = change.block ? change.block->entry.context() : event.context;
  const Context& context = heap_.contexts()[change.context];
  change.site = heap_.sites().all()[context.site];
  if (context.labels == 0) return;
  change.labelledSite = heap_.labelledSites().all()[context.labelledSite];
  for (const std::uint32_t label : heap_.labels()[context.labels].labels) {
    change.labels.push_back(heap_.labels().labels()[label].figures);
  }
}

void UndoLog::takeBack() {
  const Change& change = changes_.back();
  heap_.totals() = change.totals;
  threads_[change.threadIndex] = change.thread;
  coverage_.events = change.events;
  coverage_.unknownFrees = change.unknownFrees;
  coverage_.overwritten = change.overwritten;
  if (change.ofTable) {
    heap_.displace(change.address);
    if (change.block) heap_.place(*change.block);
    const Context& context = heap_.contexts()[change.context];
    heap_.sites().set(context.site, change.site);
    if (context.labels != 0) {
      heap_.labelledSites().set(context.labelledSite, change.labelledSite);
      const LabelSets::Set& set = heap_.labels()[context.labels];
      for (std::size_t kind = 0; kind < change.labels.size(); ++kind) {
        if (set.names[kind] != 0) heap_.labels().set(kind, set.names[kind], change.labels[kind]);
      }
    }
  }
  changes_.pop_back();
}

}  // namespace heapatlas::collector
