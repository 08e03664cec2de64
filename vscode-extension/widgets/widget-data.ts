// The widget kinds of the view contract, each with its data and what reads it. Main entries: PARSERS, isKind. To add a kind
// is to add a line to each of the two.
import { parseChart, parseHeatMap, parseKeyFigures, parseTable } from "./frame-data.ts";
import { parseDocument, type DocumentData } from "./document-data.ts";
import { parseFlameGraph, type FlameGraphData } from "./flame-graph-data.ts";
import { parseGraph, type GraphData } from "./graph-data.ts";
import { parseHex, type HexData } from "./hex-data.ts";
import { parseScene, type SceneData } from "./scene-data.ts";
import { parseTimeline, type TimelineData } from "./timeline-data.ts";
import type { JsonObject } from "./json.ts";
import type { ChartData, HeatMapData, KeyFiguresData, TableData } from "./protocol.ts";

/** The widget kinds of this contract with their data. */
export interface WidgetData {
  readonly heatmap: HeatMapData;
  readonly table: TableData;
  readonly keyFigures: KeyFiguresData;
  readonly chart: ChartData;
  readonly timeline: TimelineData;
  readonly flameGraph: FlameGraphData;
  readonly graph: GraphData;
  readonly hex: HexData;
  readonly document: DocumentData;
  readonly scene: SceneData;
}
export type WidgetKind = keyof WidgetData;

export const PARSERS: { readonly [K in WidgetKind]: (data: JsonObject) => WidgetData[K] } = {
  heatmap: parseHeatMap,
  table: parseTable,
  keyFigures: parseKeyFigures,
  chart: parseChart,
  timeline: parseTimeline,
  flameGraph: parseFlameGraph,
  graph: parseGraph,
  hex: parseHex,
  document: parseDocument,
  scene: parseScene,
};

export function isKind(kind: string): kind is WidgetKind {
  return Object.hasOwn(PARSERS, kind);
}
