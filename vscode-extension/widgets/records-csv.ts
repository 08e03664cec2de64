// The data of any widget as CSV: each list of records a table, one below the other. Main entry: recordsCsv. Called by
// widget-element.ts for the kinds that have no better words for theirs. Pure; tested without a browser.
import { csv } from "./format.ts";

type Scalar = string | number | boolean;

export function recordsCsv(data: object): string {
  return Object.values(data)
    .filter(isRecords)
    .map((records) => csv(linesOf(records)))
    .join("\n");
}

function linesOf(records: readonly Readonly<Record<string, unknown>>[]): string[][] {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record).filter((key) => isScalar(record[key]))))];
  const text = (value: unknown): string => (isScalar(value) ? String(value) : "");
  return [columns, ...records.map((record) => columns.map((column) => text(record[column])))];
}

function isRecords(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "object" && item !== null);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && !Number.isNaN(value));
}
