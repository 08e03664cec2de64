// How time goes, so that nobody can mistake it: a word, a shape and a colour. Main entries: wayOf, timeSign, wayIcon,
// timeSignStyle. Called by the timeline and by the page's head. Pure; the words are tested without a browser.
import { css, html, svg, type TemplateResult } from "lit";
import type { FrameTime } from "./protocol.ts";

/** still: a recording that stands at an instant; over: a program that has ended. */
export type Way = "live" | "forward" | "backward" | "still" | "over";

export function wayOf({ live, replayed, pace }: FrameTime): Way {
  if (!replayed) return live ? "live" : "over";
  return pace === 0 ? "still" : pace < 0 ? "backward" : "forward";
}

/** Recorded time over real time: "10×", "0.1×". */
export function speedText(speed: number): string {
  return `${Number(speed.toPrecision(6))}×`;
}

/** What the sign says; a recording that stands still says too when it came there from later. */
export function wayWords(time: FrameTime): string {
  const words: Readonly<Record<Way, string>> = {
    live: "Live",
    forward: `Plays ${speedText(time.pace)}`,
    backward: `Plays backward ${speedText(-time.pace)}`,
    still: time.direction === "backward" ? "Stands still, went back" : "Stands still",
    over: "Ended",
  };
  return words[wayOf(time)];
}

/** Shapes that differ in outline, in a box of 12 by 12. */
const SHAPES: Readonly<Record<Way, string>> = {
  live: "M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z",
  forward: "M3 1.5 10.5 6 3 10.5Z",
  backward: "M6.5 1.5v9L1 6ZM12 1.5v9L6.5 6Z",
  still: "M2.5 1.5h2.6v9H2.5ZM6.9 1.5h2.6v9H6.9Z",
  over: "M2 2h8v8H2Z",
};

export function wayIcon(way: Way): TemplateResult {
  return html`<svg class="way-icon" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    ${svg`<path d=${SHAPES[way]}></path>`}
  </svg>`;
}

export function timeSign(time: FrameTime): TemplateResult {
  const way = wayOf(time);
  return html`<span class="sign ${way}" role="status">${wayIcon(way)}${wayWords(time)}</span>`;
}

export const timeSignStyle = css`
  .sign,
  .cursor {
    --way: var(--ha-muted);
  }
  .live {
    --way: var(--ha-live, #009e73);
  }
  .forward {
    --way: var(--ha-accent);
  }
  .backward {
    --way: var(--ha-backward, #d55e00);
  }
  .sign {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    padding: 1px 9px 1px 7px;
    border: 2px solid var(--way);
    border-radius: 12px;
    background: color-mix(in srgb, var(--way) 14%, var(--ha-ground));
    color: var(--ha-text);
    font-weight: 600;
    white-space: nowrap;
  }
  .sign.still {
    border-style: double;
    border-width: 3px;
  }
  .sign.backward {
    border-style: dashed;
  }
  .way-icon {
    flex: none;
    fill: currentColor;
  }
  .sign .way-icon {
    fill: var(--way);
  }
  .sign.still .way-icon {
    fill: var(--ha-text);
  }
`;
