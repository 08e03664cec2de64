// The heat map: tiles of the address space coloured by a metric. Main entry: <heapatlas-heatmap>, registered for
// 'heatmap'. Set up by widget-host.ts. Geometry is heatmap-layout.ts, meaning heatmap-model.ts, pixels tile-painter.ts;
// this file joins them to the pointer and the keyboard.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { styleMap } from "lit/directives/style-map.js";
import { isMenuKey } from "./context-menu.ts";
import { tileMenu } from "./memory-menu.ts";
import { toWire } from "./address.ts";
import type { LegendLook } from "./heatmap-legend.ts";
import { HeatMapLayout, type Block } from "./heatmap-layout.ts";
import { bar, tools, type BarDeeds } from "./heatmap-bar.ts";
import { detailPanel, detailStyle, type DetailReader } from "./heatmap-detail.ts";
import { gap, label } from "./heatmap-label.ts";
import { runMarks, selectionMarks, tileMark } from "./heatmap-marks.ts";
import { HeatMapModel, sentenceOf } from "./heatmap-model.ts";
import { tooltip } from "./heatmap-tooltip.ts";
import { pictureOf } from "./heatmap-picture.ts";
import { heatMapStyle } from "./heatmap-style.ts";
import { mapStyle } from "./map-style.ts";
import { sequential, type Rgb } from "./palette.ts";
import { registerRenderer } from "./registry.ts";
import { canvasColours, tokens, watchTheme } from "./theme.ts";
import { stackStyle } from "./stack-lines.ts";
import { createPainter, type TilePainter, type TileScene } from "./tile-painter.ts";
import { WidgetElement } from "./widget-element.ts";
import { tooltipStyle } from "./tooltip-box.ts";

const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const ZOOM_STEP = 1.25;
const MAX_ZOOM = 8;
const DOUBLE_CLICK = 400;

interface Pointed {
  readonly tile: number;
  readonly x: number;
  readonly y: number;
}

@customElement("heapatlas-heatmap")
export class HeatMapElement extends WidgetElement<"heatmap"> implements DetailReader, BarDeeds {
  static override styles = [tokens, stackStyle, tooltipStyle, mapStyle, heatMapStyle, detailStyle];

  @state() private chosenMetric: string | undefined;
  @state() private chosenScale: "linear" | "log" | undefined;
  @state() private zoom = 1;
  @state() private cursor: number | undefined;
  @state() private hover: Pointed | undefined;
  @state() private drag: { readonly from: number; readonly to: number } | undefined;
  @state() private size = { width: 0, height: 0 };
  @state() private scrolled = 0;
  /** WebGL2 until its context is lost once. */
  @state() private webGl = true;

  @query(".map") private map!: HTMLElement | null;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  private model: HeatMapModel | undefined;
  private layout: HeatMapLayout | undefined;
  private levels: Float32Array = new Float32Array();
  private version = 0;
  private ramp: readonly Rgb[] = sequential("light");
  private emptyTile = "";
  private painter: { readonly canvas: HTMLCanvasElement; readonly painter: TilePainter } | undefined;
  private pressed: number | undefined;
  private pressedAt = Number.NEGATIVE_INFINITY;
  private readonly resized = new ResizeObserver(() => this.measure());
  private themed: { dispose(): void } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    if (this.map !== null) this.resized.observe(this.map);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed?.dispose();
  }

  protected override firstUpdated(): void {
    if (this.map !== null) this.resized.observe(this.map);
    this.readTheme();
    this.measure();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const data = this.frame?.data;
    if (data === undefined) return;
    const before = changed.get("frame") as HeatMapElement["frame"];
    if (before?.data !== undefined && before.data.metric !== data.metric) this.chosenMetric = undefined;
    this.model = new HeatMapModel(data, this.frame?.legend, this.chosenMetric, this.chosenScale);
    if (changed.has("frame") || changed.has("size") || changed.has("zoom")) this.relayout(data.segments);
    if (changed.has("frame") || changed.has("chosenMetric") || changed.has("chosenScale")) {
      this.levels = this.layout === undefined ? new Float32Array() : this.model.levels(this.layout);
      this.version++;
    }
  }

  /** The cursor stays at its address when tiles move. */
  private relayout(segments: readonly Block["segment"][]): void {
    const address = this.cursor === undefined ? undefined : this.layout?.rangeOf(this.cursor)?.from;
    const gutter = this.size.width < 420 ? 84 : this.size.width < 600 ? 124 : 150;
    this.layout = HeatMapLayout.of(segments, { ...this.size, gutter, zoom: this.zoom });
    this.version++;
    this.cursor = address === undefined ? undefined : this.layout.tileOf(address);
    // The pointer stays where it is; another tile may have come under it.
    this.hover = this.hover && this.pointedAt(this.hover.x, this.hover.y);
  }

  protected override updated(): void {
    const scene = this.scene();
    const { canvas } = this;
    if (scene === undefined || canvas === null) return;
    if (this.painter?.canvas !== canvas) {
      this.painter = { canvas, painter: createPainter(canvas, this.webGl, () => (this.webGl = false)) };
    }
    canvas.style.width = `${scene.width}px`;
    canvas.style.height = `${scene.height}px`;
    this.painter.painter.paint(scene);
  }

  private measure(): void {
    if (this.map === null) return;
    const { clientWidth: width, clientHeight: height } = this.map;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  private readTheme(): void {
    const colours = canvasColours(this);
    this.ramp = sequential(colours.shade);
    this.emptyTile = colours.emptyTile;
    this.requestUpdate();
  }

  private scene(): TileScene | undefined {
    if (this.layout === undefined || this.size.width === 0 || this.size.height === 0) return undefined;
    return {
      layout: this.layout,
      levels: this.levels,
      version: this.version,
      ramp: this.ramp,
      emptyTile: this.emptyTile,
      scrollTop: this.scrolled,
      width: this.size.width,
      height: this.size.height,
      pixelRatio: window.devicePixelRatio,
    };
  }

  // ---- what the user does

  private pointedAt(x: number, y: number): Pointed | undefined {
    if (this.map === null) return undefined;
    const box = this.map.getBoundingClientRect();
    const tile = this.layout?.tileAt(x - box.left, y - box.top + this.map.scrollTop);
    return tile === undefined ? undefined : { tile, x, y };
  }

  private onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    // The first of two clicks may have made the map narrower: the second still means the tile that the first one met.
    const again = event.timeStamp - this.pressedAt < DOUBLE_CLICK;
    this.pressedAt = event.timeStamp;
    this.pressed = again ? undefined : this.pointedAt(event.clientX, event.clientY)?.tile;
    this.cursor = this.pressed ?? this.cursor;
  }

  private onPointerMove(event: PointerEvent): void {
    this.hover = this.pointedAt(event.clientX, event.clientY);
    const { pressed, hover } = this;
    if ((event.buttons & 1) === 0 || event.pointerType !== "mouse" || pressed === undefined || hover === undefined)
      return;
    // A range stays in the segment where it began: between two segments lies nothing to look at.
    const block = this.layout?.blockOf(pressed);
    if (block === undefined || (hover.tile === pressed && this.drag === undefined)) return;
    const end = Math.min(Math.max(hover.tile, block.first), block.first + block.count - 1);
    this.drag = { from: Math.min(pressed, end), to: Math.max(pressed, end) };
  }

  private onPointerUp(): void {
    const { drag, pressed } = this;
    this.pressed = undefined;
    this.drag = undefined;
    if (drag !== undefined && drag.from !== drag.to) this.drill(drag.from, drag.to);
    else if (pressed !== undefined) this.inspectTile(pressed);
  }

  private onPointerLeave(): void {
    this.hover = undefined;
    this.drag = undefined;
    this.pressed = undefined;
  }

  private onScroll(): void {
    this.scrolled = this.map?.scrollTop ?? 0;
    this.hover = this.hover && this.pointedAt(this.hover.x, this.hover.y);
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoomBy(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
  }

  private zoomBy(factor: number): void {
    this.zoom = Math.min(MAX_ZOOM, Math.max(1, this.zoom * factor));
  }

  private openMenu(event: Event, tile: number | undefined, x: number, y: number): void {
    const range = tile === undefined ? undefined : this.layout?.rangeOf(tile);
    if (tile === undefined || range === undefined) return;
    this.cursor = tile;
    this.menu(
      event,
      tileMenu(range, x, y, (text) => this.copyText(text, text)),
    );
  }

  private onMenuKey(event: KeyboardEvent): void {
    const corner = this.cursor === undefined ? undefined : this.layout?.cornerOf(this.cursor);
    const box = this.map?.getBoundingClientRect();
    if (corner === undefined || box === undefined) return;
    this.openMenu(event, this.cursor, box.left + corner.x + 8, box.top + corner.y - (this.map?.scrollTop ?? 0) + 8);
  }

  private onKeyDown(event: KeyboardEvent): void {
    const { layout } = this;
    if (isMenuKey(event)) this.onMenuKey(event);
    if (layout === undefined || layout.tiles === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) this.moveTo(this.cursor === undefined ? 0 : layout.neighbour(this.cursor, arrow));
    else if (event.key === "Home") this.moveTo(0);
    else if (event.key === "End") this.moveTo(layout.tiles - 1);
    else if (event.key === "Enter" && this.cursor !== undefined) this.drill(this.cursor, this.cursor);
    else if (event.key === " " && this.cursor !== undefined) this.inspectTile(this.cursor);
    else if (event.key === "Escape" && this.frame?.data?.detail !== undefined) this.inspect("");
    else if (event.key === "Backspace") this.back();
    else if (event.key === "+" || event.key === "=") this.zoomBy(ZOOM_STEP);
    else if (event.key === "-") this.zoomBy(1 / ZOOM_STEP);
    else if (event.key === "m") this.nextMetric();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveTo(tile: number): void {
    this.cursor = tile;
    this.hover = undefined;
    const corner = this.layout?.cornerOf(tile);
    if (corner === undefined || this.map === null) return;
    const [top, bottom] = [this.map.scrollTop, this.map.scrollTop + this.map.clientHeight];
    if (corner.y < top) this.map.scrollTop = corner.y - 4;
    else if (corner.y + (this.layout?.cellHeight ?? 0) > bottom)
      this.map.scrollTop = corner.y + 24 - this.map.clientHeight;
  }

  private inspectTile(tile: number): void {
    const range = this.layout?.rangeOf(tile);
    if (range !== undefined && this.offers("inspect"))
      this.act({ action: "inspect", arguments: { from: toWire(range.from), to: toWire(range.to) } });
  }

  /** A part of what was inspected, by its address; nothing closes the details. */
  inspect(target: string): void {
    this.act({ action: "inspect", target });
    if (target === "") this.map?.focus();
  }

  drillInto(from: string, to: string): void {
    this.act({ action: "drill", target: from, arguments: { from, to } });
  }

  private offers(action: string): boolean {
    return this.frame?.actions.some(({ id }) => id === action) === true;
  }

  /** From one tile up to and with another of the same segment. */
  private drill(first: number, last: number): void {
    const [from, to] = [this.layout?.rangeOf(first), this.layout?.rangeOf(last)];
    if (from === undefined || to === undefined) return;
    this.drillInto(toWire(from.from), toWire(to.to));
  }

  private drillBlock(block: Block): void {
    if (block.count > 0) this.drill(block.first, block.first + block.count - 1);
  }

  private back(): void {
    const crumb = this.frame?.breadcrumbs.at(-2);
    if (crumb !== undefined) this.act({ action: "back", target: crumb.target });
  }

  chooseMetric(id: string): void {
    this.chosenMetric = id;
    this.act({ action: "metric", target: id, arguments: { metric: id } });
  }

  switchScale(): void {
    this.chosenScale = this.model?.scale.scale === "log" ? "linear" : "log";
  }

  private nextMetric(): void {
    const metrics = this.frame?.data?.metrics ?? [];
    const at = metrics.findIndex((metric) => metric.id === this.model?.metric?.id);
    const next = metrics[(at + 1) % metrics.length];
    if (next !== undefined) this.chooseMetric(next.id);
  }

  larger(): void {
    this.zoomBy(ZOOM_STEP);
  }

  smaller(): void {
    this.zoomBy(1 / ZOOM_STEP);
  }

  /** All tiles, not only those in sight. */
  override picture(): Promise<Blob> | undefined {
    const scene = this.scene();
    if (scene === undefined || this.model === undefined) return undefined;
    return pictureOf(this, this.frame?.title ?? "", this.model, scene);
  }

  override asText(): string {
    const { model, layout } = this;
    return model === undefined || layout === undefined ? "" : model.csv(layout);
  }

  // ---- what is shown

  protected override render(): TemplateResult | typeof nothing {
    const { model, layout } = this;
    if (model === undefined || layout === undefined) return html`<div class="map"></div>`;
    const cursorWords = this.cursor === undefined ? undefined : model.describe(layout, this.cursor);
    const words = cursorWords === undefined ? "" : sentenceOf(cursorWords);
    return html`
      ${bar(model, this.legendLook(), this)}
      <div class="views">
        <div
          class="map"
          tabindex="0"
          role="application"
          aria-roledescription="heat map"
          aria-label="${this.frame?.title ?? "Heat map"}: ${layout.tiles} tiles in ${layout.blocks.length} segments. Arrow keys move, Enter looks closer, Space says what is there, Backspace goes back."
          aria-describedby="status"
          @pointerdown=${(event: PointerEvent) => this.onPointerDown(event)}
          @pointermove=${(event: PointerEvent) => this.onPointerMove(event)}
          @pointerup=${() => this.onPointerUp()}
          @pointerleave=${() => this.onPointerLeave()}
          @dblclick=${() => this.cursor !== undefined && this.drill(this.cursor, this.cursor)}
          @wheel=${{ handleEvent: (event: WheelEvent) => this.onWheel(event), passive: false }}
          @contextmenu=${(event: MouseEvent) =>
            this.openMenu(event, this.pointedAt(event.clientX, event.clientY)?.tile, event.clientX, event.clientY)}
          @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
          @scroll=${() => this.onScroll()}
        >
          <div class="space" style=${styleMap({ height: `${Math.max(layout.height, this.size.height)}px` })}>
            ${keyed(this.webGl, html`<canvas></canvas>`)}
            ${layout.blocks.map((block) => [gap(block, layout), label(block, layout.gutter, () => this.drillBlock(block))])}
            ${selectionMarks(layout, this.frame?.selection)}
            ${this.drag === undefined ? nothing : runMarks(layout, this.drag, "drag")}
            ${tileMark(layout, this.hover?.tile, "hover")} ${tileMark(layout, this.cursor, "cursor")}
          </div>
        </div>
        ${model.data.detail === undefined ? nothing : detailPanel(this, model.data.detail)}
      </div>
      <div class="foot">
        <div class="status" id="status" role="status" aria-live="polite">
          ${words === "" ? "Click or Space says what is there; double-click, Enter or drag looks closer; Backspace goes back." : words}
        </div>
        ${tools(this.zoom <= 1, this)}
      </div>
      ${this.renderTooltip()}
    `;
  }

  private legendLook(): LegendLook {
    return {
      ramp: this.ramp,
      emptyTile: this.emptyTile,
      unmapped: HeatMapModel.hasUnmapped(this.levels),
    };
  }

  private renderTooltip(): TemplateResult | typeof nothing {
    const { hover, layout, model } = this;
    const words = hover && layout && model?.describe(layout, hover.tile);
    return hover === undefined || words === undefined ? nothing : tooltip(words, hover);
  }
}
registerRenderer("heatmap", "heapatlas-heatmap");
