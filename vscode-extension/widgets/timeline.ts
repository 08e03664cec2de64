// The timeline: the whole session in lanes, with the instant that the other views show. Main entry: <heapatlas-timeline>,
// registered for 'timeline'. Set up by widget-host.ts. What can be done is what the frame's actions say: a recording is
// moved by click, drag and keys, and any session has a span to choose. Paths and words come from timeline-model.ts, the
// lane of marks from mark-lane.ts.
import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { DirectiveResult } from "lit/directive.js";
import { styleMap } from "lit/directives/style-map.js";
import { xText, xTicks } from "./chart-model.ts";
import { csv, formatCount, formatQuantity } from "./format.ts";
import { MARK_HEIGHT } from "./mark-lane.ts";
import { categorical } from "./palette.ts";
import type { FrameTime } from "./protocol.ts";
import { registerRenderer } from "./registry.ts";
import { canvasColours, tokens, watchTheme } from "./theme.ts";
import { timeSignStyle, wayIcon, wayOf, wayWords } from "./time-sign.ts";
import { timelineBar, type BarHost } from "./timeline-bar.ts";
import type { Lane, TimelineData } from "./timeline-data.ts";
import { actOfKey, isHeldToggle } from "./timeline-keys.ts";
import {
  instantText,
  lanePath,
  linesAt,
  peakOf,
  stepOf,
  timelineCsvLines,
  timelineSentence,
  timeScale,
  type TimeScale,
} from "./timeline-model.ts";
import { timelineStyle } from "./timeline-style.ts";
import { WidgetElement } from "./widget-element.ts";

const FIRST_HEIGHT = 34;
const HEIGHT = 18;
/** While the cursor is dragged, an instant is asked for so often at most. */
const SEEK_PAUSE = 120;
const LEAST_SPAN = 4;
/** The right end has its own words. */
const END_ROOM = 72;

interface Drag {
  readonly kind: "seek" | "span";
  readonly from: number;
  readonly to: number;
}

@customElement("heapatlas-timeline")
export class TimelineElement extends WidgetElement<"timeline"> {
  static override styles = [tokens, timeSignStyle, timelineStyle];

  @state() private width = 0;
  @state() private shade: "dark" | "light" = "light";
  @state() private drag: Drag | undefined;
  @state() private pointer: number | undefined;
  @query(".plot") private plot!: HTMLElement | null;

  private readonly barHost: BarHost;
  private asked = 0;
  private themed: { dispose(): void } | undefined;
  private readonly resized = new ResizeObserver(() => (this.width = this.plot?.clientWidth ?? 0));

  constructor() {
    super();
    const shade = (): "dark" | "light" => this.shade;
    this.barHost = {
      get shade() {
        return shade();
      },
      can: (action) => this.can(action),
      act: (act) => this.act(act),
    };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themed?.dispose();
    this.resized.disconnect();
  }

  override asText(): string {
    const data = this.frame?.data;
    return data === undefined ? "" : csv(timelineCsvLines(data));
  }

  private readTheme(): void {
    this.shade = canvasColours(this).shade;
  }

  protected override firstUpdated(): void {
    if (this.plot !== null) this.resized.observe(this.plot);
    this.readTheme();
  }

  private can(action: string): boolean {
    return this.frame?.actions.some(({ id }) => id === action) ?? false;
  }

  private seek(nanos: number): void {
    this.asked = performance.now();
    this.act({ action: "seek", arguments: { nanos: Math.max(0, Math.round(nanos)) } });
  }

  private choose(from: number, to: number): void {
    this.act({ action: "span", arguments: { from: Math.round(from), to: Math.round(to) } });
  }

  private wholeTime(): void {
    this.act({ action: "span" });
  }

  private pixelOf(event: PointerEvent): number {
    return event.clientX - (this.plot?.getBoundingClientRect().left ?? 0);
  }

  private onPointerDown(event: PointerEvent, scale: TimeScale): void {
    if (event.button !== 0) return;
    const at = scale.nanos(this.pixelOf(event));
    const kind = this.can("seek") && !event.shiftKey ? "seek" : "span";
    if (!this.can(kind)) return;
    this.plot?.setPointerCapture(event.pointerId);
    this.drag = { kind, from: at, to: at };
    if (kind === "seek") this.seek(at);
  }

  private onPointerMove(event: PointerEvent, scale: TimeScale): void {
    this.pointer = this.pixelOf(event);
    if (this.drag === undefined) return;
    this.drag = { ...this.drag, to: scale.nanos(this.pointer) };
    if (this.drag.kind === "seek" && performance.now() - this.asked > SEEK_PAUSE) this.seek(this.drag.to);
  }

  private onPointerUp(scale: TimeScale): void {
    const { drag } = this;
    this.drag = undefined;
    if (drag === undefined) return;
    if (drag.kind === "seek") {
      if (drag.to !== drag.from) this.seek(drag.to);
    } else if (Math.abs(scale.pixel(drag.to) - scale.pixel(drag.from)) >= LEAST_SPAN) {
      this.choose(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    }
  }

  private onKeyDown(event: KeyboardEvent, time: FrameTime, scale: TimeScale): void {
    if (event.ctrlKey || event.metaKey) return;
    const asked = isHeldToggle(event) ? undefined : actOfKey(event, time, this.frame?.data);
    const direction = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const step = direction * stepOf(scale) * (event.altKey ? 10 : 1);
    if (direction !== 0 && event.shiftKey) this.growSpan(step, time);
    else if (direction !== 0 && this.can("seek")) this.seek(time.now + step);
    else if (asked !== undefined && this.can(asked.action)) this.act(asked);
    else if (!isHeldToggle(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** One end stays where the span began, or at the cursor. */
  private growSpan(step: number, time: FrameTime): void {
    const span = this.frame?.data?.span;
    const from = span?.from ?? Math.min(time.now, time.now + step);
    const to = Math.min(time.to, span === undefined ? Math.max(time.now, time.now + step) : span.to + step);
    if (to > from) this.choose(Math.max(0, from), to);
    else this.wholeTime();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { data, time } = this.frame ?? {};
    if (data === undefined || time === undefined) return nothing;
    const scale = timeScale(time, this.width);
    return html`${timelineBar(this.barHost, data, time)}
      <div class="body ${data.marks === undefined ? "" : "marked"}">
        <div class="names" aria-hidden="true">${this.rows(data, (lane) => lane.title, data.marks?.title ?? "")}</div>
        <div class="middle">
          ${
            data.marks === undefined
              ? nothing
              : html`<heapatlas-mark-lane
                  .marks=${data.marks}
                  .scale=${scale}
                  .shade=${this.shade}
                ></heapatlas-mark-lane>`
          }
          ${this.renderPlot(data, time, scale)}
        </div>
        <div class="peaks" aria-hidden="true">
          ${this.rows(
            data,
            (lane) => html`<span title="The most of ${lane.title}">${formatQuantity(peakOf(lane), lane.unit)}</span>`,
            formatCount(data.marks?.total ?? 0),
          )}
        </div>
      </div>`;
  }

  /** What stands beside the lanes, each as high as its lane; that of the marks is the first. */
  private rows(
    data: TimelineData,
    ofLane: (lane: Lane) => TemplateResult | string,
    ofMarks: string,
  ): readonly (TemplateResult | typeof nothing)[] {
    const row = (height: number, content: TemplateResult | string, kind = ""): TemplateResult =>
      html`<div class=${kind} style=${styleMap({ height: `${height}px` })}>${content}</div>`;
    return [
      data.marks === undefined ? nothing : row(MARK_HEIGHT, ofMarks, "of-marks"),
      ...data.lanes.map((lane, at) => row(heightOf(at), ofLane(lane))),
    ];
  }

  private renderPlot(data: TimelineData, time: FrameTime, scale: TimeScale): TemplateResult {
    const words = timelineSentence(data, time);
    const seeks = this.can("seek");
    return html`<div
      class="plot ${seeks ? "seekable" : ""}"
      role="slider"
      tabindex="0"
      aria-label="Time. ${words} ${seeks ? "Arrow keys, Home and End go to another instant, Space plays." : ""}"
      aria-valuemin=${time.from}
      aria-valuemax=${time.to}
      aria-valuenow=${time.now}
      aria-valuetext=${time.live ? "live" : `${instantText(time.now)}, ${wayWords(time)} ${data.text}`}
      aria-readonly=${seeks ? "false" : "true"}
      @pointerdown=${(event: PointerEvent) => this.onPointerDown(event, scale)}
      @pointermove=${(event: PointerEvent) => this.onPointerMove(event, scale)}
      @pointerup=${() => this.onPointerUp(scale)}
      @pointercancel=${() => (this.drag = undefined)}
      @pointerleave=${() => (this.pointer = undefined)}
      @keydown=${(event: KeyboardEvent) => this.onKeyDown(event, time, scale)}
    >
      ${data.lanes.map((lane, at) => this.renderLane(lane, at, data, scale))}
      ${data.gaps.map((gap) => html`<i class="gap" title=${gap.title} style=${between(gap, scale)}></i>`)}
      ${this.renderMarks(data, time, scale)} ${renderFlags(data, scale)} ${this.renderTicks(time, scale)}
      ${this.renderTip(data, scale)}
    </div>`;
  }

  private renderLane(lane: Lane, at: number, data: TimelineData, scale: TimeScale): TemplateResult {
    const height = heightOf(at);
    const colour = categorical(at, this.shade);
    return html`<svg width="100%" height=${height} aria-hidden="true">
      ${svg`<path class="lane" fill=${colour} stroke=${colour} d=${lanePath(lane, data.x, scale, height)}></path>`}
    </svg>`;
  }

  private renderMarks(data: TimelineData, time: FrameTime, scale: TimeScale): TemplateResult {
    const span =
      this.drag?.kind === "span"
        ? { from: Math.min(this.drag.from, this.drag.to), to: Math.max(this.drag.from, this.drag.to) }
        : data.span;
    const way = wayOf(time);
    const cursor = scale.pixel(this.drag?.kind === "seek" ? this.drag.to : time.now);
    return html`${
        time.replayed ? html`<i class="ahead" style=${styleMap({ left: `${cursor}px` })}></i>` : nothing
      }${span === undefined ? nothing : html`<i class="chosen" style=${between(span, scale)}></i>`}<i
        class="cursor ${way}"
        style=${styleMap({ left: `${cursor}px` })}
        >${wayIcon(way)}</i
      >`;
  }

  private renderTicks(time: FrameTime, scale: TimeScale): TemplateResult {
    const ticks = xTicks(scale.from, scale.to, scale.width, "ns");
    const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
    const clear = ticks.filter((tick) => scale.pixel(tick) < scale.width - END_ROOM);
    return html`<div class="ticks" aria-hidden="true">
      ${clear.map((tick) => {
        const left = scale.pixel(tick);
        return html`<span class=${left < 12 ? "first" : ""} style=${styleMap({ left: `${left}px` })}
          >${xText(tick, step, "ns")}</span
        >`;
      })}
      <span class="end ${time.live ? "on" : ""}">${time.live ? "live" : instantText(time.to)}</span>
    </div>`;
  }

  private renderTip(data: TimelineData, scale: TimeScale): TemplateResult | typeof nothing {
    const { pointer } = this;
    if (pointer === undefined) return nothing;
    const at = scale.nanos(pointer);
    const side = pointer > scale.width / 2 ? { right: `${scale.width - pointer + 8}px` } : { left: `${pointer + 8}px` };
    return html`<i class="hover" style=${styleMap({ left: `${pointer}px` })}></i>
      <div class="tip" style=${styleMap(side)}>
        <strong>${instantText(at)}</strong>${linesAt(data, at).map((line) => html`<span>${line}</span>`)}
      </div>`;
  }
}

/** The first lane is what people look at; the others say why. */
function heightOf(lane: number): number {
  return lane === 0 ? FIRST_HEIGHT : HEIGHT;
}

/** A and B, where they are marked. */
function renderFlags({ a, b }: TimelineData, scale: TimeScale): readonly (TemplateResult | typeof nothing)[] {
  const flag = (letter: string, at: number | undefined): TemplateResult | typeof nothing =>
    at === undefined
      ? nothing
      : html`<b class="flag" aria-hidden="true" style=${styleMap({ left: `${scale.pixel(at)}px` })}>${letter}</b>`;
  return [flag("A", a), flag("B", b)];
}

function between(span: { readonly from: number; readonly to: number }, scale: TimeScale): DirectiveResult {
  const left = scale.pixel(span.from);
  return styleMap({ left: `${left}px`, width: `${Math.max(2, scale.pixel(span.to) - left)}px` });
}
registerRenderer("timeline", "heapatlas-timeline");
