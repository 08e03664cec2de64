// The data of the widget kind 'hex', checked where it enters. Main entry: parseHex. Called by protocol.ts. What is bounded
// here cannot stall a widget later; runs outside the window are an error, so that a renderer need not look again.
import { AddressRange, fromWire, isWireAddress } from "./address.ts";
import { ContractError, type JsonObject } from "./json.ts";

export type SpanKind = "live" | "freed" | "outside" | "region" | "unmapped";

/** What lies in a part of the address space; it may reach beyond the window. */
export interface MemorySpan {
  readonly range: AddressRange;
  readonly kind: SpanKind;
  readonly owner: string;
  readonly size: number;
  readonly text: string;
}
/** A word that is an address of mapped memory; `at` counts from the window's first byte. */
export interface Pointer {
  readonly at: number;
  readonly target: bigint;
  readonly into: string;
}
export interface HexData {
  readonly from: bigint;
  readonly columns: number;
  readonly bytes: Uint8Array;
  /** 1 for each byte that could not be read. */
  readonly unreadable: Uint8Array;
  readonly why: string;
  /** 1 for each byte that differs from what was there, as `compared` says. */
  readonly changed: Uint8Array;
  readonly compared: string;
  /** In address order. */
  readonly spans: readonly MemorySpan[];
  readonly pointers: readonly Pointer[];
  /** The byte that was gone to last, by the journey number `visit`. */
  readonly at: bigint;
  readonly visit: number;
  readonly region: string;
  /** The bounds of the mapping around `at`; undefined where nothing is mapped. */
  readonly mapping: AddressRange | undefined;
  readonly note: string;
  readonly program: string;
}

/** More than any screen shows. */
const MAX_BYTES = 1 << 16;
const MAX_COLUMNS = 64;
const ADDRESS = "an address '0x…'";
const KINDS: ReadonlySet<string> = new Set<SpanKind>(["live", "freed", "outside", "region", "unmapped"]);

export function parseHex(data: JsonObject): HexData {
  const bytes = parseBytes(data.string("data"));
  const columns = data.number("columns");
  if (!Number.isInteger(columns) || columns < 1 || columns > MAX_COLUMNS) {
    throw new ContractError("data.columns", `a whole number from 1 to ${MAX_COLUMNS}`, columns);
  }
  return {
    from: parseAddress(data, "from"),
    columns,
    bytes,
    unreadable: parseRuns(data, "unreadable", bytes.length),
    why: data.string("why"),
    changed: parseRuns(data, "changed", bytes.length),
    compared: data.string("compared"),
    spans: data.list("spans", parseSpan),
    pointers: data.list("pointers", (pointer) => ({
      at: parseIndex(pointer, "at", bytes.length),
      target: parseAddress(pointer, "target"),
      into: pointer.string("into"),
    })),
    at: parseAddress(data, "at"),
    visit: data.number("visit"),
    region: data.string("region"),
    mapping: data.string("highest") === "" ? undefined : parseRange(data, "lowest", "highest"),
    note: data.string("note"),
    program: data.string("program"),
  };
}

function parseBytes(base64: string): Uint8Array {
  if (base64.length > (MAX_BYTES * 4) / 3 + 4) throw new ContractError("data.data", `at most ${MAX_BYTES} bytes`, "");
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new ContractError("data.data", "bytes in base64", cause);
  }
}

function parseAddress(object: JsonObject, key: string): bigint {
  const text = object.string(key);
  if (!isWireAddress(text)) throw new ContractError(`data.${key}`, ADDRESS, object.raw(key));
  return fromWire(text);
}

function parseRange(object: JsonObject, from: string, to: string): AddressRange {
  const [begin, end] = [parseAddress(object, from), parseAddress(object, to)];
  if (end < begin) throw new ContractError(`data.${to}`, `an address that is not below '${from}'`, object.raw(to));
  return new AddressRange(begin, end);
}

function parseSpan(span: JsonObject): MemorySpan {
  const kind = span.string("kind");
  return {
    range: parseRange(span, "from", "to"),
    // A kind that came after this contract is at least something that lies there.
    kind: KINDS.has(kind) ? (kind as SpanKind) : "region",
    owner: span.string("owner"),
    size: span.number("size"),
    text: span.string("text"),
  };
}

function parseIndex(object: JsonObject, key: string, length: number): number {
  const at = object.number(key);
  if (!Number.isInteger(at) || at < 0 || at >= length) {
    throw new ContractError(`data.${key}`, `the number of one of ${length} bytes`, object.raw(key));
  }
  return at;
}

function parseRuns(data: JsonObject, key: string, length: number): Uint8Array {
  const marked = new Uint8Array(length);
  data.list(key, (run) => {
    const at = parseIndex(run, "at", length);
    marked.fill(1, at, at + run.number("length"));
  });
  return marked;
}
