// Figures as people read them: bytes, counts, rates, durations. Main entry: formatQuantity(value, unit).
// Called by every widget. Units are those of the contract: B, ns, s, count (or none), %, ratio, and any of them with /s.

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;
const DECIMAL = ["", "k", "M", "G", "T", "P"] as const;
const MISSING = "–";

/** Three significant digits, no trailing noise: 1.23, 12.3, 123. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toString();
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function scaled(
  value: number,
  base: number,
  names: readonly string[],
): { readonly digits: string; readonly name: string } {
  let step = 0;
  let rest = value;
  // 999.5 would be shown as 1000: it belongs to the next unit already.
  while (Math.abs(rest) >= base - 0.5 && step < names.length - 1) {
    rest /= base;
    step++;
  }
  return { digits: threeDigits(rest), name: names[step] ?? "" };
}

export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return MISSING;
  const { digits, name } = scaled(bytes, 1024, BINARY);
  return `${digits} ${name}`;
}

/** Whole up to 9,999, then 12.3 k, 4.56 M. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return MISSING;
  if (Math.abs(count) < 9999.5) {
    return Number.isInteger(count) ? count.toLocaleString("en-US") : threeDigits(count);
  }
  const { digits, name } = scaled(count, 1000, DECIMAL);
  return `${digits} ${name}`;
}

/** Every digit, for tooltips and copied text. */
export function formatExact(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en-US", { maximumFractionDigits: 3 }) : MISSING;
}

export function formatDuration(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return MISSING;
  const size = Math.abs(nanoseconds);
  if (size < 1e3) return `${threeDigits(nanoseconds)} ns`;
  if (size < 1e6) return `${threeDigits(nanoseconds / 1e3)} µs`;
  if (size < 1e9) return `${threeDigits(nanoseconds / 1e6)} ms`;
  if (size < 60e9) return `${threeDigits(nanoseconds / 1e9)} s`;
  return clock(nanoseconds);
}

function clock(nanoseconds: number): string {
  const sign = nanoseconds < 0 ? "−" : "";
  const seconds = Math.floor(Math.abs(nanoseconds) / 1e9);
  const two = (part: number): string => part.toString().padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${sign}${hours}:${two(minutes)}:${two(seconds % 60)} h`
    : `${sign}${minutes}:${two(seconds % 60)} min`;
}

export function isBytes(unit: string): boolean {
  return /^(b|bytes?)$/i.test(unit);
}

/** The value with its unit, scaled for reading. */
export function formatQuantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) return MISSING;
  if (unit.endsWith("/s")) {
    const of = unit.slice(0, -2);
    const amount = formatQuantity(value, of === "1" ? "" : of);
    return `${amount}${/\d$/.test(amount) ? " " : ""}/s`;
  }
  if (isBytes(unit)) return formatBytes(value);
  switch (unit) {
    case "":
    case "1":
    case "count":
      return formatCount(value);
    case "ns":
      return formatDuration(value);
    case "us":
    case "µs":
      return formatDuration(value * 1e3);
    case "ms":
      return formatDuration(value * 1e6);
    case "s":
      return formatDuration(value * 1e9);
    case "%":
    case "percent":
      return `${threeDigits(value)} %`;
    case "ratio":
      return `${threeDigits(value * 100)} %`;
    default:
      return `${formatCount(value)} ${unit}`;
  }
}

/** The exact value with its unit. */
export function formatExactly(value: number, unit: string): string {
  const shown = unit.replace(/^(count|1)(?=$|\/)/, "").replace(/^bytes/, "B");
  return `${formatExact(value)}${shown === "" ? "" : ` ${shown}`}`;
}

/** One field of a CSV line, quoted where it must be; a leading sign of a formula is defused. */
export function csvField(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => line.map(csvField).join(",")).join("\n") + "\n";
}
