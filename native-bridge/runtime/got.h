// Rewrites the tables through which loaded objects call each other: from what they hold to our hooks, and back.
// Main entries: takeOver and giveBack, called by attach.cc; followObjects, called by the slow paths of events.
//
// Invariant: an entry is taken only while it holds what our hook calls, or while the loader has not bound it yet; and
// given back only while it holds our hook. So no list is kept of what was changed, somebody else's wrapper stays where
// it is, and an object that was unloaded meanwhile is never touched. Entries are found by walking the objects with the
// loader's list held, so that none vanishes under the walk.
#pragma once

namespace heapatlas::runtime {

void takeOver();
void giveBack();
// Takes over objects that were loaded since; cheap when there are none. Never waits. Keeps errno.
void followObjects();

}  // namespace heapatlas::runtime
