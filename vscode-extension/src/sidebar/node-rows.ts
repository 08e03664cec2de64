// What a row of the table of nodes says. Main entry: nodeOf. Pure.
import { formatQuantity } from "../../widgets/format.ts";
import type { Cell, TableColumn, TableRow } from "../../widgets/protocol.ts";

export interface NodeEntry {
  readonly name: string;
  readonly description: string;
  readonly healthy: boolean;
  readonly lossless: boolean;
}

/** Of a node that is in order; any other text is a sentence about what is not. */
const HEALTHY = new Set(["answers", "replayed"]);

export function nodeOf(row: TableRow, columns: readonly TableColumn[]): NodeEntry {
  const at = (id: string): Cell | undefined => row.cells[columns.findIndex((column) => column.id === id)];
  const state = at("state")?.text ?? "";
  const lost = at("lost")?.number ?? 0;
  const processes = at("processes")?.number ?? 0;
  const words = [
    state,
    processes === 1 ? "1 process" : `${processes} processes`,
    lost > 0 ? `${formatQuantity(lost, "count")} lost` : "",
  ];
  return {
    name: at("node")?.text ?? row.id,
    description: HEALTHY.has(state) ? words.filter((word) => word !== "").join(" · ") : state,
    healthy: HEALTHY.has(state),
    lossless: lost === 0,
  };
}
