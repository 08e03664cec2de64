// The blocks of a program's own allocators, as its probes report them: a table a pool, beside the heap's and not
// counted with it, for a pool's blocks lie in memory that the heap has counted already. Entry: allocated and released,
// called by the order room. Must hold: an address is live exactly when more allocations than releases of it were read,
// in whatever order two rings brought them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sites/site_table.h"
#include "table/contexts.h"
#include "table/live_table.h"

namespace heapatlas::collector {

class Pools {
 public:
  static constexpr std::size_t kMaxPools = 1024;         // a program with more keeps the blocks of the first
  static constexpr std::size_t kMaxUnsettled = 1 << 20;  // addresses of a pool

  struct Pool {
    explicit Pool(std::uint64_t memoryLimit) : table(memoryLimit) {}
    PeakFigures figures;
    SiteTable sites;  // who took blocks out of it
    LiveTable table;
    // Allocations of an address less releases, but for the block in the table and where that is 0.
    absl::flat_hash_map<std::uint64_t, std::int32_t> unsettled;
    std::uint64_t refused = 0;  // events that found no room
  };

  Pools(const Contexts& contexts, std::uint64_t memoryLimit) : contexts_(contexts), memoryLimit_(memoryLimit) {}

  void allocated(std::uint32_t name, std::uint64_t address, std::uint64_t size, std::uint32_t context,
                 std::uint64_t nanos);
  void released(std::uint32_t name, std::uint64_t address);
  void forgetLive();
  void reset() { pools_.clear(); }
  // A pool whose figures come from elsewhere; null when there are too many.
  Pool* poolOf(std::uint32_t name);
  // By the index of their names.
  const std::map<std::uint32_t, Pool>& all() const { return pools_; }

  struct Found {
    std::uint32_t name;
    LiveBlock block;
  };
  // The live blocks around an address, at most one of each pool.
  std::vector<Found> around(std::uint64_t address) const;
  // Bytes of the heap's blocks that hold live blocks of a pool; a pool over mappings of its own has none. Looks at most
  // blocks, of which it takes away those it looked at, and answers 0 when they do not suffice.
  static std::uint64_t heldBytes(const Pool& pool, const LiveTable& heap, std::size_t& most);

 private:
  void count(Pool& pool, std::uint64_t size, std::uint32_t context, std::uint64_t nanos) const;
  void uncount(Pool& pool, std::uint64_t size, std::uint32_t context) const;
  static void settle(Pool& pool, std::uint64_t address, std::int32_t change);

  const Contexts& contexts_;
  std::uint64_t memoryLimit_;
  std::map<std::uint32_t, Pool> pools_;
};

}  // namespace heapatlas::collector
