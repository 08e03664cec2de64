// What is live by source line, from a table of call sites. Main entry: lineFigures. Pure. A line has what is allocated
// below it: each call site counts once for each line that its stack passes.
import type { TableData, TableRow } from "../../widgets/protocol.ts";

export interface LineFigures {
  readonly liveBytes: number;
  readonly liveAllocations: number;
  /** Allocations a second. */
  readonly rate: number;
  readonly callSites: number;
}

/** The columns of a table that tell what is live; a table without them is none of call sites. */
const COLUMNS = ["liveBytes", "liveAllocations", "rate"] as const;

/** By path, then by line from 1; undefined when the table does not tell. */
export function lineFigures(table: TableData): ReadonlyMap<string, ReadonlyMap<number, LineFigures>> | undefined {
  const at = COLUMNS.map((column) => table.columns.findIndex(({ id }) => id === column));
  if (at.includes(-1)) return undefined;
  const files = new Map<string, Map<number, LineFigures>>();
  for (const row of table.rows) {
    const [liveBytes = 0, liveAllocations = 0, rate = 0] = at.map((column) => row.cells[column]?.number ?? 0);
    for (const place of placesOf(row)) {
      const [path, line] = place;
      const lines = files.get(path) ?? new Map<number, LineFigures>();
      files.set(path, lines);
      const before = lines.get(line);
      lines.set(line, {
        liveBytes: (before?.liveBytes ?? 0) + liveBytes,
        liveAllocations: (before?.liveAllocations ?? 0) + liveAllocations,
        rate: (before?.rate ?? 0) + rate,
        callSites: (before?.callSites ?? 0) + 1,
      });
    }
  }
  return files;
}

/** A recursive function passes its line many times, and counts once. */
function placesOf(row: TableRow): (readonly [path: string, line: number])[] {
  const places = new Map<string, readonly [string, number]>();
  for (const { path, line } of row.detail) {
    if (path !== "" && line > 0) places.set(`${path}:${line}`, [path, line]);
  }
  return [...places.values()];
}
