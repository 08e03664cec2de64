// The figures of a call site, as a row of a table has them. Main entries: figuresOf, addFigures. Pure.
import type { TableData, TableRow } from "../../widgets/protocol.ts";

export interface SiteFigures {
  readonly liveBytes: number;
  readonly liveAllocations: number;
  /** Allocations a second. */
  readonly rate: number;
  readonly callSites: number;
}

export const NONE: SiteFigures = { liveBytes: 0, liveAllocations: 0, rate: 0, callSites: 0 };

/** The columns of a table that tell what is live; a table without them is none of call sites. */
const COLUMNS = ["liveBytes", "liveAllocations", "rate"] as const;

/** What a row of the table tells; undefined when the table does not tell. */
export function figuresOf(table: TableData): ((row: TableRow) => SiteFigures) | undefined {
  const at = COLUMNS.map((column) => table.columns.findIndex(({ id }) => id === column));
  if (at.includes(-1)) return undefined;
  return (row) => {
    const [liveBytes = 0, liveAllocations = 0, rate = 0] = at.map((column) => row.cells[column]?.number ?? 0);
    return { liveBytes, liveAllocations, rate, callSites: 1 };
  };
}

export function addFigures(one: SiteFigures, other: SiteFigures): SiteFigures {
  return {
    liveBytes: one.liveBytes + other.liveBytes,
    liveAllocations: one.liveAllocations + other.liveAllocations,
    rate: one.rate + other.rate,
    callSites: one.callSites + other.callSites,
  };
}
