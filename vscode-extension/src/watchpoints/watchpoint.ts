// A watchpoint as a person writes it: bytes of a program's memory, when to stop there, and how often. Main entries: placeOf,
// problemOfPlace, remembered. Pure. The server checks conditions and hit counts itself.
import { JsonObject } from "../../widgets/json.ts";

export interface Place {
  /** `0x…`, in another process than the main one with `@` and its number. */
  readonly address: string;
  readonly bytes: number;
}

export interface Watchpoint extends Place {
  readonly id: string;
  /** What people call it; empty: its address. */
  readonly name: string;
  readonly condition: string;
  readonly hitCondition: string;
  readonly enabled: boolean;
}

/** What has become of one in a session; mechanism and cost are empty where nothing serves it. */
export interface Watched {
  readonly verified: boolean;
  readonly message: string;
  readonly mechanism: string;
  readonly cost: string;
}

export const MOST_BYTES = 2 ** 30;
const DEFAULT_BYTES = 8;
const LENGTHS = `A watchpoint has from 1 to ${MOST_BYTES.toLocaleString("en-US")} bytes`;
const FORM = /^(0x[0-9a-f]{1,16}(?:@\d+)?)(?:[\s,]+(\d+))?$/i;

/** Of an address and, behind it, a length. Throws what problemOfPlace says. */
export function placeOf(text: string): Place {
  const problem = problemOfPlace(text);
  if (problem !== "") throw new Error(problem);
  const [, address = "", bytes] = FORM.exec(text.trim()) ?? [];
  return { address: address.toLowerCase(), bytes: bytes === undefined ? DEFAULT_BYTES : Number(bytes) };
}

function isLength(bytes: number): boolean {
  return bytes >= 1 && bytes <= MOST_BYTES;
}

/** In one sentence; empty when nothing is wrong. */
export function problemOfPlace(text: string): string {
  const form = FORM.exec(text.trim());
  if (form === null) return "Write an address and a length in bytes, as 0x7f001040 64.";
  return isLength(Number(form[2] ?? DEFAULT_BYTES)) ? "" : `${LENGTHS}.`;
}

export function placeText({ address, bytes }: Place): string {
  return `${address} ${bytes}`;
}

/** Of a range with its end outside, as views select it, in a process; empty: the main one. In one sentence why it is none. */
export function placeOfRange(from: string, to: string, process = ""): Place | string {
  if (!/^0x[0-9a-f]{1,16}$/i.test(from) || !/^0x[0-9a-f]{1,16}$/i.test(to)) return "A view selected no memory.";
  const bytes = Number(BigInt(to) - BigInt(from));
  if (!isLength(bytes)) return `${LENGTHS}, and this is ${bytes.toLocaleString("en-US")}; choose a part of it.`;
  return { address: from.toLowerCase() + (process === "" ? "" : `@${process}`), bytes };
}

/** What was kept from an earlier session; what cannot be read is left out. */
export function remembered(kept: unknown): Watchpoint[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((each: unknown) => {
    try {
      const its = JsonObject.of(each, "watchpoint");
      const place = placeOf(`${its.string("address")} ${its.number("bytes")}`);
      return [
        {
          ...place,
          id: its.string("id"),
          name: its.string("name"),
          condition: its.string("condition"),
          hitCondition: its.string("hitCondition"),
          enabled: its.boolean("enabled"),
        },
      ];
    } catch {
      return [];
    }
  });
}

/** The request's body for those that are enabled. */
export function watchpointsRequest(all: readonly Watchpoint[]): unknown {
  return {
    watchpoints: all.map(({ address, bytes, condition, hitCondition }) => ({
      address,
      bytes,
      condition,
      hitCondition,
    })),
  };
}

export function parseWatched(answer: unknown): Watched[] {
  return JsonObject.of(answer, "watchpoints").list("watchpoints", (each) => ({
    verified: each.boolean("verified"),
    message: each.string("message"),
    mechanism: each.string("mechanism"),
    cost: each.string("cost"),
  }));
}

/** What a list says behind its name. */
export function described(watchpoint: Watchpoint, watched: Watched | undefined): string {
  const { name, address, bytes, condition, hitCondition, enabled } = watchpoint;
  const size = bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en-US")} bytes`;
  const state = !enabled ? "off" : watched === undefined ? "" : watched.verified ? watched.mechanism : watched.message;
  return [
    name === "" ? "" : address,
    size,
    condition === "" ? "" : `if ${condition}`,
    hitCondition === "" ? "" : `hits ${hitCondition}`,
    state,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
