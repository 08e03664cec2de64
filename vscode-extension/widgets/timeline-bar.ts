// What stands above the timeline's lanes: how time goes, the buttons that move and play a recording, and the two instants
// that are compared. Main entry: timelineBar. Called by timeline.ts. What there is is what the frame's actions say.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { markLegend } from "./mark-lane.ts";
import type { Act, FrameTime } from "./protocol.ts";
import { speedText, timeSign, wayIcon, wayOf } from "./time-sign.ts";
import type { TimelineData } from "./timeline-data.ts";
import { instantText, spanText } from "./timeline-model.ts";

export interface BarHost {
  readonly shade: "dark" | "light";
  can(action: string): boolean;
  act(act: Act): void;
}

type Part = TemplateResult | typeof nothing;

export function timelineBar(host: BarHost, data: TimelineData, time: FrameTime): TemplateResult {
  const still = wayOf(time) === "still";
  const why = still ? (data.playback?.why ?? "") : "";
  return html`<div class="bar">
    ${timeSign(time)} ${transport(host, data, time)}
    <span class="now ${time.live ? "on" : ""}">${time.live ? "" : instantText(time.now)}</span>
    <span class="where" role=${still ? "status" : nothing} title=${data.text}
      >${[why, data.text].filter((each) => each !== "").join("; ")}</span
    >
    ${host.can("seek") ? seekField(host) : nothing}
    ${data.marks === undefined ? nothing : markLegend(data.marks, host.shade)} ${marked(host, data)}
  </div>`;
}

/** From the far left to the far right: backward to forward, a finding, an event, and time itself in the middle. */
function transport(host: BarHost, data: TimelineData, time: FrameTime): TemplateResult {
  const button = (action: string, label: TemplateResult | string, title: string): Part =>
    host.can(action)
      ? html`<button title=${title} aria-label=${title} @click=${() => host.act({ action })}>${label}</button>`
      : nothing;
  return html`<span class="transport" role="group" aria-label="Move in time">
    ${button("previousFinding", toward("◂", "finding", "◆"), "Previous finding (<)")}
    ${button("previous", toward("◂", "event", ""), "Previous event (,)")}
    ${host.can("play") ? players(host, time) : nothing} ${button("next", toward("▸", "event", ""), "Next event (.)")}
    ${button("nextFinding", toward("▸", "finding", "◆"), "Next finding (>)")}
    ${data.playback === undefined ? nothing : speeds(host, data.playback)}
  </span>`;
}

/** Where there is little room the word gives way to a shape. */
function toward(arrow: "◂" | "▸", word: string, brief: string): TemplateResult {
  const what = html`<span class="word">${word}</span><span class="brief">${brief}</span>`;
  return arrow === "◂" ? html`◂ ${what}` : html`${what} ▸`;
}

/** Each is a pause while it is pressed. */
function players(host: BarHost, time: FrameTime): TemplateResult {
  const way = wayOf(time);
  const player = (direction: "forward" | "backward", title: string): TemplateResult => {
    const plays = way === direction;
    const words = plays ? "Pause (Space)" : title;
    return html`<button
      class="play ${direction}"
      title=${words}
      aria-label=${words}
      aria-pressed=${plays}
      @click=${() => host.act(plays ? { action: "pause" } : { action: "play", arguments: { direction } })}
    >
      ${wayIcon(plays ? "still" : direction)}
    </button>`;
  };
  return html`${player("backward", "Play backward (Shift+Space)")} ${player("forward", "Play (Space)")}`;
}

function speeds(host: BarHost, { speed, speeds }: NonNullable<TimelineData["playback"]>): TemplateResult {
  const all = speeds.includes(speed) ? speeds : [...speeds, speed].sort((a, b) => a - b);
  return html`<select
    title="Recorded time over real time (+ −)"
    aria-label="Speed: recorded time over real time"
    @change=${(event: Event) => host.act({ action: "speed", target: (event.target as HTMLSelectElement).value })}
  >
    ${all.map((each) => html`<option value=${each} .selected=${live(each === speed)}>${speedText(each)}</option>`)}
  </select>`;
}

function seekField(host: BarHost): TemplateResult {
  const goTo = (event: KeyboardEvent): void => {
    const field = event.target;
    // An input method's Enter chooses a character.
    if (event.key !== "Enter" || event.isComposing || !(field instanceof HTMLInputElement) || field.value.trim() === "")
      return;
    host.act({ action: "seek", target: field.value.trim() });
    field.value = "";
  };
  return html`<input
    type="text"
    placeholder="12.5s, 4711, end"
    title="Go to a time such as 12.5s, before the event of a number, or to begin or end"
    aria-label="Go to an instant"
    @keydown=${goTo}
  />`;
}

function marked(host: BarHost, data: TimelineData): Part {
  if (!host.can("span")) return nothing;
  const { a, b, span } = data;
  const mark = (action: string, letter: string, at: number | undefined, key: string): Part => {
    if (!host.can(action)) return nothing;
    const words = `Mark ${letter} here (${key})${at === undefined ? "" : `; it is at ${instantText(at)}`}`;
    return html`<button
      class="mark-${letter}"
      title=${words}
      aria-label=${words}
      aria-pressed=${at !== undefined}
      @click=${() => host.act({ action })}
    >
      ${letter}
    </button>`;
  };
  const any = a !== undefined || b !== undefined || span !== undefined;
  return html`<span class="span" role="group" aria-label="Compare two instants">
    ${mark("markA", "A", a, "[")} ${mark("markB", "B", b, "]")}
    <span class="length">${span === undefined ? hint(host, any) : spanText(span)}</span>
    ${
      any
        ? html`<button
            class="quiet"
            aria-label="The whole time again"
            title="The whole time again (Esc)"
            @click=${() => host.act({ action: "span" })}
          >
            ✕
          </button>`
        : nothing
    }
    ${
      host.can("compare")
        ? html`<button
            class="compare"
            title="Shows what the heap differs in between A and B (c)"
            @click=${() => host.act({ action: "compare" })}
          >
            Compare
          </button>`
        : nothing
    }
  </span>`;
}

function hint(host: BarHost, one: boolean): string {
  if (one) return "mark the other too";
  return `${host.can("seek") ? "Shift+drag" : "drag"} to choose a time span`;
}
