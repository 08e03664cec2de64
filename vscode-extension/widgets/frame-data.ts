// The data of each widget kind, checked where it enters. Main entries: parseHeatMap, parseTable, parseKeyFigures,
// parseChart. Called by protocol.ts, which has the types. What is bounded here cannot stall a widget later.
import { fromWire, isWireAddress, type WireAddress } from "./address.ts";
import { ContractError, type JsonObject } from "./json.ts";
import type {
  ChartData,
  Detail,
  HeatMapData,
  KeyFiguresData,
  Segment,
  StackLine,
  TableData,
  Span,
  TableRow,
} from "./protocol.ts";

function parseAddress(object: JsonObject, key: string): WireAddress {
  const text = object.string(key);
  if (!isWireAddress(text)) throw new ContractError(`segment.${key}`, "an address '0x…'", object.raw(key));
  return text;
}

/** More than any screen shows; a frame over it would only stall the page. */
const MAX_TILES = 2 ** 22;

/** The segment's tiles, when it has a size and they do. */
function checkSegment({ from, to, tileBytes }: Segment): number {
  const length = fromWire(to) - fromWire(from);
  if (length < 0n) throw new ContractError("data.segments.to", "an address that is not below 'from'", to);
  if (!(tileBytes >= 1)) throw new ContractError("data.segments.tileBytes", "at least 1", tileBytes);
  return Math.ceil(Number(length) / tileBytes);
}

export function parseHeatMap(data: JsonObject): HeatMapData {
  const heatMap: HeatMapData = {
    segments: data.list("segments", (s) => ({
      from: parseAddress(s, "from"),
      to: parseAddress(s, "to"),
      tileBytes: s.number("tileBytes"),
      label: s.string("label"),
      kind: s.string("kind"),
    })),
    metrics: data.list("metrics", (m) => ({ id: m.string("id"), title: m.string("title"), unit: m.string("unit") })),
    values: data.numberLists("values"),
    metric: data.string("metric"),
    regions: data.list("regions", (r) => ({
      from: parseAddress(r, "from"),
      to: parseAddress(r, "to"),
      label: r.string("label"),
      kind: r.string("kind"),
      residentBytes: r.number("residentBytes"),
      proportionalBytes: r.number("proportionalBytes"),
      numaPages: r.numbers("numaPages"),
    })),
    detail: parseDetail(data.object("detail")),
  };
  let tiles = 0;
  for (const segment of heatMap.segments) tiles += checkSegment(segment);
  if (tiles > MAX_TILES) throw new ContractError("data.segments", `at most ${MAX_TILES} tiles`, tiles);
  return heatMap;
}

function parseDetail(detail: JsonObject | undefined): Detail | undefined {
  return (
    detail && {
      title: detail.string("title"),
      from: detail.string("from"),
      to: detail.string("to"),
      facts: detail.list("facts", (f) => ({ title: f.string("title"), text: f.string("text") })),
      partsTitle: detail.string("partsTitle"),
      parts: detail.list("parts", (p) => ({
        title: p.string("title"),
        text: p.string("text"),
        target: p.string("target"),
      })),
      stack: detail.list("stack", parseStackLine),
    }
  );
}

export function parseStackLine(line: JsonObject): StackLine {
  return {
    function: line.string("function"),
    path: line.string("path"),
    line: line.number("line"),
    module: line.string("module"),
  };
}

export function parseTable(data: JsonObject): TableData {
  const lines = data.list("lines", parseStackLine);
  return {
    columns: data.list("columns", (c) => ({
      id: c.string("id"),
      title: c.string("title"),
      unit: c.string("unit"),
      align: c.string("align"),
      sortable: c.boolean("sortable"),
      bar: c.boolean("bar"),
    })),
    rows: data.list("rows", (row) => parseRow(row, lines)),
    offset: data.number("offset"),
    total: data.number("total"),
    sort: data.string("sort"),
    descending: data.boolean("descending"),
    query: data.string("query"),
  };
}

function parseRow(row: JsonObject, lines: readonly StackLine[]): TableRow {
  return {
    id: row.string("id"),
    cells: row.list("cells", (c) => ({
      text: c.string("text"),
      number: c.has("number") ? c.number("number") : undefined,
      path: c.string("path"),
      line: c.number("line"),
      spark: c.numbers("spark"),
    })),
    detail: row.picks("detail", lines),
    muted: row.boolean("muted"),
  };
}

export function parseKeyFigures(data: JsonObject): KeyFiguresData {
  return {
    figures: data.list("figures", (f) => ({
      id: f.string("id"),
      title: f.string("title"),
      value: f.number("value"),
      unit: f.string("unit"),
      text: f.string("text"),
      spark: f.numbers("spark"),
    })),
    notices: data.strings("notices"),
  };
}

export function parseChart(data: JsonObject): ChartData {
  return {
    x: data.numbers("x"),
    xUnit: data.string("xUnit"),
    series: data.list("series", (s) => ({
      id: s.string("id"),
      title: s.string("title"),
      unit: s.string("unit"),
      values: s.numbers("values"),
      axis: s.string("axis"),
    })),
    gaps: data.list("gaps", parseSpan),
  };
}

export function parseSpan(span: JsonObject): Span {
  return { from: span.number("from"), to: span.number("to"), title: span.string("title") };
}
