// Frames as a small server under load would send them, made by hand in the JSON form of the contract, the same at every
// run. Main entries: sampleViews, sampleFrame. Called by replay-server.ts and the contract's tests.
import { flameCrumbs, flames, WHOLE_GRAPH } from "./sample-flames.ts";
import { graphCrumbs, graphOf } from "./sample-graph.ts";
import { FIRST_ROWS, sites, stream, type TableRequest } from "./sample-sites.ts";
import { standingThere, timelineActions } from "./sample-timeline.ts";
import { marks } from "./sample-marks.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const PAGE = 4 * KIB;

export type Scenario = "data" | "empty" | "error" | "loading" | "replayed" | "bytes";

export const sampleViews = {
  views: [
    view("memory.figures", "Key figures", "keyFigures"),
    view("memory.map", "Address space", "heatmap"),
    view("memory.series", "Live bytes over time", "chart"),
    view("memory.sites", "Call sites", "table"),
    view("memory.flame", "Flame graph", "flameGraph"),
    view("memory.callers", "Call graph", "graph"),
    view("memory.timeline", "Timeline", "timeline"),
  ],
};

function view(
  id: string,
  title: string,
  widget: string,
): { readonly widget: string } & Readonly<Record<string, unknown>> {
  const processes = ["2741 redis-server", "2803 redis-benchmark"];
  return {
    id,
    title,
    feature: "memory",
    widget,
    description: "",
    parameters: [{ name: "process", type: "choice", values: processes }],
    findings: 0,
  };
}

export function sampleFrame(
  id: string,
  scenario: Scenario,
  tick: number,
  table = FIRST_ROWS,
  flame = WHOLE_GRAPH,
  centres: readonly string[] = [],
): object {
  const head = {
    widget: widgetOf(id),
    title: titleOf(id),
    time: scenario === "replayed" ? standing : time(tick),
    actions: [],
    breadcrumbs: [],
  };
  if (scenario === "empty")
    return { ...head, empty: "No program is watched yet. Start one with ./heapatlas run -- PROGRAM." };
  if (scenario === "error")
    return { ...head, error: "The collector ended (exit status 1); start it again with ./heapatlas collector." };
  const coverage = {
    mode: "full",
    lost: 0,
    sampled: false,
    text: "every event since the program started, 0.2 % of frames unresolved",
  };
  switch (id) {
    case "memory.figures":
      return { ...head, coverage, data: figures(tick) };
    case "memory.map":
      return {
        ...head,
        coverage,
        breadcrumbs: [
          { title: "All regions", target: "all" },
          { title: "[heap]", target: "0x55d0c2a00000-0x55d0c6a00000" },
        ],
        data: heatMap(tick),
        legend: { label: "Live bytes", unit: "B", scale: "log", min: 16, max: 64 * KIB },
      };
    case "memory.series":
      return { ...head, coverage: { ...coverage, lost: 18_204 }, data: chart(tick) };
    case "memory.flame":
      return { ...head, coverage, breadcrumbs: flameCrumbs(flame), data: flames(table.sites, flame) };
    case "memory.callers":
      return {
        ...head,
        coverage,
        actions: [{ id: "drill", title: "Callers and callees", on: "node" }],
        breadcrumbs: graphCrumbs(centres),
        selection: { site: centres.at(-1) ?? "" },
        data: graphOf(centres.at(-1) ?? ""),
      };
    case "memory.timeline":
      return { ...head, coverage, actions: timelineActions(scenario), data: timeline(tick, scenario) };
    default:
      return { ...head, coverage, ...selected(table), data: sites(table) };
  }
}

/** In the first order, where a row's id is its place. */
function selected({ reveal }: TableRequest): object {
  return reveal === 0 ? {} : { selection: { site: `site-${reveal - 1}`, reveal } };
}

function widgetOf(id: string): string {
  return (
    {
      "memory.figures": "keyFigures",
      "memory.map": "heatmap",
      "memory.series": "chart",
      "memory.flame": "flameGraph",
      "memory.callers": "graph",
      "memory.timeline": "timeline",
    }[id] ?? "table"
  );
}

function titleOf(id: string): string {
  return (
    {
      "memory.figures": "Key figures",
      "memory.map": "Address space",
      "memory.series": "Live bytes and rate",
      "memory.flame": "Flame graph",
      "memory.callers": "Call graph",
    }[id] ?? "Call sites"
  );
}

/** A recording that was gone back in. */
const standing = { now: 12.5e9, from: 0, to: 59.5e9, live: false, replayed: true, direction: "backward" };

function time(tick: number): object {
  return { now: (64 + tick * 0.5) * 1e9, from: 0, to: (64 + tick * 0.5) * 1e9, live: true, direction: "forward" };
}

function figures(tick: number): object {
  const spark = (seed: number, rise: number): number[] => {
    const next = stream(seed);
    return Array.from({ length: 60 }, (_, i) => 100 + (i + tick) * rise + next() * 24);
  };
  return {
    figures: [
      {
        id: "liveBytes",
        title: "Live bytes",
        value: 183.4 * MIB + tick * 90 * KIB,
        unit: "B",
        text: "peak 201 MiB",
        spark: spark(1, 3),
      },
      {
        id: "live",
        title: "Live allocations",
        value: 1_482_903 + tick * 311,
        unit: "",
        text: "mean 130 B",
        spark: spark(2, 2),
      },
      { id: "rate", title: "Allocations", value: 812_400, unit: "/s", text: "and 809 k /s freed", spark: spark(3, 0) },
      {
        id: "rssBytes",
        title: "Resident (RSS)",
        value: 241.7 * MIB,
        unit: "B",
        text: "shared pages whole",
        spark: spark(4, 1),
      },
      { id: "pssBytes", title: "Proportional (PSS)", value: 239.2 * MIB, unit: "B", text: "shared pages divided" },
      {
        id: "events",
        title: "Events",
        value: 51_902_118 + tick * 81_000,
        unit: "",
        text: "none lost",
        spark: spark(6, 8),
      },
    ],
    notices: tick === 0 ? ["etcd is a Go program: memory of its own allocator is seen as mapped regions only."] : [],
  };
}

interface SampleSegment {
  readonly label: string;
  readonly kind: string;
  readonly from: bigint;
  readonly bytes: number;
  readonly tileBytes: number;
  readonly fill: number;
}
const SEGMENTS: readonly SampleSegment[] = [
  {
    label: "/usr/bin/redis-server",
    kind: "file",
    from: 0x55d0c1f8e000n,
    bytes: 1.6 * MIB,
    tileBytes: 64 * KIB,
    fill: 0.02,
  },
  { label: "[heap]", kind: "heap", from: 0x55d0c2a00000n, bytes: 64 * MIB, tileBytes: 64 * KIB, fill: 0.8 },
  { label: "jemalloc arena 0", kind: "arena", from: 0x7f1a40000000n, bytes: 96 * MIB, tileBytes: 64 * KIB, fill: 0.65 },
  { label: "jemalloc arena 1", kind: "arena", from: 0x7f1a88000000n, bytes: 32 * MIB, tileBytes: 64 * KIB, fill: 0.35 },
  {
    label: "/usr/lib/x86_64-linux-gnu/libc.so.6",
    kind: "file",
    from: 0x7f1abc000000n,
    bytes: 1.9 * MIB,
    tileBytes: 64 * KIB,
    fill: 0,
  },
  { label: "thread stack 2744", kind: "stack", from: 0x7f1abd000000n, bytes: 8 * MIB, tileBytes: 64 * KIB, fill: 0.01 },
  { label: "[stack]", kind: "stack", from: 0x7ffd1ca00000n, bytes: 132 * KIB, tileBytes: 64 * KIB, fill: 0 },
];

function heatMap(tick: number): object {
  const next = stream(42);
  const [bytes, counts, rate]: number[][] = [[], [], []];
  for (const segment of SEGMENTS) {
    const tiles = Math.ceil(segment.bytes / segment.tileBytes);
    let heat = next();
    for (let tile = 0; tile < tiles; tile++) {
      // Neighbours are alike, with holes between them and a hot end.
      heat = Math.min(1, Math.max(0, heat + (next() - 0.5) * 0.25));
      const used = next() < segment.fill * (0.6 + 0.4 * Math.cos(tile / 37 + tick / 40));
      const live = used ? Math.round(16 * (segment.tileBytes / 16) ** heat) : 0;
      bytes?.push(live);
      counts?.push(used ? Math.ceil(live / 130) : 0);
      rate?.push(used && tile > tiles * 0.7 ? Math.round(4000 * heat * next()) : 0);
    }
  }
  return {
    segments: SEGMENTS.map((s) => ({
      from: `0x${s.from.toString(16)}`,
      to: `0x${(s.from + BigInt(Math.round(s.bytes))).toString(16)}`,
      tileBytes: s.tileBytes,
      label: s.label,
      kind: s.kind,
    })),
    metrics: [
      { id: "liveBytes", title: "Live bytes", unit: "B" },
      { id: "live", title: "Allocations", unit: "" },
      { id: "rate", title: "Rate", unit: "/s" },
    ],
    values: [bytes, counts, rate],
    metric: "liveBytes",
    // A machine with two NUMA nodes.
    regions: SEGMENTS.map((s) => ({
      from: `0x${s.from.toString(16)}`,
      to: `0x${(s.from + BigInt(Math.round(s.bytes))).toString(16)}`,
      label: s.label,
      kind: s.kind,
      residentBytes: s.bytes / 2,
      proportionalBytes: s.kind === "file" ? s.bytes / 8 : s.bytes / 2,
      numaPages: [s.bytes / 4 / PAGE, s.bytes / 4 / PAGE].map(Math.floor),
    })),
  };
}

function chart(tick: number): object {
  const next = stream(7);
  const points = 240;
  const x = Array.from({ length: points }, (_, i) => (i * 0.25 + tick * 0.5 + 4) * 1e9);
  const inGap = (i: number): boolean => i >= 130 && i < 158;
  const live = x.map((_, i) =>
    inGap(i) ? null : 60 * MIB + Math.min(i, 150) * 0.8 * MIB + 9 * MIB * Math.sin(i / 9) + next() * 3 * MIB,
  );
  const rate = x.map((_, i) => (inGap(i) ? null : 700_000 + 180_000 * Math.sin(i / 17) + next() * 90_000));
  return {
    x,
    xUnit: "ns",
    series: [
      { id: "live", title: "Live bytes", unit: "B", values: live, axis: "left" },
      { id: "rate", title: "Allocations", unit: "/s", values: rate, axis: "right" },
    ],
    gaps: [{ from: x[130], to: x[157], title: "collector stopped" }],
  };
}

/** The chart's minute, from its start. */
function timeline(tick: number, scenario: Scenario): object {
  const next = stream(7);
  const length = scenario === "replayed" ? 59.5e9 : (64 + tick * 0.5) * 1e9;
  const x = Array.from({ length: 240 }, (_, i) => (i * length) / 239);
  const live = x.map((_, i) => Math.min(i, 150) * 0.8 * MIB + 9 * MIB * Math.sin(i / 9) ** 2 + next() * 3 * MIB);
  return {
    x,
    lanes: [
      { id: "liveBytes", title: "Live bytes", unit: "B", shape: "area", values: live },
      {
        id: "rate",
        title: "Allocations",
        unit: "count/s",
        shape: "area",
        values: x.map((_, i) => (i < 4 ? 0 : 7e5 + next() * 2e5)),
      },
      { id: "threads", title: "Threads", unit: "count", shape: "step", values: x.map((_, i) => (i < 20 ? 1 : 5)) },
    ],
    gaps: [{ from: 30e9, to: 34e9, title: "12,000 events folded" }],
    marks: marks(length),
    ...(scenario === "replayed" ? standingThere : {}),
  };
}
