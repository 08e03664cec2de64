// The process-wide side of unwind.h: start, and what happens when code comes and goes.
// Scans are served by whichever thread finds none under way; a request that comes meanwhile is served by that thread
// once more, and until then codeUnsettled() holds. No lock is ever waited for.
#include "unwind.h"

#include "generations.h"
#include "module_table.h"
#include "objects.h"
#include "rules.h"
#include "system.h"
#include "trie.h"

namespace heapatlas::unwind {

std::atomic<std::uint32_t> codeGeneration{1};
std::atomic<std::uint32_t> foreignGeneration{1};

namespace {

constexpr std::uint32_t kFruitlessScans =
    256;  // then a question that scans cannot answer is no longer a reason for one

std::atomic<std::uint32_t> changing{0};
std::atomic<std::uint32_t> requested{0};
std::atomic<std::uint32_t> served{0};
std::atomic<std::uint32_t> scanning{0};
std::atomic<std::uint32_t> fruitless{0};
std::uint32_t startedBy = 0;  // process id

// True when this thread scanned and something had changed.
bool serveScans() {
  bool changed = false;
  while (requested.load() != served.load()) {
    std::uint32_t free = 0;
    if (!scanning.compare_exchange_strong(free, 1)) break;
    const std::uint32_t upTo = requested.load();
    const ScanResult result = scanObjects();
    if (result.unloaded) forgetRules();
    if (result.replaced) forgetNodes();
    if (result.loaded || result.unloaded) {
      codeGeneration.fetch_add(1);
      changed = true;
    }
    served.store(upTo);
    scanning.store(0);
  }
  return changed;
}

}  // namespace

bool codeUnsettled() { return changing.load() != 0 || requested.load() != served.load(); }

bool codeAppeared() {
  if (startedBy == 0 || fruitless.load(std::memory_order_relaxed) >= kFruitlessScans) return false;
  requested.fetch_add(1);
  const bool changed = serveScans();
  if (changed) {
    fruitless.store(0, std::memory_order_relaxed);
  } else {
    fruitless.fetch_add(1, std::memory_order_relaxed);
  }
  return changed;
}

void start(const RingParts& parts) {
  startTrie(parts);
  startModules(parts);
  codeGeneration.fetch_add(1);
  // A forked child has its parent's objects, and the threads that may have been scanning are not in it. Nor may it ask
  // the loader, whose lock one of them may have held.
  changing.store(0);
  scanning.store(0);
  served.store(requested.load());
  const std::uint32_t before = startedBy;
  startedBy = processId();
  if (before != 0 && before != startedBy) return;
  requested.fetch_add(1);
  serveScans();
}

void modulesChanging() {
  changing.fetch_add(1);
  codeGeneration.fetch_add(1);
}

void modulesChanged() {
  if (startedBy == 0) return;
  requested.fetch_add(1);
  std::uint32_t open = changing.load();
  while (open != 0 && !changing.compare_exchange_weak(open, open - 1)) {
  }
  serveScans();
}

void memoryUnmapped() {
  if (foreignGeneration.fetch_add(1, std::memory_order_acq_rel) == ~0u) foreignGeneration.fetch_add(1);
}

}  // namespace heapatlas::unwind
