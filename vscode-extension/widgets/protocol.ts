// The view contract, proto/view.proto in its JSON form, typed and checked where it enters.
// Main entries: parseFrame, mergeFrame, parseViews, parseOpened, parseActed. Called by the channel and, later, by the
// webviews' host. What passes here has the right types; widgets check nothing again.
import type { WireAddress } from "./address.ts";
import { JsonObject } from "./json.ts";
import { isKind, PARSERS, type WidgetData, type WidgetKind } from "./widget-data.ts";

export interface ViewDescription {
  readonly id: string;
  readonly title: string;
  readonly feature: string;
  readonly widget: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly findings: number;
}
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  /** What people call the values, aligned with them; empty where the values speak for themselves. */
  readonly titles: readonly string[];
}
/** Nanoseconds since the session's start, of which there is what lies in [from, to]. */
export interface FrameTime {
  readonly now: number;
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
  /** A recording that stands at now. */
  readonly replayed: boolean;
  /** How it came there: forward or backward. */
  readonly direction: string;
  /** How the program ended, in words; empty while it runs or when that is not known. */
  readonly end: string;
  /** Of a recording that is played: recorded time over real time, negative when time runs backward; 0: it stands still. */
  readonly pace: number;
}
export interface Coverage {
  readonly mode: string;
  readonly lost: number;
  readonly sampled: boolean;
  readonly text: string;
}
export interface Legend {
  readonly label: string;
  readonly unit: string;
  readonly scale: "linear" | "log";
  readonly min: number;
  readonly max: number;
}
export interface Crumb {
  readonly title: string;
  readonly target: string;
}
export interface Selection {
  readonly from: string;
  readonly to: string;
  /** Also the id of the row that is selected. */
  readonly site: string;
  /** Its number in the table, from 1, when it is to be brought into sight with its detail; else 0. */
  readonly reveal: number;
}
/** The actions that a widget offers by its own means: keys, pointer, headers. The host shows a button for any other. */
export const WIDGET_ACTIONS: ReadonlySet<string> = new Set([
  "drill",
  "inspect",
  "back",
  "sort",
  "window",
  "filter",
  "metric",
  "range",
  "seek",
  "previous",
  "next",
  "span",
  "mark",
  "previousFinding",
  "nextFinding",
  "play",
  "pause",
  "speed",
  "markA",
  "markB",
  "compare",
  "query",
]);

/** The view that is to be brought into sight when this was done; empty: none. */
export function viewOf(frame: Frame | undefined, { action }: Act): string {
  return frame?.actions.find(({ id }) => id === action)?.view ?? "";
}

export interface FrameAction {
  readonly id: string;
  readonly title: string;
  readonly on: string;
  /** The id of the view that shows what it does, to be brought into sight then; empty: none. */
  readonly view: string;
}

export interface Segment {
  readonly from: WireAddress;
  readonly to: WireAddress;
  readonly tileBytes: number;
  readonly label: string;
  readonly kind: string;
}
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
}
/**
 * What is mapped, and what the kernel keeps in memory of it: RSS, PSS, and the pages of 4 KiB on each NUMA node, none
 * where that is not known.
 */
export interface Region {
  readonly from: WireAddress;
  readonly to: WireAddress;
  readonly label: string;
  readonly kind: string;
  readonly residentBytes: number;
  readonly proportionalBytes: number;
  readonly numaPages: Float64Array;
}
export interface Fact {
  readonly title: string;
  readonly text: string;
}
/** A part of what was inspected, which can be inspected in turn. */
export interface Part {
  readonly title: string;
  readonly text: string;
  readonly target: string;
}
/** What stands behind the range that was inspected last. */
export interface Detail {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly facts: readonly Fact[];
  readonly partsTitle: string;
  readonly parts: readonly Part[];
  readonly stack: readonly StackLine[];
}
/**
 * `values[m]` holds metric m of all tiles of all segments, in order. `regions` are in address order without overlap; a
 * tile that touches none of them is not mapped, and where there are none nothing is known of it.
 */
export interface HeatMapData {
  readonly segments: readonly Segment[];
  readonly metrics: readonly Metric[];
  readonly values: readonly Float64Array[];
  readonly metric: string;
  readonly regions: readonly Region[];
  readonly detail: Detail | undefined;
}
export interface TableColumn {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly align: string;
  readonly sortable: boolean;
  readonly bar: boolean;
}
export interface Cell {
  readonly text: string;
  readonly number: number | undefined;
  readonly path: string;
  readonly line: number;
  /** A small histogram, the last bar of what has no place in it; empty where there is none. */
  readonly spark: Float64Array;
}
export interface StackLine {
  readonly function: string;
  readonly path: string;
  readonly line: number;
  readonly module: string;
}
export interface TableRow {
  readonly id: string;
  readonly cells: readonly Cell[];
  readonly detail: readonly StackLine[];
  /** Of little weight: what chance explains. */
  readonly muted: boolean;
}
/** The rows [offset, offset + rows.length) of total. */
export interface TableData {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly offset: number;
  readonly total: number;
  readonly sort: string;
  readonly descending: boolean;
  /** The SQL whose answer it is, where the frame has the action 'query'. */
  readonly query: string;
}
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly value: number;
  readonly unit: string;
  readonly text: string;
  readonly spark: Float64Array;
}
export interface KeyFiguresData {
  readonly figures: readonly Figure[];
  readonly notices: readonly string[];
}
export interface Series {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly values: Float64Array;
  readonly axis: string;
}
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}
export interface ChartData {
  readonly x: Float64Array;
  readonly xUnit: string;
  readonly series: readonly Series[];
  readonly gaps: readonly Span[];
}

export interface FrameHead {
  readonly title: string;
  readonly time: FrameTime | undefined;
  readonly coverage: Coverage | undefined;
  readonly legend: Legend | undefined;
  readonly breadcrumbs: readonly Crumb[];
  readonly selection: Selection | undefined;
  readonly actions: readonly FrameAction[];
  readonly empty: string;
  readonly error: string;
  /** Of a reading that goes on; what there is so far is shown. */
  readonly progress: { readonly text: string; readonly done: number } | undefined;
}
export type FrameOf<K extends WidgetKind> = FrameHead & {
  readonly widget: K;
  readonly data: WidgetData[K] | undefined;
};
/** A frame of a widget kind that came after this contract; it can only be named. */
export type UnknownFrame = FrameHead & { readonly widget: "unknown"; readonly kind: string; readonly data: undefined };
export type Frame = { [K in WidgetKind]: FrameOf<K> }[WidgetKind] | UnknownFrame;

export interface PushedFrame {
  readonly handle: string;
  readonly sequence: number;
  readonly full: boolean;
  readonly frame: unknown;
}
export interface Opened {
  readonly handle: string;
  /** Absent when the frame is large and comes as an event. */
  readonly frame: unknown;
}
export interface Acted {
  readonly message: string;
  readonly handle: string;
}
export interface Act {
  readonly action: string;
  readonly target?: string;
  readonly arguments?: Readonly<Record<string, string | number | boolean>>;
}

export function parseViews(body: unknown): ViewDescription[] {
  return JsonObject.of(body, "views").list("views", (view) => ({
    id: view.string("id"),
    title: view.string("title"),
    feature: view.string("feature"),
    widget: view.string("widget"),
    description: view.string("description"),
    parameters: view.list("parameters", (p) => ({
      name: p.string("name"),
      type: p.string("type"),
      values: p.strings("values"),
      titles: p.strings("titles"),
    })),
    findings: view.number("findings"),
  }));
}

export function parseOpened(body: unknown): Opened {
  const opened = JsonObject.of(body, "open");
  return { handle: opened.string("handle"), frame: opened.raw("frame") };
}

export function parseActed(body: unknown): Acted {
  const acted = JsonObject.of(body, "act");
  return { message: acted.string("message"), handle: acted.string("handle") };
}

export function parsePushed(body: unknown): PushedFrame {
  const pushed = JsonObject.of(body, "event");
  return {
    handle: pushed.string("handle"),
    sequence: pushed.number("sequence"),
    full: pushed.boolean("full"),
    frame: pushed.raw("frame"),
  };
}

/**
 * A delta laid over the frame before it, both as JSON: fields that the delta has replace those of the frame, and so do
 * the fields of its data.
 */
export function mergeFrame(before: unknown, delta: unknown): unknown {
  if (!isRecord(before) || !isRecord(delta)) return delta;
  const data =
    isRecord(before["data"]) && isRecord(delta["data"]) ? { ...before["data"], ...delta["data"] } : undefined;
  return { ...before, ...delta, ...(data === undefined ? {} : { data }) };
}

export function parseFrame(value: unknown): Frame {
  const frame = JsonObject.of(value, "frame");
  const head = parseHead(frame);
  const data = frame.object("data");
  const kind = frame.string("widget");
  if (!isKind(kind)) return { ...head, widget: "unknown", kind, data: undefined };
  // A kind and its own parser's data belong together, which a union of pairs cannot be told.
  return { ...head, widget: kind, data: data && PARSERS[kind](data) } as Frame;
}

function parseHead(frame: JsonObject): FrameHead {
  const time = frame.object("time");
  const coverage = frame.object("coverage");
  const legend = frame.object("legend");
  const selection = frame.object("selection");
  const progress = frame.object("progress");
  return {
    title: frame.string("title"),
    time: time && {
      now: time.number("now"),
      from: time.number("from"),
      to: time.number("to"),
      live: time.boolean("live"),
      replayed: time.boolean("replayed"),
      direction: time.string("direction"),
      end: time.string("end"),
      pace: time.number("pace"),
    },
    coverage: coverage && {
      mode: coverage.string("mode"),
      lost: coverage.number("lost"),
      sampled: coverage.boolean("sampled"),
      text: coverage.string("text"),
    },
    legend: legend && {
      label: legend.string("label"),
      unit: legend.string("unit"),
      scale: legend.string("scale") === "log" ? "log" : "linear",
      min: legend.number("min"),
      max: legend.number("max"),
    },
    breadcrumbs: frame.list("breadcrumbs", (c) => ({ title: c.string("title"), target: c.string("target") })),
    selection: selection && {
      from: selection.string("from"),
      to: selection.string("to"),
      site: selection.string("site"),
      reveal: selection.number("reveal"),
    },
    actions: frame.list("actions", (a) => ({
      id: a.string("id"),
      title: a.string("title"),
      on: a.string("on"),
      view: a.string("view"),
    })),
    empty: frame.string("empty"),
    error: frame.string("error"),
    progress: progress && { text: progress.string("text"), done: progress.number("done") },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
