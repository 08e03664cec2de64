// What a heat map shows, apart from where: the metric that colours, its scale, the words for a tile, the CSV.
// Main entry: HeatMapModel. Called by heatmap.ts and its legend. Pure; tested without a browser.
import { toWire } from "./address.ts";
import { csv, formatBytes, formatExactly, formatQuantity, isBytes } from "./format.ts";
import type { HeatMapLayout } from "./heatmap-layout.ts";
import { level } from "./palette.ts";
import type { HeatMapData, Legend, Metric } from "./protocol.ts";

export interface Scale {
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly scale: "linear" | "log";
}

export interface TileWords {
  readonly segment: string;
  readonly range: string;
  readonly size: string;
  readonly figures: readonly { readonly title: string; readonly text: string; readonly exact: string }[];
}

function extent(values: Float64Array): { min: number; max: number } {
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
    this.scale = {
      label: this.metric?.title ?? legend?.label ?? "",
      unit: this.metric?.unit ?? legend?.unit ?? "",
      // A logarithm has no zero: the least unit stands at the low end.
      min: chosenScale === "linear" ? 0 : bounds.min > 0 ? bounds.min : extent(this.values).min,
      max: bounds.max,
      scale: chosenScale ?? (own ? legend.scale : "log"),
    };
  }

  levels(): Float32Array {
    const { min, max, scale } = this.scale;
    return Float32Array.from(this.values, (value) => level(value, min, max, scale));
  }

  describe(layout: HeatMapLayout, tile: number): TileWords | undefined {
    const range = layout.rangeOf(tile);
    const block = layout.blockOf(tile);
    if (range === undefined || block === undefined) return undefined;
    return {
      segment: block.segment.label === "" ? block.segment.kind : block.segment.label,
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

/** How much of the tile the bytes take, when they can be a part of it. */
function share100(value: number, length: number): string {
  return value > 0 && value <= length ? ` (${Math.round((value / length) * 100)} %)` : "";
}

export function sentenceOf(words: TileWords): string {
  return `${words.segment}, ${words.range}, ${words.size}: ${words.figures.map((f) => `${f.title} ${f.text}`).join(", ")}.`;
}
