// What is live by source line, from a table of call sites. Main entry: lineFigures. Pure. A line has what is allocated
// below it: each call site counts once for each line that its stack passes.
import type { TableData, TableRow } from "../../widgets/protocol.ts";
import { addFigures, figuresOf, NONE, type SiteFigures } from "./site-figures.ts";

export type LineFigures = SiteFigures;

/** By path, then by line from 1; undefined when the table does not tell. */
export function lineFigures(table: TableData): ReadonlyMap<string, ReadonlyMap<number, LineFigures>> | undefined {
  const figures = figuresOf(table);
  if (figures === undefined) return undefined;
  const files = new Map<string, Map<number, LineFigures>>();
  for (const row of table.rows) {
    for (const [path, line] of placesOf(row)) {
      const lines = files.get(path) ?? new Map<number, LineFigures>();
      files.set(path, lines);
      lines.set(line, addFigures(lines.get(line) ?? NONE, figures(row)));
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
