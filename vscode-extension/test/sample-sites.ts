// A table of call sites as a small server would have them, the same at every run, and the table's JSON form, in which a
// line of several call stacks stands once. Main entries: sites, withLines. Called by sample-frames.ts and by tests.
const MIB = 2 ** 20;

/** A repeatable stream of numbers in [0, 1). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface TableRequest {
  readonly offset: number;
  readonly rows: number;
  readonly sort: string;
  readonly descending: boolean;
  readonly text: string;
  /** How many rows there are before the filter. */
  readonly sites: number;
  /** The number of the row that is to be brought into sight, or 0. */
  readonly reveal: number;
}

export const FIRST_ROWS: TableRequest = {
  offset: 0,
  rows: 60,
  sort: "bytes",
  descending: true,
  text: "",
  sites: 1243,
  reveal: 0,
};

const FUNCTIONS = [
  "sdsnewlen",
  "dictAdd",
  "createStringObject",
  "listAddNodeTail",
  "zslCreateNode",
  "networkingReadQuery",
  "robjDup",
];

export interface StackedRow {
  readonly id?: string;
  readonly cells: readonly unknown[];
  readonly detail: readonly object[];
}

/** Rows with their call stacks, as a table's rows and lines. */
export function withLines(rows: readonly StackedRow[]): {
  rows: object[];
  lines: object[];
} {
  const numbers = new Map<string, number>();
  const number = (line: object): number => {
    const text = JSON.stringify(line);
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const numbered = rows.map((row) => ({ ...row, detail: row.detail.map(number) }));
  return { rows: numbered, lines: [...numbers.keys()].map((text) => JSON.parse(text) as object) };
}

function allSites(
  total: number,
): { id: string; name: string; line: number; bytes: number; count: number; rate: number }[] {
  const next = stream(99);
  return Array.from({ length: total }, (_, i) => ({
    id: `site-${i}`,
    name: i < FUNCTIONS.length ? (FUNCTIONS[i] ?? "") : `${FUNCTIONS[i % FUNCTIONS.length] ?? ""}_${i}`,
    line: 20 + Math.floor(next() * 900),
    bytes: Math.round((64 * MIB) / (i + 1) ** 1.1),
    count: Math.round((500_000 * next()) / (i + 1)),
    rate: Math.round(90_000 * next() * (i % 5 === 0 ? 1 : 0.02)),
  }));
}

/** What all of the call sites are called by. */
const CALLERS = [
  { function: "processInputBuffer", path: "/usr/src/redis/src/networking.c", line: 2541, module: "redis-server" },
  { function: "aeProcessEvents", path: "/usr/src/redis/src/ae.c", line: 427, module: "redis-server" },
  { function: "main", path: "/usr/src/redis/src/server.c", line: 7178, module: "redis-server" },
  { function: "__libc_start_call_main", path: "", line: 0, module: "libc.so.6" },
];

export function sites({ offset, rows, sort, descending, text, sites: total }: TableRequest): object {
  const key = sort === "count" || sort === "rate" || sort === "line" ? sort : "bytes";
  const sign = descending ? -1 : 1;
  const matching = allSites(total).filter((site) => site.name.includes(text));
  matching.sort((a, b) => sign * (sort === "function" ? a.name.localeCompare(b.name) : a[key] - b[key]));
  return {
    columns: [
      { id: "function", title: "Function", align: "left", sortable: true },
      { id: "source", title: "Source", align: "left" },
      { id: "bytes", title: "Live bytes", unit: "B", align: "right", sortable: true, bar: true },
      { id: "count", title: "Allocations", align: "right", sortable: true, bar: true },
      { id: "rate", title: "Rate", unit: "/s", align: "right", sortable: true, bar: true },
    ],
    ...withLines(
      matching.slice(offset, offset + rows).map((site) => ({
        id: site.id,
        cells: [
          { text: site.name },
          { path: "/usr/src/redis/src/sds.c", line: site.line },
          { number: site.bytes },
          { number: site.count },
          { number: site.rate },
        ],
        detail: [
          { function: site.name, path: "/usr/src/redis/src/sds.c", line: site.line, module: "redis-server" },
          ...CALLERS,
        ],
      })),
    ),
    offset,
    total: matching.length,
    sort,
    descending,
  };
}
