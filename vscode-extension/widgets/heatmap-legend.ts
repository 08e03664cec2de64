// The heat map's legend: the ramp, ticks with units, and what an empty tile means. Main entry: legendTicks (pure) and
// legend (template). Called by heatmap.ts, by the copied picture, and by scene.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { linearTicks, logTicks } from "./axis-ticks.ts";
import { formatQuantity, isBytes } from "./format.ts";
import type { Scale } from "./heatmap-model.ts";
import { level, toCss, type Rgb } from "./palette.ts";

export interface LegendTick {
  /** Where on the ramp, 0 to 1. */
  readonly at: number;
  readonly text: string;
}

/** What the ramp and the tiles without a value look like. */
export interface LegendLook {
  readonly ramp: readonly Rgb[];
  readonly emptyTile: string;
  /** Whether a tile of the map is no part of any mapping. */
  readonly unmapped: boolean;
}

/** Of two ticks, and of a tick and an end, whose text stands on one side of its place alone. */
const [BETWEEN, FROM_END] = [0.2, 0.32];

/** The ends and round values between them, far enough from each other to be read. */
export function legendTicks(scale: Scale): LegendTick[] {
  const base = isBytes(scale.unit.replace(/\/s$/, "")) ? 1024 : 10;
  const { min, max } = scale;
  if (!(max > 0)) return [];
  const text = (value: number): string => formatQuantity(value, scale.unit);
  if (!(max > min)) return [{ at: 0.5, text: text(max) }];
  const between = scale.scale === "log" ? logTicks(min, max, 4, base) : linearTicks(min, max, 4, base);
  const ticks: LegendTick[] = [{ at: 0, text: text(min) }];
  for (const value of between) {
    const at = level(value, min, max, scale.scale);
    const last = ticks.at(-1)?.at ?? 0;
    if (Number.isNaN(at) || at < FROM_END || at > 1 - FROM_END || at - last < BETWEEN) continue;
    ticks.push({ at, text: text(value) });
  }
  return [...ticks, { at: 1, text: text(max) }];
}

export function rampGradient(ramp: readonly Rgb[]): string {
  const stops = Array.from({ length: 17 }, (_, i) =>
    toCss(ramp[Math.round((i / 16) * (ramp.length - 1))] ?? [0, 0, 0]),
  );
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** `per`: what a value is of. */
export function legend(
  scale: Scale,
  per: string,
  look: LegendLook,
  onSwitchScale: () => void,
): TemplateResult | typeof nothing {
  const ticks = legendTicks(scale);
  if (ticks.length === 0) return nothing;
  const kind = scale.scale === "log" ? "logarithmic" : "linear";
  const words = `Colour: ${scale.label}, from ${ticks[0]?.text ?? ""} to ${ticks.at(-1)?.text ?? ""} per ${per}, ${kind} scale`;
  return html`<div class="legend" role="group" aria-label=${words}>
    <button
      class="quiet"
      title="The scale is ${kind}; switch it"
      aria-label="per ${per}, ${scale.scale}: switch to a ${scale.scale === "log" ? "linear" : "logarithmic"} scale"
      @click=${onSwitchScale}
    >
      per ${per}, ${scale.scale}
    </button>
    <span class="ramp-box">
      <span class="ramp" style=${styleMap({ background: rampGradient(look.ramp) })}></span>
      ${ticks.map(
        (tick, index) =>
          html`<span
            class="tick ${index === 0 ? "first" : index === ticks.length - 1 ? "last" : ""}"
            style=${styleMap({ left: `${tick.at * 100}%` })}
            >${tick.text}</span
          >`,
      )}
    </span>
    <span class="swatches">
      <span><i class="swatch" style=${styleMap({ background: look.emptyTile })}></i>none</span>
      ${look.unmapped ? html`<span><i class="swatch"></i>not mapped</span>` : nothing}
    </span>
  </div>`;
}
