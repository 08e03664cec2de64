// Addresses: a string "0x…" on the wire, a bigint in arithmetic, never a number. Main entry: AddressRange.
// Called by the heat map and its layout. A range's end is exclusive.

/** An address as it travels: lower-case hexadecimal with the prefix 0x. */
export type WireAddress = `0x${string}`;

const WIRE = /^0x[0-9a-f]{1,16}$/i;

export function isWireAddress(text: string): text is WireAddress {
  return WIRE.test(text);
}

export function toWire(address: bigint): WireAddress {
  return `0x${address.toString(16)}`;
}

export function fromWire(address: WireAddress): bigint {
  return BigInt(address);
}

/** The addresses from `from` up to but not with `to`. */
export class AddressRange {
  constructor(
    readonly from: bigint,
    readonly to: bigint,
  ) {
    if (to < from) throw new RangeError(`The range ${toWire(from)}–${toWire(to)} ends before it starts.`);
  }

  static ofWire(from: WireAddress, to: WireAddress): AddressRange {
    return new AddressRange(fromWire(from), fromWire(to));
  }

  /** From the lesser of two bytes to the greater, both of which are in it. */
  static between(one: bigint, other: bigint): AddressRange {
    return one < other ? new AddressRange(one, other + 1n) : new AddressRange(other, one + 1n);
  }

  get length(): bigint {
    return this.to - this.from;
  }

  contains(address: bigint): boolean {
    return this.from <= address && address < this.to;
  }

  overlaps(other: AddressRange): boolean {
    return this.from < other.to && other.from < this.to;
  }

  /** The part of both, if any. */
  intersection(other: AddressRange): AddressRange | undefined {
    const from = this.from > other.from ? this.from : other.from;
    const to = this.to < other.to ? this.to : other.to;
    return from < to ? new AddressRange(from, to) : undefined;
  }

  /** The smallest range that has both in it. */
  span(other: AddressRange): AddressRange {
    return new AddressRange(this.from < other.from ? this.from : other.from, this.to > other.to ? this.to : other.to);
  }

  toString(): string {
    return `${toWire(this.from)}–${toWire(this.to)}`;
  }
}
