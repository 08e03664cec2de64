// Colours that people with any colour vision can tell apart. Main entries: sequential (heat), categorical (series),
// severityColour (marks). Called by the heat map, the chart and the timeline. Lightness rises evenly, so the order survives in grey too.

export type Rgb = readonly [red: number, green: number, blue: number];

/** Blue-violet over teal to yellow: the anchors of the heat ramp, from low to high. */
const ANCHORS: readonly Rgb[] = [
  [58, 27, 102],
  [53, 82, 139],
  [31, 140, 140],
  [90, 196, 100],
  [253, 231, 55],
];
export const RAMP_STEPS = 256;

const toLinear = (channel: number): number => {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (linear: number): number => {
  const c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, c)) * 255);
};

type Lab = readonly [lightness: number, a: number, b: number];

function toOklab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Relative luminance as WCAG defines it, 0 to 1. */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

function mix(t: number): Rgb {
  const labs = ANCHORS.map(toOklab);
  const first = labs[0] as Lab;
  const last = labs[labs.length - 1] as Lab;
  const position = t * (labs.length - 1);
  const below = Math.min(Math.floor(position), labs.length - 2);
  const [low, high] = [labs[below] as Lab, labs[below + 1] as Lab];
  const share = position - below;
  // Hue from the neighbours, lightness from the ends: equal steps of value are equal steps of lightness.
  return fromOklab([
    first[0] + (last[0] - first[0]) * t,
    low[1] + (high[1] - low[1]) * share,
    low[2] + (high[2] - low[2]) * share,
  ]);
}

/**
 * RAMP_STEPS colours from little to much. On a dark ground much is bright, on a light ground much is dark, so that
 * little always recedes.
 */
export function sequential(ground: "dark" | "light"): readonly Rgb[] {
  const ramp = Array.from({ length: RAMP_STEPS }, (_, step) => mix(step / (RAMP_STEPS - 1)));
  return ground === "dark" ? ramp : ramp.reverse();
}

/** Okabe and Ito's colours, ordered so that the first ones differ most; yellow and black are left out: no contrast. */
const OKABE_ITO = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const OKABE_ITO_ON_DARK = ["#56b4e9", "#e69f00", "#2fc99a", "#e39ac4", "#f0775a", "#f0e442"] as const;

export function categorical(index: number, ground: "dark" | "light"): string {
  const colours = ground === "dark" ? OKABE_ITO_ON_DARK : OKABE_ITO;
  return colours[index % colours.length] as string;
}

/** Apart in lightness, or in blue, which is what the colour-blind are left with; a shape says the same. */
const SEVERITY = {
  light: { error: "#a32600", warning: "#cf7c00", information: "#0072b2" },
  dark: { error: "#ff7b5a", warning: "#f0e442", information: "#56b4e9" },
} as const;

export function severityColour(severity: keyof typeof SEVERITY.light, ground: "dark" | "light"): string {
  return SEVERITY[ground][severity];
}

export function toCss([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Reads what getComputedStyle answers: rgb(…) or rgba(…). */
export function parseCssColour(text: string): Rgb | undefined {
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(text);
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** Reads #rrggbb, as the categories' colours are written. */
export function parseHexColour(text: string): Rgb {
  const part = (at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** `share` of one colour laid over another. */
export function blend(over: Rgb, under: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2): number => Math.round(over[i] * share + under[i] * (1 - share));
  return [part(0), part(1), part(2)];
}

/** Where a value stands between min and max, 0 to 1; NaN when there is nothing to show. */
export function level(value: number, min: number, max: number, scale: "linear" | "log"): number {
  if (!(value > 0)) return Number.NaN;
  if (!(max > min)) return 1;
  const clamp = (t: number): number => Math.min(1, Math.max(0, t));
  if (scale === "linear") return clamp((value - min) / (max - min));
  const low = Math.log(Math.max(min, 1e-9));
  const high = Math.log(max);
  return high > low ? clamp((Math.log(value) - low) / (high - low)) : 1;
}
