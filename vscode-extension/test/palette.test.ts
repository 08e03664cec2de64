import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  categorical,
  level,
  luminance,
  parseCssColour,
  RAMP_STEPS,
  sequential,
  severityColour,
  type Rgb,
} from "../widgets/palette.ts";

/** Machado, Oliveira and Fernandes' matrices for full dichromacy, in linear light. */
const BLINDNESS = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
} as const;

function seenBy(kind: keyof typeof BLINDNESS, rgb: Rgb): Rgb {
  const m = BLINDNESS[kind];
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const row = (at: number): number =>
    Math.min(
      1,
      Math.max(
        0,
        [0, 1, 2].reduce((sum, i) => sum + (m[at * 3 + i] ?? 0) * (linear[i] ?? 0), 0),
      ),
    );
  const encode = (c: number): number => Math.round(255 * (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055));
  return [encode(row(0)), encode(row(1)), encode(row(2))];
}

function fromHex(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

describe("the heat ramp", () => {
  it("gets brighter at every step, also without colour vision", () => {
    for (const see of [
      (rgb: Rgb) => rgb,
      (rgb: Rgb) => seenBy("protanopia", rgb),
      (rgb: Rgb) => seenBy("deuteranopia", rgb),
    ]) {
      const brightness = sequential("dark").map((rgb) => luminance(see(rgb)));
      for (let step = 8; step < RAMP_STEPS; step += 8) {
        assert.ok((brightness[step] ?? 0) > (brightness[step - 8] ?? 1), `step ${step}`);
      }
    }
  });

  it("is turned around on a light ground, so that little recedes on either", () => {
    assert.deepEqual([...sequential("light")].reverse(), [...sequential("dark")]);
  });
});

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

describe("the colours of severities", () => {
  it("stand out from their ground and from each other, also without colour vision", () => {
    for (const [ground, background] of [
      ["light", [255, 255, 255]],
      ["dark", [20, 24, 29]],
    ] as const) {
      const all = (["error", "warning", "information"] as const).map((each) => fromHex(severityColour(each, ground)));
      for (const colour of all) {
        assert.ok(contrast(luminance(colour), luminance(background)) >= 3, `${ground} ${colour.join(" ")}`);
      }
      for (const see of [
        (rgb: Rgb) => rgb,
        (rgb: Rgb) => seenBy("protanopia", rgb),
        (rgb: Rgb) => seenBy("deuteranopia", rgb),
      ]) {
        const seen = all.map(see);
        const apart = seen.map((rgb, at) => Math.hypot(...rgb.map((c, i) => c - (seen[(at + 1) % 3]?.[i] ?? 0))));
        assert.ok(Math.min(...apart) > 60, `${ground}: ${apart.join(" ")}`);
      }
    }
  });
});

describe("the colours of series", () => {
  it("stand out from their ground by three to one", () => {
    for (let i = 0; i < 2; i++) {
      assert.ok(contrast(luminance(fromHex(categorical(i, "light"))), 1) >= 3, `light ${i}`);
      assert.ok(contrast(luminance(fromHex(categorical(i, "dark"))), luminance([20, 24, 29])) >= 3, `dark ${i}`);
    }
  });

  it("begin again when there are more series than colours", () => {
    assert.equal(categorical(6, "light"), categorical(0, "light"));
  });
});

describe("a level", () => {
  it("is none for nothing, 0 at the least and 1 at the most", () => {
    assert.ok(Number.isNaN(level(0, 1, 10, "log")));
    assert.equal(level(16, 16, 4096, "log"), 0);
    assert.equal(level(4096, 16, 4096, "log"), 1);
    assert.equal(level(1e9, 16, 4096, "log"), 1);
    assert.equal(level(5, 0, 10, "linear"), 0.5);
  });

  it("goes by the logarithm where asked", () => {
    assert.ok(Math.abs(level(100, 1, 10_000, "log") - 0.5) < 1e-12);
  });

  it("is the most where all values are one", () => {
    assert.equal(level(7, 7, 7, "log"), 1);
  });
});

describe("a colour of the style sheet", () => {
  it("is read in both of its spellings", () => {
    assert.deepEqual(parseCssColour("rgb(1, 2, 3)"), [1, 2, 3]);
    assert.deepEqual(parseCssColour("rgba(1 2 3 / 0.5)"), [1, 2, 3]);
    assert.equal(parseCssColour("none"), undefined);
  });
});
