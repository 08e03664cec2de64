// Memory as the server would show it, made by hand: two blocks, a released one between them, a pointer, a page that cannot
// be read. Main entries: SampleMemory, bytesView. Called by replay-server.ts and the contract's tests.

const BASE = 0x55d0c2a01000n;
const SIZE = 0x2000;
const READABLE = 0x1400;
const PERIOD = 251;

export const bytesView = {
  id: "memory.bytes",
  title: "Memory",
  feature: "memory",
  widget: "hex",
  description: "",
  parameters: [],
  findings: 0,
};

interface BytesAct {
  readonly action: string;
  readonly target: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const hex = (address: bigint): string => `0x${address.toString(16)}`;

export class SampleMemory {
  private columns = 16;
  private rows = 24;
  private from = BASE;
  private at = BASE + 0x20n;
  private visit = 1;
  private readonly bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at % 3 === 0 ? 0 : (at * 7) % PERIOD));
  /** What was asked for, for the tests. */
  readonly acts: BytesAct[] = [];

  constructor() {
    this.bytes.set(new TextEncoder().encode("redis:key:0000004711\0"), 0x20);
    new DataView(this.bytes.buffer).setBigUint64(0x48, BASE + 0x820n, true);
  }

  act(act: BytesAct): void {
    this.acts.push(act);
    const { action, target, arguments: args } = act;
    if (action === "window") [this.columns, this.rows] = [Number(args["columns"]), Number(args["rows"])];
    if (action === "go") this.go(BigInt(target));
    if (action === "follow") this.go(new DataView(this.bytes.buffer).getBigUint64(Number(BigInt(target) - BASE), true));
    if (action === "scroll") this.from += BigInt(Number(args["rows"]) * this.columns);
    if (action === "show") this.from = BigInt(target) - (BigInt(target) % 16n) - BigInt((this.rows - 1) * this.columns);
    if (action === "write") this.bytes.set(Buffer.from(String(args["bytes"]), "hex"), Number(BigInt(target) - BASE));
  }

  private go(address: bigint): void {
    this.at = address;
    this.from = address - (address % 16n);
    this.visit++;
  }

  data(tick: number): object {
    const length = this.columns * this.rows;
    const begin = Number(this.from - BASE);
    const shown = Uint8Array.from({ length }, (_, at) => (begin + at < READABLE ? (this.bytes[begin + at] ?? 0) : 0));
    const missing = Math.min(length, Math.max(0, begin + length - READABLE));
    const changed = 0x62 - begin;
    const pointer = 0x48 - begin;
    return {
      from: hex(this.from),
      columns: this.columns,
      data: Buffer.from(shown).toString("base64"),
      unreadable: missing === 0 ? [] : [{ at: length - missing, length: missing }],
      why: missing === 0 ? "" : "No page is mapped there, or the program itself may not read it.",
      changed: tick % 2 === 1 || changed < 0 || changed + 2 > length ? [] : [{ at: changed, length: 2 }],
      compared: "in the last 2 s",
      spans: this.spans(),
      pointers:
        pointer < 0 || pointer + 8 > length
          ? []
          : [{ at: pointer, target: hex(BASE + 0x820n), into: "1.5 KiB by dictExpand + 0x20" }],
      at: hex(this.at),
      visit: this.visit,
      region: "[heap], heap, 0x55d0c2a00000-0x55d0c6a00000",
      lowest: "0x55d0c2a00000",
      highest: "0x55d0c6a00000",
      note: "",
      program: "redis-server[2741]",
    };
  }

  private spans(): object[] {
    const span = (from: number, to: number, kind: string, owner: string, text: string): object => ({
      from: hex(BASE + BigInt(from)),
      to: hex(BASE + BigInt(to)),
      kind,
      owner,
      size: to - from,
      text,
    });
    const between = "a block's header, or free, or not recorded";
    return [
      span(0x00, 0x20, "outside", "No block", between),
      span(0x20, 0x58, "live", "sdsnewlen ← createStringObject", "allocated at 1.250000 s by thread 2741"),
      span(0x58, 0x60, "outside", "No block", between),
      span(0x60, 0x9c, "freed", "zmalloc_usable ← dictAddRaw", "released while it was looked at"),
      span(0x9c, 0x800, "outside", "No block", between),
      span(0x800, 0xe00, "live", "dictExpand", "allocated at 0.700000 s by thread 2741"),
      span(0xe00, SIZE, "outside", "No block", between),
    ];
  }
}

/** The frame of the view. */
export function bytesFrame(memory: SampleMemory, tick: number, writable: boolean): object {
  const onByte = (id: string, title: string): object => ({ id, title, on: "byte" });
  return {
    widget: "hex",
    title: "Memory",
    time: { now: 64e9, from: 0, to: 64e9, live: true, direction: "forward" },
    coverage: { mode: "full", lost: 0, sampled: false, text: "every event since the program started" },
    actions: [
      ...["go", "show", "scroll", "follow", "search", "back"].map((id) => onByte(id, id)),
      onByte("history", "Its history"),
      ...(writable ? [onByte("write", "Write")] : []),
      { id: "snapshot", title: "Snapshot", on: "frame" },
    ],
    breadcrumbs: [],
    data: memory.data(tick),
  };
}
