// The graph: nodes in layers from left to right and the edges between them, which can be moved and enlarged. Main entry:
// <heapatlas-graph>, registered for 'graph'. Set up by widget-host.ts. Places are graph-layout.ts, the part in sight
// graph-camera.ts, meaning graph-model.ts, shapes graph-picture.ts; this file joins them to the pointer and the keyboard.
import { html, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import { isMenuKey } from "./context-menu.ts";
import { Camera } from "./graph-camera.ts";
import { layoutGraph, NODE, shapeOf, type GraphLayout, type Point } from "./graph-layout.ts";
import { GraphModel, type Direction } from "./graph-model.ts";
import { graphPicture } from "./graph-picture.ts";
import { graphStyle } from "./graph-style.ts";
import { graphTable } from "./graph-table.ts";
import { nodeStyle } from "./node-style.ts";
import { nodeTooltip, nodeTooltipStyle } from "./node-tooltip.ts";
import { categorical } from "./palette.ts";
import { registerRenderer } from "./registry.ts";
import { sourceLink, stackStyle } from "./stack-lines.ts";
import { canvasColours, tokens, watchTheme } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";
import { tooltipStyle } from "./tooltip-box.ts";

const STEPS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const MOVES: Readonly<Record<Direction, Point>> = {
  left: { x: 60, y: 0 },
  right: { x: -60, y: 0 },
  up: { x: 0, y: 60 },
  down: { x: 0, y: -60 },
};
const ZOOM_STEP = 1.25;
const WHEEL_RATE = 0.0015;
/** A pointer that moved less has clicked. */
const LEAST_DRAG = 4;

interface Hover extends Point {
  readonly id: string;
}

@customElement("heapatlas-graph")
export class GraphElement extends WidgetElement<"graph"> {
  static override styles = [tokens, stackStyle, nodeStyle, graphStyle, tooltipStyle, nodeTooltipStyle];

  @state() private cursor = "";
  @state() private hover: Hover | undefined;
  @state() private camera: Camera | undefined;
  @state() private shade: "dark" | "light" = "light";
  @state() private dragged = false;

  @query(".graph") private place!: HTMLElement | null;

  private model: GraphModel | undefined;
  private layout: GraphLayout | undefined;
  private shape = "";
  /** What was moved or enlarged stays so until other nodes come. */
  private touched = false;
  private pressed: { readonly at: Point; readonly camera: Camera } | undefined;
  private readonly resized = new ResizeObserver(() => this.touched || this.begin());
  private themed: { dispose(): void } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    if (this.place !== null) this.resized.observe(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed?.dispose();
  }

  protected override firstUpdated(): void {
    if (this.place !== null) this.resized.observe(this.place);
    this.readTheme();
  }

  private readTheme(): void {
    this.shade = canvasColours(this).shade;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const data = this.frame?.data;
    if (!changed.has("frame") || data === undefined) return;
    this.model = new GraphModel(data);
    const before = changed.get("frame") as GraphElement["frame"];
    const selected = this.frame?.selection?.site ?? "";
    if (selected !== "" && selected !== before?.selection?.site) this.cursor = selected;
    if (this.model.node(this.cursor) === undefined) this.cursor = data.nodes[0]?.id ?? "";
    if (this.hover !== undefined && this.model.node(this.hover.id) === undefined) this.hover = undefined;
    const shape = shapeOf(data);
    if (shape === this.shape) return;
    this.shape = shape;
    this.layout = layoutGraph(data);
    this.touched = false;
    this.begin();
  }

  private get room(): { readonly width: number; readonly height: number } {
    return { width: this.place?.clientWidth ?? 0, height: this.place?.clientHeight ?? 0 };
  }

  private fit(): void {
    if (this.layout !== undefined && this.room.width > 0) this.camera = Camera.fit(this.layout, this.room);
  }

  private begin(): void {
    const { layout, room } = this;
    if (layout === undefined || room.width === 0) return;
    this.camera = Camera.begin(layout, room, layout.nodes.get(this.cursor) ?? { x: 0, y: 0 });
  }

  private look(camera: Camera | undefined): void {
    if (camera === undefined) return;
    this.camera = camera;
    this.touched = true;
  }

  private zoomBy(factor: number, at?: Point): void {
    const { width, height } = this.room;
    this.look(this.camera?.zoomed(factor, at ?? { x: width / 2, y: height / 2 }));
  }

  private fitAgain(): void {
    this.touched = true;
    this.fit();
  }

  private inside(event: MouseEvent): Point {
    const box = this.place?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  /** Only of a graph that is in use: a page that is scrolled past it goes on scrolling. */
  private onWheel(event: WheelEvent): void {
    const used = event.ctrlKey || event.metaKey || this.renderRoot.querySelector(".graph:focus") !== null;
    if (!used) return;
    event.preventDefault();
    this.zoomBy(Math.exp(-event.deltaY * WHEEL_RATE), this.inside(event));
  }

  private onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || this.camera === undefined) return;
    this.pressed = { at: { x: event.clientX, y: event.clientY }, camera: this.camera };
    this.place?.setPointerCapture(event.pointerId);
  }

  private onPointerMove(event: PointerEvent): void {
    const { pressed } = this;
    if (pressed === undefined) {
      const id = nodeOf(event);
      this.hover = id === undefined ? undefined : { id, x: event.clientX, y: event.clientY };
      return;
    }
    const [x, y] = [event.clientX - pressed.at.x, event.clientY - pressed.at.y];
    if (!this.dragged && Math.hypot(x, y) < LEAST_DRAG) return;
    this.dragged = true;
    this.hover = undefined;
    this.look(pressed.camera.moved(x, y));
  }

  private onPointerUp(event: PointerEvent): void {
    const clicked = this.pressed !== undefined && !this.dragged;
    this.endDrag();
    const id = clicked ? this.nodeUnder(event) : undefined;
    if (id === undefined) return;
    this.cursor = id;
    if (event.ctrlKey || event.metaKey) this.openSourceOf(id);
  }

  private endDrag(): void {
    this.pressed = undefined;
    this.dragged = false;
  }

  private onDoubleClick(event: MouseEvent): void {
    const id = this.nodeUnder(event);
    if (id !== undefined) this.enter(id);
  }

  /** The pointer is captured, so that the event does not say it. */
  private nodeUnder({ clientX, clientY }: MouseEvent): string | undefined {
    const under = this.shadowRoot?.elementFromPoint(clientX, clientY)?.closest("[data-node]");
    return under?.getAttribute("data-node") ?? undefined;
  }

  private openMenu(event: Event, id: string | undefined, x: number, y: number): void {
    const node = id === undefined ? undefined : this.model?.node(id);
    if (id === undefined || node === undefined) return;
    this.cursor = id;
    this.menu(event, {
      on: "node",
      x,
      y,
      act: (action) => ({ action, target: id }),
      more: [
        ...(node.path === "" ? [] : [{ title: "Open Source", run: () => this.openSource(node.path, node.line) }]),
        { title: "Copy Name", run: () => this.copyText(node.title, node.title) },
      ],
    });
  }

  private onMenuKey(event: KeyboardEvent): void {
    const box = this.shadowRoot?.querySelector(`[data-node="${CSS.escape(this.cursor)}"]`)?.getBoundingClientRect();
    if (box !== undefined) this.openMenu(event, this.cursor, box.left + 8, box.bottom);
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (isMenuKey(event)) {
      this.onMenuKey(event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || this.layout === undefined) return;
    const step = STEPS[event.key];
    if (step !== undefined && event.shiftKey) this.look(this.camera?.moved(MOVES[step].x, MOVES[step].y));
    else if (step !== undefined) this.moveTo(this.model?.step(this.cursor, step, this.layout) ?? this.cursor);
    else if (event.key === "+" || event.key === "=") this.zoomBy(ZOOM_STEP);
    else if (event.key === "-") this.zoomBy(1 / ZOOM_STEP);
    else if (event.key === "0") this.fitAgain();
    else if (event.key === "Enter") this.enter(this.cursor);
    else if (event.key === "o") this.openSourceOf(this.cursor);
    else if (!((event.key === "Backspace" || event.key === "Escape") && this.goBack())) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveTo(id: string): void {
    this.cursor = id;
    const point = this.layout?.nodes.get(id);
    if (point === undefined || this.camera === undefined) return;
    const shown = this.camera.showing(point, NODE, this.room);
    if (shown.x !== this.camera.x || shown.y !== this.camera.y) this.look(shown);
  }

  /** Nodes lead further where the frame says so. */
  private enter(id: string): void {
    if (this.frame?.actions.some((action) => action.id === "drill" && action.on === "node") === true) {
      this.act({ action: "drill", target: id });
    }
  }

  private goBack(): boolean {
    const before = this.frame?.breadcrumbs.at(-2);
    if (before === undefined) return false;
    this.act({ action: "back", target: before.target });
    return true;
  }

  private openSourceOf(id: string): void {
    const node = this.model?.node(id);
    if (node === undefined || node.path === "") this.notice("No source line is known of this node.");
    else this.openSource(node.path, node.line);
  }

  private fill(colour: number | undefined): string {
    return colour === undefined ? "var(--ha-muted)" : categorical(colour, this.shade);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model, layout, frame } = this;
    if (model === undefined || layout === undefined) return nothing;
    const title = frame?.title ?? "Graph";
    const words = this.hover && model.words(this.hover.id);
    return html`
      <div class="bar">${this.renderLegend(model)} ${this.renderTools()}</div>
      <div
        class="graph ${this.dragged ? "dragged" : ""}"
        role="application"
        aria-roledescription="graph"
        tabindex="0"
        aria-label="${title}: ${model.data.nodes.length} nodes, ${model.data.edges.length} edges. Arrow keys move along edges and layers, plus and minus enlarge, 0 fits, Enter leads further. A table with the same follows."
        @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
        @wheel=${{ handleEvent: (event: WheelEvent) => this.onWheel(event), passive: false }}
        @pointerdown=${(event: PointerEvent) => this.onPointerDown(event)}
        @pointermove=${(event: PointerEvent) => this.onPointerMove(event)}
        @pointerup=${(event: PointerEvent) => this.onPointerUp(event)}
        @pointercancel=${() => this.endDrag()}
        @pointerleave=${() => (this.hover = undefined)}
        @contextmenu=${(event: MouseEvent) => this.openMenu(event, this.nodeUnder(event), event.clientX, event.clientY)}
        @dblclick=${(event: MouseEvent) => this.onDoubleClick(event)}
      >
        ${model.data.nodes.length === 0 ? html`<div class="nothing">There is nothing to show now.</div>` : this.renderPicture(model, layout)}
      </div>
      ${graphTable(model, title)} ${this.renderFoot(model)}
      ${this.hover === undefined || words === undefined ? nothing : nodeTooltip(words, this.hover)}
    `;
  }

  private renderPicture(model: GraphModel, layout: GraphLayout): TemplateResult {
    const shapes = graphPicture(model, layout, {
      cursor: this.cursor,
      selected: this.frame?.selection?.site ?? "",
      fill: (colour) => this.fill(colour),
    });
    return html`<svg aria-hidden="true">${svg`<g transform=${this.camera?.transform ?? ""}>${shapes}</g>`}</svg>`;
  }

  private renderLegend(model: GraphModel): TemplateResult {
    const others = model.data.nodes.some((node) => node.kind !== "" && model.colourOf(node) === undefined);
    const entry = (colour: number | undefined, words: string): TemplateResult =>
      html`<span><span class="swatch" style=${styleMap({ background: this.fill(colour) })}></span>${words}</span>`;
    return html`${model.kinds.map((kind, at) => entry(at, kind))} ${others ? entry(undefined, "others") : nothing}`;
  }

  private renderTools(): TemplateResult {
    return html`<span class="tools">
      <button class="quiet" title="Smaller (−)" aria-label="Smaller" @click=${() => this.zoomBy(1 / ZOOM_STEP)}>
        −
      </button>
      <button class="quiet" title="Larger (+)" aria-label="Larger" @click=${() => this.zoomBy(ZOOM_STEP)}>+</button>
      <button class="quiet" title="All of it (0)" @click=${() => this.fitAgain()}>Fit</button>
    </span>`;
  }

  private renderFoot(model: GraphModel): TemplateResult {
    const node = model.node(this.cursor);
    return html`<div class="foot">
      <span class="status" role="status">${model.sentence(this.cursor)}</span>
      ${node === undefined || node.path === "" ? nothing : sourceLink(this, node.path, node.line)}
      <span class="rest" title=${model.data.rest}>${model.data.rest}</span>
    </div>`;
  }
}
registerRenderer("graph", "heapatlas-graph");

function nodeOf(event: Event): string | undefined {
  const target = event.composedPath()[0];
  return target instanceof Element
    ? (target.closest("[data-node]")?.getAttribute("data-node") ?? undefined)
    : undefined;
}
