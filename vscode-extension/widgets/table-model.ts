// What a table shows, apart from where: cell texts, bar lengths, column widths, the window to ask for, CSV.
// Main entries: cellText, barShare, windowFor, gridColumns, tableCsv. Called by table.ts. Pure; tested without a browser.
import { csv, formatQuantity } from "./format.ts";
import type { Cell, StackLine, TableColumn, TableData, TableRow } from "./protocol.ts";

/** Rows asked for around the ones in sight, so that scrolling a little needs no answer from afar. */
const MARGIN = 50;

export function isNumeric(column: TableColumn): boolean {
  return column.align === "right" || column.align === "end" || column.bar || column.unit !== "";
}

export function cellText(cell: Cell | undefined, column: TableColumn): string {
  if (cell === undefined) return "";
  if (cell.text !== "") return cell.text;
  if (cell.number !== undefined) return formatQuantity(cell.number, column.unit);
  // proto3's JSON leaves zeros out: a numeric cell without a number is a zero.
  if (isNumeric(column) && cell.path === "") return formatQuantity(0, column.unit);
  return sourceText(cell.path, cell.line);
}

export function sourceText(path: string, line: number): string {
  if (path === "") return "";
  const file = path.split("/").at(-1) ?? path;
  return line > 0 ? `${file}:${line}` : file;
}

/** The largest value of each column among the rows at hand; bars are drawn against it. */
export function columnPeaks(data: TableData): number[] {
  return data.columns.map((_, at) => Math.max(0, ...data.rows.map((row) => Math.abs(row.cells[at]?.number ?? 0))));
}

export function barShare(cell: Cell | undefined, peak: number): number {
  return cell?.number === undefined || !(peak > 0) ? 0 : Math.min(1, Math.abs(cell.number) / peak);
}

/** The window to ask for so that [first, last] is in it, or nothing when it is there already. */
export function windowFor(
  data: TableData,
  first: number,
  last: number,
): { readonly offset: number; readonly rows: number } | undefined {
  const end = Math.min(last + 1, data.total);
  const from = Math.max(0, first);
  if (end <= from || (data.offset <= from && end <= data.offset + data.rows.length)) return undefined;
  const offset = Math.max(0, from - MARGIN);
  return { offset, rows: Math.min(end + MARGIN, data.total) - offset };
}

/** Numbers get what they need, the first column of words most of the rest. */
export function gridColumns(columns: readonly TableColumn[]): string {
  let words = 0;
  return columns
    .map((column) => {
      if (isNumeric(column)) return "minmax(104px, 132px)";
      words++;
      return words === 1 ? "minmax(180px, 3fr)" : "minmax(120px, 2fr)";
    })
    .join(" ");
}

export function tableCsv(data: TableData): string {
  const head = data.columns.map((column) => (column.unit === "" ? column.title : `${column.title} (${column.unit})`));
  const lines = data.rows.map((row) =>
    data.columns.map((column, at) => {
      const cell = row.cells[at];
      if (cell?.number !== undefined) return String(cell.number);
      return cell?.path !== undefined && cell.path !== "" ? `${cell.path}:${cell.line}` : cellText(cell, column);
    }),
  );
  return csv([head, ...lines]);
}

export function stackText(lines: readonly StackLine[]): string {
  return lines
    .map((line, at) => {
      const place = line.path === "" ? line.module : `${line.path}:${line.line}`;
      return `#${at} ${line.function}${place === "" ? "" : ` at ${place}`}`;
    })
    .join("\n");
}

/** What a row is told by, for a filter: the first name of it, without what called it. */
export function filterWords(text: string): string {
  return (text.split(/ (?:←|via) /)[0] ?? "").trim().slice(0, 80);
}

export function rowText(row: TableRow, data: TableData | undefined): string {
  return row.cells.map((cell, at) => cellText(cell, data?.columns[at] ?? NO_COLUMN)).join("\t");
}

const NO_COLUMN: TableColumn = { id: "", title: "", unit: "", align: "left", sortable: false, bar: false };
