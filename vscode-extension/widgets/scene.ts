// The scene: boxes on plates in three dimensions, with the same as a table beside it. Main entry: <heapatlas-scene>,
// registered for 'scene'. Set up by widget-host.ts. What is drawn is scene-stage.ts, which comes when the scene is first in
// sight; where one looks from is scene-camera.ts; words are scene-model.ts. Must hold: it is drawn when something changed,
// never otherwise.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, queryAll, state } from "lit/decorators.js";
import { metricSwitch } from "./heatmap-bar.ts";
import { legend } from "./heatmap-legend.ts";
import { sentenceOf } from "./heatmap-model.ts";
import { tooltip } from "./heatmap-tooltip.ts";
import { mapStyle } from "./map-style.ts";
import { blend, parseCssColour, sequential, type Rgb } from "./palette.ts";
import { reason } from "./reason.ts";
import { registerRenderer } from "./registry.ts";
import { homeOf, orbit, pan, zoom, type Camera } from "./scene-camera.ts";
import { labelsOf, placeLabels, type SceneLabel } from "./scene-labels.ts";
import { SceneModel } from "./scene-model.ts";
import type { SceneLook, Stage } from "./scene-stage.ts";
import { sceneStyle } from "./scene-style.ts";
import { sceneTable, sceneTableStyle, type SceneTableDeeds } from "./scene-table.ts";
import { canvasColours, tokens, watchTheme, type CanvasColours } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";
import { tooltipStyle } from "./tooltip-box.ts";

/** Beside the bundle that asks for it. */
const STAGE = "./scene-stage.js";
const [TURN, STEP, CLOSER] = [0.12, 0.08, 1.2];
/** A press that moves less than this is a click. */
const STILL = 4;
const HOW =
  "Drag turns, Shift+drag moves, Ctrl+wheel or + and − come closer; Page Down goes from box to box, Enter looks closer.";

interface Drag {
  readonly moves: boolean;
  readonly x: number;
  readonly y: number;
  readonly far: boolean;
}

@customElement("heapatlas-scene")
export class SceneElement extends WidgetElement<"scene"> implements SceneTableDeeds {
  static override styles = [tokens, tooltipStyle, mapStyle, sceneTableStyle, sceneStyle];

  @state() private size = { width: 0, height: 0 };
  /** None: from home. */
  @state() private camera: Camera | undefined;
  @state() private cursor: number | undefined;
  @state() private hover: { readonly box: number; readonly x: number; readonly y: number } | undefined;
  @state() private scale: "linear" | "log" | undefined;
  /** Why there is only the table. */
  @state() private undrawn = "";
  @state() private stage: Stage | undefined;
  @query(".stage") private place!: HTMLElement | null;
  @query("canvas") private canvas!: HTMLCanvasElement | null;
  @queryAll(".label") private labelElements!: NodeListOf<HTMLElement>;

  private model: SceneModel | undefined;
  private labels: readonly SceneLabel[] = [];
  private colours: CanvasColours | undefined;
  private drag: Drag | undefined;
  private wanted = false;
  private where = "";
  private themed: { dispose(): void } | undefined;
  private readonly resized = new ResizeObserver(() => this.measure());
  private readonly seen = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) void this.prepare();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    if (this.hasUpdated) this.observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themed?.dispose();
    this.resized.disconnect();
    this.seen.disconnect();
    this.stage?.dispose();
    this.stage = undefined;
    this.wanted = false;
  }

  protected override firstUpdated(): void {
    this.readTheme();
    this.observe();
  }

  private observe(): void {
    if (this.place === null) return;
    this.resized.observe(this.place);
    this.seen.observe(this.place);
  }

  private measure(): void {
    if (this.place === null) return;
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  private readTheme(): void {
    this.colours = canvasColours(this);
    this.requestUpdate("frame");
  }

  /** What draws comes once, when it is needed. */
  private async prepare(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    this.measure();
    try {
      const { createStage } = (await import(new URL(STAGE, import.meta.url).href)) as typeof import("./scene-stage.ts");
      if (this.canvas === null || !this.isConnected) return;
      this.stage = createStage(this.canvas, () => this.cannotDraw("the graphics processor was taken away"));
    } catch (cause) {
      this.cannotDraw(reason(cause));
    }
  }

  private cannotDraw(why: string): void {
    this.stage = undefined;
    this.undrawn = `This browser draws no 3D here (${why}). The table has the same figures.`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { frame } = this;
    if (frame?.data === undefined) return;
    if (changed.has("frame") || changed.has("scale")) {
      this.model = new SceneModel(frame.data, frame.legend, this.scale);
      this.labels = labelsOf(this.model);
    }
    const where = frame.breadcrumbs.map(({ target }) => target).join(" ");
    if (where === this.where) return;
    // Another place is looked at from its own home.
    this.where = where;
    this.camera = undefined;
    this.cursor = undefined;
    this.hover = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    const { stage, model } = this;
    if (stage === undefined || model === undefined || this.size.width === 0 || this.size.height === 0) return;
    if (changed.has("stage") || changed.has("size"))
      stage.resize(this.size.width, this.size.height, window.devicePixelRatio);
    if (changed.has("stage") || changed.has("frame") || changed.has("scale")) stage.show(this.look(model));
    this.redraw();
    placeLabels([...this.labelElements], this.labels, this.size, (point) => stage.place(point));
  }

  override redraw(): void {
    this.stage?.draw(this.eye, this.hover?.box ?? this.cursor);
  }

  private get eye(): Camera {
    const data = this.frame?.data;
    if (this.camera !== undefined || data === undefined) return this.camera ?? NOWHERE;
    return homeOf(data, this.size.width / Math.max(1, this.size.height));
  }

  private look(model: SceneModel): SceneLook {
    const { ground, text, border } = this.rgbs;
    const plate = blend(text, ground, 0.08);
    return {
      data: model.data,
      colours: model.colours(sequential(this.colours?.shade ?? "light"), plate),
      ground,
      plate,
      edge: border,
      mark: text,
    };
  }

  private get rgbs(): { readonly ground: Rgb; readonly text: Rgb; readonly border: Rgb } {
    const rgb = (css = ""): Rgb => parseCssColour(css) ?? [128, 128, 128];
    return { ground: rgb(this.colours?.ground), text: rgb(this.colours?.text), border: rgb(this.colours?.border) };
  }

  override asText(): string {
    return this.model?.csv() ?? "";
  }

  // ---- what the user does

  mark(box: number | undefined): void {
    this.cursor = box;
    this.hover = undefined;
  }

  lookCloser(target: string): void {
    this.act({ action: "drill", target });
  }

  private lookCloserAt(box: number | undefined): void {
    const target = box === undefined ? undefined : this.frame?.data?.boxes.targets[box];
    if (target !== undefined) this.lookCloser(target);
  }

  private boxAt(event: PointerEvent | MouseEvent): number | undefined {
    const box = this.place?.getBoundingClientRect();
    if (box === undefined) return undefined;
    return this.stage?.pick((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  private onPointerDown(event: PointerEvent): void {
    this.place?.setPointerCapture(event.pointerId);
    const moves = event.button !== 0 || event.shiftKey;
    this.drag = { moves, x: event.clientX, y: event.clientY, far: false };
    this.hover = undefined;
  }

  private onPointerMove(event: PointerEvent): void {
    const { drag } = this;
    if (drag === undefined) {
      const box = this.boxAt(event);
      this.hover = box === undefined ? undefined : { box, x: event.clientX, y: event.clientY };
      return;
    }
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.far && Math.hypot(dx, dy) < STILL) return;
    this.drag = { moves: drag.moves, x: event.clientX, y: event.clientY, far: true };
    const height = Math.max(1, this.size.height);
    this.camera = drag.moves
      ? pan(this.eye, -dx / height, dy / height)
      : orbit(this.eye, (-dx / height) * Math.PI, (dy / height) * Math.PI);
  }

  private onPointerUp(event: PointerEvent): void {
    if (this.drag?.far === false && event.button === 0) this.cursor = this.boxAt(event);
    this.drag = undefined;
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.camera = zoom(this.eye, event.deltaY < 0 ? CLOSER : 1 / CLOSER);
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const x = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const y = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (x !== 0 || y !== 0)
      this.camera = event.shiftKey ? pan(this.eye, x * STEP, y * STEP) : orbit(this.eye, x * TURN, y * TURN);
    else if (event.key === "+" || event.key === "=") this.camera = zoom(this.eye, CLOSER);
    else if (event.key === "-") this.camera = zoom(this.eye, 1 / CLOSER);
    else if (event.key === "Home") this.camera = undefined;
    else if (event.key === "PageDown") this.step(1);
    else if (event.key === "PageUp") this.step(-1);
    else if (event.key === "Enter") this.lookCloserAt(this.cursor);
    else if (event.key === "Backspace") this.back();
    else if (event.key === "Escape" && this.cursor !== undefined) this.cursor = undefined;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private step(by: number): void {
    const count = this.model?.count ?? 0;
    if (count === 0) return;
    this.mark(this.cursor === undefined ? 0 : (this.cursor + by + count) % count);
  }

  private back(): void {
    const crumb = this.frame?.breadcrumbs.at(-2);
    if (crumb !== undefined) this.act({ action: "back", target: crumb.target });
  }

  // ---- what is shown

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === undefined) return nothing;
    const { metrics, metric } = model.data;
    const look = {
      ramp: sequential(this.colours?.shade ?? "light"),
      emptyTile: this.colours?.emptyTile ?? "",
      unmapped: false,
    };
    const words = this.cursor === undefined ? undefined : model.describe(this.cursor);
    return html`
      <div class="bar">
        ${metricSwitch(metrics, metric, (id) => this.act({ action: "metric", target: id, arguments: { metric: id } }))}
        ${legend(model.scale, "box", look, () => (this.scale = model.scale.scale === "log" ? "linear" : "log"))}
      </div>
      <div class="both">
        ${this.undrawn === "" ? this.renderStage(model) : html`<div class="stage told" role="status">${this.undrawn}</div>`}
        ${sceneTable(model, this.hover?.box ?? this.cursor, this)}
      </div>
      ${this.undrawn === "" ? this.renderFoot(words === undefined ? HOW : sentenceOf(words)) : nothing}
      ${this.renderTooltip(model)}
    `;
  }

  private renderStage(model: SceneModel): TemplateResult {
    const { upwards, count } = model;
    const axes = model.data.axes.map(({ id, title }) => `${AXES[id] ?? id}: ${title}`).join("; ");
    return html`<div
      class="stage"
      tabindex="0"
      role="application"
      aria-roledescription="3D scene"
      aria-busy=${this.stage === undefined}
      aria-label="${this.frame?.title ?? "Scene"}: ${count} boxes, as high as ${upwards.title}. Arrow keys turn, with Shift they move; plus, minus and Home come closer, go away and back. Page Down goes from box to box, Enter looks closer, Backspace goes back."
      @pointerdown=${(event: PointerEvent) => this.onPointerDown(event)}
      @pointermove=${(event: PointerEvent) => this.onPointerMove(event)}
      @pointerup=${(event: PointerEvent) => this.onPointerUp(event)}
      @pointercancel=${() => (this.drag = undefined)}
      @pointerleave=${() => (this.hover = undefined)}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @dblclick=${(event: MouseEvent) => this.lookCloserAt(this.boxAt(event))}
      @wheel=${{ handleEvent: (event: WheelEvent) => this.onWheel(event), passive: false }}
      @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
    >
      <canvas></canvas>
      ${this.labels.map(({ text, kind }) => html`<span class="label ${kind}" aria-hidden="true">${text}</span>`)}
      <span class="axes" aria-hidden="true">${axes}</span>
    </div>`;
  }

  private renderFoot(words: string): TemplateResult {
    return html`<div class="foot">
      <div class="status" role="status" aria-live="polite" title=${words}>${words}</div>
      <span class="tools">
        <button
          class="quiet"
          title="Away (-)"
          aria-label="Away"
          @click=${() => (this.camera = zoom(this.eye, 1 / CLOSER))}
        >
          −
        </button>
        <button
          class="quiet"
          title="Closer (+)"
          aria-label="Closer"
          @click=${() => (this.camera = zoom(this.eye, CLOSER))}
        >
          +
        </button>
        <button class="quiet" title="See all again (Home)" @click=${() => (this.camera = undefined)}>All</button>
      </span>
    </div>`;
  }

  private renderTooltip(model: SceneModel): TemplateResult | typeof nothing {
    const words = this.hover && model.describe(this.hover.box);
    return this.hover === undefined || words === undefined ? nothing : tooltip(words, this.hover);
  }
}

const AXES: Readonly<Record<string, string>> = { x: "left to right", y: "height", z: "depth" };
const NOWHERE: Camera = { target: { x: 0, y: 0, z: 0 }, azimuth: 0, elevation: 1, distance: 10 };
registerRenderer("scene", "heapatlas-scene");
