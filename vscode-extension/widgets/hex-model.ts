// What a window of bytes shows, apart from how it is drawn: which span a byte lies in and where the span's outline runs, the
// values that bytes stand for, the words for them. Main entries: HexModel, valuesAt, wordsAt. Called by the hex widget's
// parts. Pure; tested without a browser.
import { toWire } from "./address.ts";
import { csv, formatBytes } from "./format.ts";
import type { HexData, MemorySpan, Pointer } from "./hex-data.ts";

const WORD = 8;
const LONGEST_STRING = 64;
export const UNREADABLE = "··";

/** The sides of a byte's cell on which its block ends. */
export interface Edges {
  readonly top: boolean;
  readonly right: boolean;
  readonly bottom: boolean;
  readonly left: boolean;
}

export class HexModel {
  /** The index of the span that each byte lies in, or -1. */
  private readonly spanOf: Int32Array;
  private readonly pointerOf = new Map<number, Pointer>();
  /** Of live and freed blocks, in the order in which they come: what the owner's colour goes by. */
  readonly owners: readonly string[];

  constructor(readonly data: HexData) {
    this.spanOf = new Int32Array(data.bytes.length).fill(-1);
    data.spans.forEach(({ range }, index) => {
      const from = this.clamp(range.from);
      this.spanOf.fill(index, from, Math.max(from, this.clamp(range.to)));
    });
    for (const pointer of data.pointers) {
      for (let i = 0; i < WORD; i++) this.pointerOf.set(pointer.at + i, pointer);
    }
    this.owners = [...new Set(data.spans.filter(isBlock).map(({ owner }) => owner))];
  }

  get rows(): number {
    return Math.ceil(this.data.bytes.length / this.data.columns);
  }

  private clamp(address: bigint): number {
    const at = address - this.data.from;
    return at < 0n ? 0 : Number(at > BigInt(this.data.bytes.length) ? BigInt(this.data.bytes.length) : at);
  }

  /** The byte's number in the window, or undefined when it lies outside. */
  indexOf(address: bigint): number | undefined {
    const at = address - this.data.from;
    return at >= 0n && at < BigInt(this.data.bytes.length) ? Number(at) : undefined;
  }

  addressOf(index: number): bigint {
    return this.data.from + BigInt(index);
  }

  spanAt(index: number): MemorySpan | undefined {
    return this.data.spans[this.spanOf[index] ?? -1];
  }

  pointerAt(index: number): Pointer | undefined {
    return this.pointerOf.get(index);
  }

  /** Of the block in which a byte lies, as far as they are in sight. */
  edges(index: number): Edges | undefined {
    const span = this.spanAt(index);
    if (span === undefined || !isBlock(span)) return undefined;
    const { columns } = this.data;
    const here = this.spanOf[index];
    const column = index % columns;
    const inside = (address: bigint): boolean => span.range.contains(address);
    const address = this.addressOf(index);
    return {
      top: !inside(address - BigInt(columns)),
      bottom: !inside(address + BigInt(columns)),
      left: column === 0 || this.spanOf[index - 1] !== here,
      right: column === columns - 1 || this.spanOf[index + 1] !== here,
    };
  }

  byteText(index: number): string {
    return this.data.unreadable[index] === 1 ? UNREADABLE : hexByte(this.data.bytes[index] ?? 0);
  }

  /** A printable character, a dot for another one, and nothing that could be taken for one where nothing was read. */
  letter(index: number): string {
    if (this.data.unreadable[index] === 1) return " ";
    const byte = this.data.bytes[index] ?? 0;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  }

  /** The readable bytes from one on, at most so many. */
  readFrom(index: number, most: number): Uint8Array {
    const end = Math.min(this.data.bytes.length, index + most);
    let at = index;
    while (at < end && this.data.unreadable[at] !== 1) at++;
    return this.data.bytes.subarray(index, at);
  }

  /** Where the pointer under a byte begins: of the word that is known for one, else at the byte. */
  wordAt(index: number): number {
    return this.pointerAt(index)?.at ?? index;
  }

  /** One sentence about a byte, for the status line and for screen readers. */
  sentence(index: number): string {
    const { data } = this;
    const value = data.unreadable[index] === 1 ? "not readable" : `0x${this.byteText(index)} ${this.quoted(index)}`;
    const changed = data.changed[index] === 1 ? `, changed ${data.compared}` : "";
    const span = this.spanAt(index);
    const where = span === undefined ? "" : `; ${placeIn(span, this.addressOf(index))}`;
    return `${toWire(this.addressOf(index))}: ${value.trim()}${changed}${where}`;
  }

  private quoted(index: number): string {
    const letter = this.letter(index);
    return letter === "." && this.data.bytes[index] !== 0x2e ? "" : `'${letter}'`;
  }

  /** The bytes of [first, last] as they are copied. */
  copied(first: number, last: number): string {
    return Array.from({ length: last - first + 1 }, (_, i) => this.byteText(first + i)).join(" ");
  }

  /** A line a row: its address, its bytes, and whose they are. */
  csv(): string {
    const { columns, bytes } = this.data;
    const lines = Array.from({ length: this.rows }, (_, row) => {
      const first = row * columns;
      const last = Math.min(first + columns, bytes.length) - 1;
      return [toWire(this.addressOf(first)), this.copied(first, last), this.ownersOf(first, last).join("; ")];
    });
    return csv([["address", "bytes", "owners"], ...lines]);
  }

  /** Each once, in the order in which they come. */
  private ownersOf(first: number, last: number): string[] {
    const spans = new Set(Array.from({ length: last - first + 1 }, (_, i) => this.spanAt(first + i)));
    const names = [...spans].flatMap((span) =>
      span === undefined ? [] : [span.kind === "freed" ? `freed: ${span.owner}` : span.owner],
    );
    return [...new Set(names)];
  }
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

export function isBlock({ kind }: MemorySpan): boolean {
  return kind === "live" || kind === "freed";
}

/** What a span is, as a legend says it. */
export function spanTitle(span: MemorySpan): string {
  switch (span.kind) {
    case "live":
      return `${formatBytes(span.size)} by ${span.owner}`;
    case "freed":
      return `freed: ${formatBytes(span.size)} by ${span.owner}`;
    case "outside":
    case "region":
    case "unmapped":
      return span.owner;
  }
}

function placeIn(span: MemorySpan, address: bigint): string {
  const offset = address - span.range.from;
  return isBlock(span) ? `byte ${offset} of ${spanTitle(span)}` : [span.owner, span.text].filter((t) => t).join(", ");
}

/** What the bytes from one on stand for. */
export interface TypedValue {
  readonly type: string;
  readonly text: string;
}

const NONE = "–";

export function valuesAt(model: HexModel, index: number): readonly TypedValue[] {
  const bytes = model.readFrom(index, WORD);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = (size: number, read: () => string | number | bigint): string =>
    bytes.length < size ? NONE : read().toString();
  return [
    { type: "u8", text: value(1, () => view.getUint8(0)) },
    { type: "i8", text: value(1, () => view.getInt8(0)) },
    { type: "u16", text: value(2, () => view.getUint16(0, true)) },
    { type: "i16", text: value(2, () => view.getInt16(0, true)) },
    { type: "u32", text: value(4, () => view.getUint32(0, true)) },
    { type: "i32", text: value(4, () => view.getInt32(0, true)) },
    { type: "u64", text: value(8, () => view.getBigUint64(0, true)) },
    { type: "i64", text: value(8, () => view.getBigInt64(0, true)) },
    { type: "f32", text: value(4, () => shortest(view.getFloat32(0, true), 7)) },
    { type: "f64", text: value(8, () => shortest(view.getFloat64(0, true), 15)) },
  ];
}

/** No more digits than the type holds. */
function shortest(value: number, digits: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : value.toString();
}

/** The pointer under a byte: its value, and what it points into where that is known. */
export function pointerAt(model: HexModel, index: number): { readonly value: string; readonly into: string } {
  const known = model.pointerAt(index);
  if (known !== undefined) return { value: toWire(known.target), into: known.into };
  const bytes = model.readFrom(index, WORD);
  if (bytes.length < WORD) return { value: NONE, into: "" };
  const value = new DataView(bytes.buffer, bytes.byteOffset, WORD).getBigUint64(0, true);
  return { value: toWire(value), into: "" };
}

/** The zero-terminated text from a byte on, in quotes; cut where it is long or the window ends. */
export function stringAt(model: HexModel, index: number): string {
  const bytes = model.readFrom(index, LONGEST_STRING);
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\u00b7");
  return bytes.length === 0 ? NONE : `"${shown}"${end < 0 ? "…" : ""}`;
}

/** Hexadecimal digits typed over bytes; a last single digit is not a byte yet. */
export class Edit {
  constructor(
    readonly at: bigint,
    readonly digits: string,
  ) {}

  get bytes(): number {
    return Math.ceil(this.digits.length / 2);
  }

  get isWhole(): boolean {
    return this.digits.length > 0 && this.digits.length % 2 === 0;
  }

  typed(digit: string): Edit {
    return new Edit(this.at, this.digits + digit.toLowerCase());
  }

  /** Without the last digit; undefined when none is left. */
  shortened(): Edit | undefined {
    return this.digits.length > 1 ? new Edit(this.at, this.digits.slice(0, -1)) : undefined;
  }

  /** What is typed over a byte, or undefined. */
  textAt(address: bigint): string | undefined {
    const at = address - this.at;
    if (at < 0n || at >= BigInt(this.bytes)) return undefined;
    return this.digits.slice(Number(at) * 2, Number(at) * 2 + 2).padEnd(2, "_");
  }
}
