// See totals.h.
#include "process/totals.h"

#include <algorithm>
#include <utility>

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;

void add(v1::FigureColumns& columns, std::uint32_t key, std::uint32_t labels, const Figures& figures,
         std::int64_t peak) {
  columns.add_key(key);
  columns.add_labels(labels);
  columns.add_live_bytes(figures.liveBytes);
  columns.add_live_count(figures.liveCount);
  columns.add_total_bytes(figures.totalBytes);
  columns.add_total_count(figures.totalCount);
  columns.add_this_second(figures.thisSecond);
  columns.add_last_second(figures.lastSecond);
  columns.add_second(figures.second);
  columns.add_peak_bytes(peak);
}

void addAll(v1::FigureColumns& columns, const std::vector<SiteFigures>& sites) {
  for (const SiteFigures& site : sites) add(columns, site.node, site.labels, site, 0);
}

void addPools(v1::Totals& totals, const Pools& pools) {
  for (const auto& [name, pool] : pools.all()) {
    v1::PoolTotals& shown = *totals.add_pools();
    shown.set_name(name);
    add(*shown.mutable_figures(), name, 0, pool.figures, pool.figures.peakBytes);
    addAll(*shown.mutable_sites(), pool.sites.all());
    shown.set_refused(pool.refused);
    pool.table.forRange(0, kAddressEnd, [&](const LiveBlock& block) {
      shown.add_address(block.address);
      shown.add_size(block.size);
      shown.add_context(block.entry.context());
      shown.add_nanos(block.entry.nanos());
      return true;
    });
    for (const auto& [address, balance] : pool.unsettled) {
      shown.add_unsettled_address(address);
      shown.add_unsettled(balance);
    }
  }
}

Figures figuresOf(const v1::FigureColumns& columns, int row) {
  Figures figures;
  figures.liveBytes = columns.live_bytes(row);
  figures.liveCount = columns.live_count(row);
  figures.totalBytes = columns.total_bytes(row);
  figures.totalCount = columns.total_count(row);
  figures.thisSecond = columns.this_second(row);
  figures.lastSecond = columns.last_second(row);
  figures.second = columns.second(row);
  return figures;
}

PeakFigures withPeak(const Figures& figures, std::int64_t peak) {
  PeakFigures result;
  static_cast<Figures&>(result) = figures;
  result.peakBytes = peak;
  return result;
}

// Of which all columns have one.
int rowsOf(const v1::FigureColumns& columns) {
  return std::min({columns.key_size(), columns.labels_size(), columns.live_bytes_size(), columns.live_count_size(),
                   columns.total_bytes_size(), columns.total_count_size(), columns.this_second_size(),
                   columns.last_second_size(), columns.second_size(), columns.peak_bytes_size()});
}

void setAll(SiteTable& sites, const v1::FigureColumns& columns) {
  for (int i = 0; i < rowsOf(columns); ++i) {
    sites.set(sites.indexOf(columns.key(i) % ring::kMaxNodes, columns.labels(i)), figuresOf(columns, i));
  }
}

void restore(Pools& pools, const v1::PoolTotals& totals) {
  Pools::Pool* pool = pools.poolOf(totals.name());
  if (pool == nullptr) return;
  if (rowsOf(totals.figures()) != 0) {
    pool->figures = withPeak(figuresOf(totals.figures(), 0), totals.figures().peak_bytes(0));
  }
  setAll(pool->sites, totals.sites());
  pool->refused = totals.refused();
  const int blocks = std::min({totals.address_size(), totals.size_size(), totals.context_size(), totals.nanos_size()});
  for (int i = 0; i < blocks; ++i) {
    if (!LiveTable::takes(totals.address(i))) continue;
    pool->table.insert(totals.address(i), totals.size(i),
                       Entry::make(totals.context(i), totals.size(i), totals.nanos(i)));
  }
  const int unsettled = std::min(totals.unsettled_address_size(), totals.unsettled_size());
  for (int i = 0; i < unsettled && pool->unsettled.size() < Pools::kMaxUnsettled; ++i) {
    pool->unsettled[totals.unsettled_address(i)] = totals.unsettled(i);
  }
}

}  // namespace

std::function<v1::Totals()> totalsOf(const Heap& heap, const v1::Mark& mark) {
  v1::Totals small;
  *small.mutable_mark() = mark;
  addPools(small, heap.pools());
  return [small = std::move(small), sites = heap.sites().all(), labelled = heap.labelledSites().all(),
          labels = heap.labels().labels()] {
    v1::Totals totals = small;
    addAll(*totals.mutable_sites(), sites);
    addAll(*totals.mutable_labelled_sites(), labelled);
    for (const LabelSets::Label& label : labels) {
      add(*totals.mutable_labels(), label.name, static_cast<std::uint32_t>(label.kind), label.figures,
          label.figures.peakBytes);
    }
    return totals;
  };
}

void restore(Heap& heap, const v1::Totals& totals) {
  setAll(heap.sites(), totals.sites());
  setAll(heap.labelledSites(), totals.labelled_sites());
  const v1::FigureColumns& labels = totals.labels();
  for (int row = 0; row < rowsOf(labels); ++row) {
    heap.labels().set(labels.labels(row), labels.key(row), withPeak(figuresOf(labels, row), labels.peak_bytes(row)));
  }
  heap.pools().reset();
  for (const v1::PoolTotals& pool : totals.pools()) restore(heap.pools(), pool);
}

void fill(v1::Mark& mark, const HeapTotals& totals) {
  mark.set_allocations(totals.allocations);
  mark.set_releases(totals.releases);
  mark.set_live_bytes(totals.liveBytes);
  mark.set_live_count(totals.liveCount);
  mark.set_variance(totals.variance);
  mark.set_peak_bytes(totals.peakBytes);
  mark.set_peak_nanos(totals.peakNanos);
  mark.set_refused(totals.refused);
}

HeapTotals heapTotalsOf(const v1::Mark& mark) {
  return {.allocations = mark.allocations(),
          .releases = mark.releases(),
          .liveBytes = mark.live_bytes(),
          .liveCount = mark.live_count(),
          .peakBytes = mark.peak_bytes(),
          .peakNanos = mark.peak_nanos(),
          .variance = mark.variance(),
          .refused = mark.refused()};
}

}  // namespace heapatlas::collector
