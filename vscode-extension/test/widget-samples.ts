// A sample frame of each widget kind, for the tests of what every kind must do. Main entries: SAMPLES, STYLES. A new kind
// is tested with all of these as soon as it has a frame here; without one the types do not check.
import type { SlotStyle } from "../webview/messages.ts";
import type { WidgetKind } from "../widgets/widget-data.ts";
import { bytesFrame, SampleMemory } from "./sample-bytes.ts";
import { sampleFrame } from "./sample-frames.ts";
import { report } from "./sample-report.ts";
import { terrain } from "./sample-terrain.ts";

export const SAMPLES: Readonly<Record<WidgetKind, object>> = {
  heatmap: sampleFrame("memory.map", "data", 1),
  table: sampleFrame("memory.sites", "data", 1),
  keyFigures: sampleFrame("memory.figures", "data", 0),
  chart: sampleFrame("memory.series", "data", 1),
  timeline: sampleFrame("memory.timeline", "replayed", 1),
  flameGraph: sampleFrame("memory.flame", "data", 1),
  graph: sampleFrame("memory.callers", "data", 1),
  hex: bytesFrame(new SampleMemory(), 1, true),
  document: report(),
  scene: terrain(),
};

/** How the editor shows those that it does not show in a box with a head. */
export const STYLES: Readonly<Partial<Record<WidgetKind, SlotStyle>>> = { keyFigures: "bare", timeline: "plain" };

export const KINDS = Object.keys(SAMPLES) as readonly WidgetKind[];
