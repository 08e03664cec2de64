// What a heat map shows, apart from where: the metric that colours, its scale, the words for a tile, the CSV.
// Main entry: HeatMapModel. Called by heatmap.ts and its legend. Pure; tested without a browser.
import { AddressRange, fromWire, toWire } from "./address.ts";
import { csv, formatBytes, formatExactly, formatQuantity, isBytes } from "./format.ts";
import type { Block, HeatMapLayout } from "./heatmap-layout.ts";
import { level } from "./palette.ts";
import type { HeatMapData, Legend, Metric, Region } from "./protocol.ts";

export interface Scale {
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly scale: "linear" | "log";
}

export interface FigureWords {
  readonly title: string;
  readonly text: string;
  readonly exact: string;
}
export interface TileWords {
  /** The regions that it touches, or that it is not mapped. */
  readonly region: string;
  readonly range: string;
  readonly size: string;
  readonly figures: readonly FigureWords[];
  /** What is in memory of all of these regions; nothing where there are none. */
  readonly resident: readonly FigureWords[];
}

/** The level of a tile that is no part of any mapping; NaN is the level of one in which nothing lies. */
export const NOT_MAPPED = -2;

/** Both the tiles and the regions are in address order, so one walk over both is enough. */
function markUnmapped(levels: Float32Array, block: Block, regions: readonly Region[]): void {
  const bytes = BigInt(Math.round(block.segment.tileBytes));
  let at = 0;
  for (let tile = 0; tile < block.count; tile++) {
    const from = block.range.from + BigInt(tile) * bytes;
    while (at < regions.length && fromWire((regions[at] as Region).to) <= from) at++;
    const next = regions[at];
    const mapped = next !== undefined && fromWire(next.from) < from + bytes;
    if (!mapped && Number.isNaN(levels[block.first + tile])) levels[block.first + tile] = NOT_MAPPED;
  }
}

const MOST_NAMES = 3;

function regionWords(data: HeatMapData, block: Block, touched: readonly Region[]): string {
  if (data.regions.length === 0) return nameOf(block.segment);
  if (touched.length === 0) return "not mapped";
  const names = [...new Set(touched.map(nameOf))];
  return (
    names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "")
  );
}

function residentWords(regions: readonly Region[]): readonly FigureWords[] {
  if (regions.length === 0) return [];
  const bytes = (title: string, of: (region: Region) => number): FigureWords => {
    const sum = regions.reduce((before, region) => before + of(region), 0);
    return { title, text: formatBytes(sum), exact: formatExactly(sum, "B") };
  };
  const words = [
    bytes("Resident (RSS)", (region) => region.residentBytes),
    bytes("Proportional (PSS)", (region) => region.proportionalBytes),
  ];
  const nodes = Math.max(...regions.map((region) => region.numaPages.length));
  if (nodes < 2) return words;
  const pages = Array.from({ length: nodes }, (_, node) =>
    regions.reduce((before, region) => before + (region.numaPages[node] ?? 0), 0),
  );
  const text = pages.map((count, node) => `node ${node} ${count.toLocaleString("en-US")}`).join(" · ");
  return [...words, { title: "NUMA pages", text, exact: text }];
}

function nameOf({ label, kind }: { readonly label: string; readonly kind: string }): string {
  if (label === "" || label === `[${kind}]`) return kind === "" ? label : kind;
  return kind === "" ? label : `${label} (${kind})`;
}

export function extent(values: Float64Array): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!(value > 0)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: max > 0 ? min : 0, max };
}

export class HeatMapModel {
  readonly metric: Metric | undefined;
  readonly scale: Scale;
  private readonly values: Float64Array;

  /** `chosen` and `chosenScale` are what the user switched to, if anything; else the frame's own metric and scale hold. */
  constructor(
    readonly data: HeatMapData,
    legend: Legend | undefined,
    chosen: string | undefined,
    chosenScale?: Scale["scale"],
  ) {
    const wanted = chosen ?? data.metric;
    const index = Math.max(
      0,
      data.metrics.findIndex((metric) => metric.id === wanted),
    );
    this.metric = data.metrics[index];
    this.values = data.values[index] ?? new Float64Array();
    const own = legend !== undefined && this.metric?.id === data.metric && legend.max > 0;
    const bounds = own ? legend : extent(this.values);
    const scale = chosenScale ?? (own ? legend.scale : "log");
    this.scale = {
      label: this.metric?.title ?? legend?.label ?? "",
      unit: this.metric?.unit ?? legend?.unit ?? "",
      // A logarithm has no zero: the least unit stands at the low end.
      min: scale === "linear" ? 0 : bounds.min > 0 ? bounds.min : extent(this.values).min,
      max: bounds.max,
      scale,
    };
  }

  levels(layout: HeatMapLayout): Float32Array {
    const { min, max, scale } = this.scale;
    const levels = Float32Array.from(this.values, (value) => level(value, min, max, scale));
    if (this.data.regions.length > 0) {
      for (const block of layout.blocks) markUnmapped(levels, block, this.data.regions);
    }
    return levels;
  }

  /** The size of a tile, which is the same all over a map, or the words for tiles of several sizes. */
  tileWords(): string {
    const sizes = new Set(this.data.segments.map((segment) => segment.tileBytes));
    const [size] = sizes;
    return sizes.size === 1 && size !== undefined ? `${formatBytes(size)} tile` : "tile";
  }

  /** Whether any tile of this map is outside of all mappings. */
  static hasUnmapped(levels: Float32Array): boolean {
    return levels.includes(NOT_MAPPED);
  }

  describe(layout: HeatMapLayout, tile: number): TileWords | undefined {
    const range = layout.rangeOf(tile);
    const block = layout.blockOf(tile);
    if (range === undefined || block === undefined) return undefined;
    const touched = this.data.regions.filter((region) => range.overlaps(AddressRange.ofWire(region.from, region.to)));
    return {
      region: regionWords(this.data, block, touched),
      range: range.toString(),
      size: formatBytes(Number(range.length)),
      figures: this.data.metrics.map((metric, index) => {
        const value = this.data.values[index]?.[tile] ?? Number.NaN;
        const share = isBytes(metric.unit) ? share100(value, Number(range.length)) : "";
        return {
          title: metric.title,
          text: formatQuantity(value, metric.unit) + share,
          exact: formatExactly(value, metric.unit),
        };
      }),
      resident: residentWords(touched),
    };
  }

  csv(layout: HeatMapLayout): string {
    const head = [
      "segment",
      "from",
      "to",
      ...this.data.metrics.map((m) => `${m.title}${m.unit === "" ? "" : ` (${m.unit})`}`),
    ];
    const lines = [head];
    for (let tile = 0; tile < layout.tiles; tile++) {
      const range = layout.rangeOf(tile);
      if (range === undefined) continue;
      const label = layout.blockOf(tile)?.segment.label ?? "";
      const figures = this.data.values.map((values) => String(values[tile] ?? ""));
      lines.push([label, toWire(range.from), toWire(range.to), ...figures]);
    }
    return csv(lines);
  }
}

/** Little is never shown as none, nor almost all as all. */
function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0) return "< 1 %";
  return rounded === 100 && share < 1 ? "> 99 %" : `${rounded} %`;
}

/** How much of the tile the bytes take, when they can be a part of it. */
function share100(value: number, length: number): string {
  return value > 0 && value <= length ? ` (${percent(value / length)} full)` : "";
}

export function sentenceOf(words: TileWords): string {
  return `${words.region}, ${words.range}, ${words.size}: ${words.figures.map((f) => `${f.title} ${f.text}`).join(", ")}.`;
}
