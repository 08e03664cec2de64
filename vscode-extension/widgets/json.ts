// Reads untrusted JSON field by field: a value of the wrong type is a ContractError that names its place.
// Main entry: JsonObject. Called by protocol.ts alone. As in proto3's JSON mapping, an absent field has its default.

/** What the other side sent does not keep the view contract. */
export class ContractError extends Error {
  constructor(path: string, expected: string, found: unknown) {
    const shown = found === null ? "null" : Array.isArray(found) ? "a list" : typeof found;
    super(`The server sent ${shown} for '${path}' where the view contract has ${expected}.`);
    this.name = "ContractError";
  }
}

/** How proto3's JSON mapping writes it. */
const NOT_A_NUMBER = "NaN";

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

export class JsonObject {
  private constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly path: string,
  ) {}

  static of(value: unknown, path: string): JsonObject {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ContractError(path, "an object", value);
    }
    return new JsonObject(value as Record<string, unknown>, path);
  }

  has(key: string): boolean {
    return !absent(this.fields[key]);
  }

  raw(key: string): unknown {
    return this.fields[key];
  }

  string(key: string): string {
    const value = this.fields[key];
    if (absent(value)) return "";
    if (typeof value !== "string") throw new ContractError(this.at(key), "a string", value);
    return value;
  }

  number(key: string): number {
    const value = this.fields[key];
    if (absent(value)) return 0;
    if (value === NOT_A_NUMBER) return Number.NaN;
    if (typeof value !== "number") throw new ContractError(this.at(key), "a number", value);
    return value;
  }

  boolean(key: string): boolean {
    const value = this.fields[key];
    if (absent(value)) return false;
    if (typeof value !== "boolean") throw new ContractError(this.at(key), "true or false", value);
    return value;
  }

  object(key: string): JsonObject | undefined {
    return this.has(key) ? JsonObject.of(this.fields[key], this.at(key)) : undefined;
  }

  list<T>(key: string, read: (item: JsonObject) => T): T[] {
    return this.items(key).map((item, index) => read(JsonObject.of(item, `${this.at(key)}[${index}]`)));
  }

  strings(key: string): string[] {
    return this.items(key).map((item, index) => {
      if (typeof item !== "string") throw new ContractError(`${this.at(key)}[${index}]`, "a string", item);
      return item;
    });
  }

  /** Numbers; null stands for a value that is not known and reads as NaN. */
  numbers(key: string): Float64Array {
    return toNumbers(this.items(key), this.at(key));
  }

  /** Some of what stands elsewhere in the message, which names each by its number there, from 0. */
  picks<T>(key: string, from: readonly T[]): T[] {
    return this.items(key).map((item, index) => {
      const picked = typeof item === "number" ? from[item] : undefined;
      if (picked === undefined) throw new ContractError(`${this.at(key)}[${index}]`, "a number in its list", item);
      return picked;
    });
  }

  /** A list of lists of numbers, as a heat map's values are. */
  numberLists(key: string): Float64Array[] {
    return this.items(key).map((item, index) => {
      const path = `${this.at(key)}[${index}]`;
      if (!Array.isArray(item)) throw new ContractError(path, "a list of numbers", item);
      return toNumbers(item, path);
    });
  }

  private items(key: string): readonly unknown[] {
    const value = this.fields[key];
    if (absent(value)) return [];
    if (!Array.isArray(value)) throw new ContractError(this.at(key), "a list", value);
    return value;
  }

  private at(key: string): string {
    return `${this.path}.${key}`;
  }
}

function toNumbers(items: readonly unknown[], path: string): Float64Array {
  const numbers = new Float64Array(items.length);
  items.forEach((item, index) => {
    const value = item === NOT_A_NUMBER ? null : item;
    if (value !== null && typeof value !== "number") throw new ContractError(`${path}[${index}]`, "a number", item);
    numbers[index] = value ?? Number.NaN;
  });
  return numbers;
}
