// The flame graph: call stacks as rows of boxes, callers on top, as wide as what they hold. Main entry:
// <heapatlas-flame-graph>, registered for 'flameGraph'. Set up by widget-host.ts. Geometry is flame-graph-model.ts, pixels
// flame-graph-painter.ts, words flame-graph-words.ts; this file joins them to the pointer and the keyboard. The server
// zooms: it then knows what was too thin before.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import { isMenuKey } from "./context-menu.ts";
import { GroupColours, type Group, type Grouping } from "./flame-graph-colours.ts";
import { FlameModel, type Found } from "./flame-graph-model.ts";
import { paintFlames, ROW_HEIGHT, type FlameScene } from "./flame-graph-painter.ts";
import { flameGraphStyle } from "./flame-graph-style.ts";
import { itemId, treeItems } from "./flame-graph-tree.ts";
import { foundSentence, nodeWords, sentenceOf } from "./flame-graph-words.ts";
import { nodeStyle } from "./node-style.ts";
import { nodeTooltip, nodeTooltipStyle } from "./node-tooltip.ts";
import { blend, categorical, parseHexColour, toCss } from "./palette.ts";
import { registerRenderer } from "./registry.ts";
import { sourceLink, stackStyle } from "./stack-lines.ts";
import { canvasColours, tokens, watchTheme, type CanvasColours } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";
import { tooltipStyle } from "./tooltip-box.ts";

const STEPS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
/** How much of a colour is laid over the ground, so that names can be read on it. */
const TINT = 0.4;
const NO_HUE = 0.14;
const LEGEND_GROUPS = 6;
const FONT_SIZE = 11;

interface Pointed {
  readonly node: number;
  readonly x: number;
  readonly y: number;
}

@customElement("heapatlas-flame-graph")
export class FlameGraphElement extends WidgetElement<"flameGraph"> {
  static override styles = [tokens, stackStyle, nodeStyle, flameGraphStyle, tooltipStyle, nodeTooltipStyle];

  @state() private cursor = 0;
  @state() private hover: Pointed | undefined;
  @state() private wanted = "";
  @state() private grouping: Grouping = "module";
  @state() private size = { width: 0, height: 0 };
  @state() private scrolled = 0;
  @state() private themes = 0;

  @query(".flames") private flames!: HTMLElement | null;
  @query("canvas") private canvas!: HTMLCanvasElement | null;
  @query("input") private searchBox!: HTMLInputElement | null;

  private model: FlameModel | undefined;
  private found: Found | undefined;
  private colours = new GroupColours("module");
  private groups: readonly Group[] = [];
  private place = "";
  private theme: CanvasColours | undefined;
  private readonly forced = matchMedia("(forced-colors: active)");
  private readonly resized = new ResizeObserver(() => this.measure());
  private themed: { dispose(): void } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    if (this.flames !== null) this.resized.observe(this.flames);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed?.dispose();
  }

  protected override firstUpdated(): void {
    if (this.flames !== null) this.resized.observe(this.flames);
    this.readTheme();
    this.measure();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const data = this.frame?.data;
    if (data === undefined) return;
    if (changed.has("frame")) this.takeModel(new FlameModel(data));
    if (changed.has("grouping")) this.colours = new GroupColours(this.grouping);
    if (this.model === undefined) return;
    if (changed.has("frame") || changed.has("grouping")) this.groups = this.colours.assign(this.model);
    if (changed.has("frame") || changed.has("wanted")) this.found = this.model.search(this.wanted);
  }

  /** The cursor stays at its function; after going back it stands at what was zoomed into before. */
  private takeModel(model: FlameModel): void {
    const place = this.frame?.breadcrumbs.slice(1).at(-1)?.target ?? "";
    const before = this.model?.target(this.cursor) ?? "";
    if (place === this.place) this.cursor = model.find(before);
    else this.cursor = this.place.startsWith(place) ? model.find(this.place.slice(place.length).replace(/^\./, "")) : 0;
    if (place !== this.place && this.flames !== null) this.flames.scrollTop = 0;
    this.place = place;
    this.model = model;
    this.hover = this.hover && this.pointedAt(this.hover.x, this.hover.y);
  }

  protected override updated(): void {
    const scene = this.scene();
    if (scene !== undefined && this.canvas !== null) paintFlames(this.canvas, scene);
  }

  override asText(): string {
    return this.model?.csv() ?? "";
  }

  private measure(): void {
    if (this.flames === null) return;
    const { clientWidth: width, clientHeight: height } = this.flames;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  private readTheme(): void {
    this.theme = canvasColours(this);
    this.themes++;
  }

  private tint(colour: number | undefined): string {
    const { theme } = this;
    if (theme === undefined) return "transparent";
    const [ground, text] = [theme.groundRgb, theme.textRgb];
    if (colour === undefined) return toCss(blend(text, ground, NO_HUE));
    return toCss(blend(parseHexColour(categorical(colour, theme.shade)), ground, TINT));
  }

  private scene(): FlameScene | undefined {
    const { model, theme, size } = this;
    if (model === undefined || theme === undefined || size.width === 0) return undefined;
    return {
      model,
      ...size,
      scrollTop: this.scrolled,
      pixelRatio: window.devicePixelRatio,
      fills: model.data.functions.map((f) => this.tint(this.colours.numberOf(f))),
      foldedFill: this.tint(undefined),
      ground: theme.ground,
      text: theme.text,
      outline: this.forced.matches ? theme.border : undefined,
      font: `${FONT_SIZE}px ${getComputedStyle(this).getPropertyValue("--ha-mono")}`,
      marked: this.found?.nodes,
      cursor: this.cursor,
      hover: this.hover?.node,
    };
  }

  private pointedAt(x: number, y: number): Pointed | undefined {
    const box = this.canvas?.getBoundingClientRect();
    if (this.model === undefined || box === undefined || box.width === 0) return undefined;
    const value = ((x - box.left) / box.width) * this.model.width;
    const depth = Math.floor((y - box.top + this.scrolled) / ROW_HEIGHT);
    const node = this.model.nodeAt(value, depth);
    return node === undefined ? undefined : { node, x, y };
  }

  private onClick(event: MouseEvent): void {
    const node = this.pointedAt(event.clientX, event.clientY)?.node;
    if (node === undefined) return;
    this.cursor = node;
    if (event.ctrlKey || event.metaKey) this.openSourceOf(node);
    else this.zoom(node);
  }

  private zoom(node: number): void {
    const target = this.model?.target(node) ?? "";
    if (target === "") this.goBack();
    else this.act({ action: "drill", target });
  }

  /** One step back, unless all is shown. */
  private goBack(): boolean {
    const before = this.frame?.breadcrumbs.at(-2);
    if (before === undefined) return false;
    this.act({ action: "back", target: before.target });
    return true;
  }

  private openSourceOf(node: number): void {
    const f = this.model?.functionOf(node);
    if (f === undefined || f.path === "") this.notice("No source line is known of this function.");
    else this.openSource(f.path, f.line);
  }

  private openMenu(event: Event, node: number | undefined, x: number, y: number): void {
    const { model } = this;
    if (node === undefined || model === undefined) return;
    this.cursor = node;
    const f = model.functionOf(node);
    this.menu(event, {
      on: "node",
      x,
      y,
      act: (action) => ({ action, target: model.target(node) }),
      more: [
        ...(f === undefined || f.path === ""
          ? []
          : [{ title: "Open Source", run: () => this.openSource(f.path, f.line) }]),
        ...(f === undefined ? [] : [{ title: "Copy Name", run: () => this.copyText(f.name, f.name) }]),
      ],
    });
  }

  private onMenuKey(event: KeyboardEvent): void {
    const box = this.canvas?.getBoundingClientRect();
    if (box === undefined || this.model === undefined) return;
    const top = (this.model.depth(this.cursor) + 1) * ROW_HEIGHT - this.scrolled;
    this.openMenu(event, this.cursor, box.left + 16, box.top + top);
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (isMenuKey(event)) {
      this.onMenuKey(event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || this.model === undefined) return;
    const step = STEPS[event.key];
    if (step !== undefined) this.moveTo(this.model.step(this.cursor, step));
    else if (event.key === "Home") this.moveTo(0);
    else if (event.key === "Enter") this.zoom(this.cursor);
    else if (event.key === "o") this.openSourceOf(this.cursor);
    else if (event.key === "Escape" && this.wanted !== "") this.clearSearch();
    else if (!((event.key === "Backspace" || event.key === "Escape") && this.goBack())) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveTo(node: number): void {
    this.cursor = node;
    const { flames, model } = this;
    if (flames === null || model === undefined) return;
    const top = model.depth(node) * ROW_HEIGHT;
    if (top < flames.scrollTop) flames.scrollTop = top;
    else if (top + ROW_HEIGHT > flames.scrollTop + flames.clientHeight) {
      flames.scrollTop = top + ROW_HEIGHT - flames.clientHeight;
    }
  }

  private onSearchKey(event: KeyboardEvent): void {
    // An input method's keys choose a character.
    if (event.isComposing) return;
    if (event.key === "Enter") this.moveToFound(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && this.wanted !== "") this.clearSearch();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveToFound(step: 1 | -1): void {
    const nodes = [...(this.found?.nodes ?? [])];
    const next = step === 1 ? nodes.find((node) => node > this.cursor) : nodes.findLast((node) => node < this.cursor);
    const node = next ?? nodes.at(step === 1 ? 0 : -1);
    if (node !== undefined) this.moveTo(node);
  }

  private clearSearch(): void {
    this.wanted = "";
    if (this.searchBox !== null) this.searchBox.value = "";
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === undefined) return nothing;
    return html`
      <div class="bar">${this.renderMetrics(model)} ${this.renderGrouping()} ${this.renderSearch(model)}</div>
      <div class="legend" role="group" aria-label="Colours">${this.renderLegend()}</div>
      <div
        class="flames"
        role="tree"
        tabindex="0"
        aria-label="${this.frame?.title ?? "Flame graph"}, widths by ${model.metric.title}. Arrow keys move, Enter zooms in, Backspace goes back, o opens the source."
        aria-activedescendant=${itemId(this.cursor)}
        @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
        @click=${(event: MouseEvent) => this.onClick(event)}
        @contextmenu=${(event: MouseEvent) =>
          this.openMenu(event, this.pointedAt(event.clientX, event.clientY)?.node, event.clientX, event.clientY)}
        @pointermove=${(event: PointerEvent) => (this.hover = this.pointedAt(event.clientX, event.clientY))}
        @pointerleave=${() => (this.hover = undefined)}
        @scroll=${() => (this.scrolled = this.flames?.scrollTop ?? 0)}
      >
        <div class="space" style=${styleMap({ height: `${model.rows.length * ROW_HEIGHT}px` })}>
          <canvas aria-hidden="true"></canvas>
        </div>
        <div class="visually-hidden" role="group">${treeItems(model, this.cursor)}</div>
      </div>
      ${this.renderFoot(model)}
      ${this.hover === undefined ? nothing : nodeTooltip(nodeWords(model, this.hover.node), this.hover)}
    `;
  }

  private renderMetrics(model: FlameModel): TemplateResult {
    return html`<span class="switch" role="group" aria-label="Widths by">
      ${model.data.metrics.map(
        ({ id, title }) =>
          html`<button
            aria-pressed=${id === model.data.metric}
            @click=${() => this.act({ action: "metric", target: id })}
          >
            ${title}
          </button>`,
      )}
    </span>`;
  }

  private renderGrouping(): TemplateResult {
    return html`<label
      >Colour by
      <select @change=${(event: Event) => (this.grouping = (event.target as HTMLSelectElement).value as Grouping)}>
        <option value="module">module</option>
        <option value="package">package</option>
      </select></label
    >`;
  }

  private renderSearch(model: FlameModel): TemplateResult {
    return html`<span class="search">
      <input
        type="search"
        placeholder="Search functions"
        aria-label="Search functions"
        @input=${(event: InputEvent) => (this.wanted = (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.onSearchKey(event)}
      />
      <span class="found" role="status">${this.found === undefined ? "" : foundSentence(model, this.found)}</span>
    </span>`;
  }

  private renderLegend(): TemplateResult {
    const shown = this.groups.filter(({ colour }) => colour !== undefined).slice(0, LEGEND_GROUPS);
    const others = this.groups.length - shown.length;
    const entry = (colour: number | undefined, words: string): TemplateResult =>
      html`<span><span class="swatch" style=${styleMap({ background: this.tint(colour) })}></span>${words}</span>`;
    return html`${shown.map(({ name, colour }) => entry(colour, name))}
    ${others > 0 ? entry(undefined, `${others} more`) : nothing}`;
  }

  private renderFoot(model: FlameModel): TemplateResult {
    const node = this.hover?.node ?? this.cursor;
    const f = model.functionOf(node);
    return html`<div class="foot">
      <span class="status">${model.width > 0 ? sentenceOf(model, node) : "Nothing is held here now."}</span>
      ${f === undefined || f.path === "" ? nothing : sourceLink(this, f.path, f.line)}
    </div>`;
  }
}
registerRenderer("flameGraph", "heapatlas-flame-graph");
