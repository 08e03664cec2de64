// The heat map: tiles of the address space coloured by a metric. Main entry: <heapatlas-heatmap>, registered for
// 'heatmap'. Set up by widget-host.ts. Geometry is heatmap-layout.ts, meaning heatmap-model.ts, pixels tile-painter.ts;
// this file joins them to the pointer and the keyboard.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import { AddressRange, isWireAddress, toWire } from "./address.ts";
import { formatBytes } from "./format.ts";
import { HeatMapLayout, type Block } from "./heatmap-layout.ts";
import { legend } from "./heatmap-legend.ts";
import { HeatMapModel, sentenceOf } from "./heatmap-model.ts";
import { pictureOf } from "./heatmap-picture.ts";
import { heatMapStyle } from "./heatmap-style.ts";
import { sequential, type Rgb } from "./palette.ts";
import { registerRenderer } from "./registry.ts";
import { colourOf, groundOf, tokens } from "./theme.ts";
import { createPainter, type TilePainter, type TileScene } from "./tile-painter.ts";
import { reason, WidgetElement } from "./widget-element.ts";

const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const DRAG_DISTANCE = 5;

interface Pointed {
  readonly tile: number;
  readonly x: number;
  readonly y: number;
}

@customElement("heapatlas-heatmap")
export class HeatMapElement extends WidgetElement<"heatmap"> {
  static override styles = [tokens, heatMapStyle];

  @state() private chosenMetric: string | undefined;
  @state() private zoom = 1;
  @state() private cursor: number | undefined;
  @state() private hover: Pointed | undefined;
  @state() private drag: { readonly from: number; readonly to: number } | undefined;
  @state() private size = { width: 0, height: 0 };
  @state() private scrollTop = 0;

  @query(".map") private map!: HTMLElement;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  private model: HeatMapModel | undefined;
  private layout: HeatMapLayout | undefined;
  private levels = new Float32Array();
  private version = 0;
  private ramp: readonly Rgb[] = [];
  private emptyTile = "";
  private painter: { readonly canvas: HTMLCanvasElement; readonly painter: TilePainter } | undefined;
  private press: Pointed | undefined;
  private readonly resized = new ResizeObserver(() => this.measure());
  private readonly themed = new MutationObserver(() => this.readTheme());

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed.disconnect();
    this.painter?.painter.dispose();
    this.painter = undefined;
  }

  protected override firstUpdated(): void {
    this.resized.observe(this.map);
    this.readTheme();
    this.measure();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const data = this.frame?.data;
    if (data === undefined) return;
    const before = changed.get("frame") as HeatMapElement["frame"];
    if (before?.data !== undefined && before.data.metric !== data.metric) this.chosenMetric = undefined;
    this.model = new HeatMapModel(data, this.frame?.legend, this.chosenMetric);
    if (changed.has("frame") || changed.has("size") || changed.has("zoom") || this.layout === undefined) {
      this.relayout(data.segments, before);
    }
    if (changed.has("frame") || changed.has("chosenMetric")) {
      this.levels = this.model.levels() as Float32Array<ArrayBuffer>;
      this.version++;
    }
  }

  /** The cursor stays at its address when tiles move. */
  private relayout(segments: HeatMapLayout["blocks"][number]["segment"][], before: HeatMapElement["frame"]): void;
  private relayout(segments: readonly Block["segment"][], before: HeatMapElement["frame"]): void {
    const address = this.cursor === undefined ? undefined : this.layout?.rangeOf(this.cursor)?.from;
    const gutter = this.size.width < 480 ? 84 : 150;
    this.layout = HeatMapLayout.of(segments, { ...this.size, gutter, zoom: this.zoom });
    this.version++;
    if (before !== undefined || address !== undefined) {
      this.cursor = address === undefined ? undefined : this.layout.tileOf(address);
    }
  }

  protected override updated(): void {
    this.paint();
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.map;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  private readTheme(): void {
    this.ramp = sequential(groundOf(this));
    const text = colourOf(this, "--ha-text");
    const ground = colourOf(this, "--ha-ground");
    const [from, to] = [/[\d.]+/g, /[\d.]+/g].map((digits, i) => (i === 0 ? ground : text).match(digits)?.map(Number) ?? []);
    const mixed = [0, 1, 2].map((i) => Math.round((from?.[i] ?? 255) * 0.92 + (to?.[i] ?? 0) * 0.08));
    this.emptyTile = `rgb(${mixed.join(" ")})`;
    this.style.setProperty("--heapatlas-empty-tile", this.emptyTile);
    this.requestUpdate();
  }

  private scene(): TileScene | undefined {
    if (this.layout === undefined || this.size.width === 0) return undefined;
    return {
      layout: this.layout,
      levels: this.levels,
      version: this.version,
      ramp: this.ramp,
      emptyTile: this.emptyTile,
      scrollTop: this.scrollTop,
      width: this.size.width,
      height: Math.min(this.size.height, Math.max(this.layout.height, 1)),
      pixelRatio: window.devicePixelRatio,
    };
  }

  private paint(): void {
    const scene = this.scene();
    const canvas = this.canvas;
    if (scene === undefined || canvas === null) return;
    if (this.painter?.canvas !== canvas) {
      const onLost = (): void => {
        this.painter = undefined;
        this.canvas?.replaceWith(document.createElement("canvas"));
        this.requestUpdate();
      };
      this.painter = { canvas, painter: createPainter(canvas, onLost) };
    }
    canvas.style.width = `${scene.width}px`;
    canvas.style.height = `${scene.height}px`;
    this.painter.painter.paint(scene);
  }
}
registerRenderer("heatmap", "heapatlas-heatmap");
