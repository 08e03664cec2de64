// Paints the tiles of a heat map into a canvas. Main entry: createPainter. Called by heatmap.ts, which knows the layout;
// a painter knows rectangles and levels. WebGL2 where it works, else the 2D canvas of this file; both draw the same.
import { RAMP_STEPS, toCss, type Rgb } from "./palette.ts";
import type { HeatMapLayout } from "./heatmap-layout.ts";
import { createWebGlPainter } from "./tile-painter-webgl.ts";

export interface TileScene {
  readonly layout: HeatMapLayout;
  /** One a tile: 0 to 1, NaN for a tile with nothing in it, below 0 for one that is not drawn. */
  readonly levels: Float32Array;
  /** Changes whenever layout or levels do. */
  readonly version: number;
  readonly ramp: readonly Rgb[];
  readonly emptyTile: string;
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

export interface TilePainter {
  readonly kind: "webgl2" | "2d";
  paint(scene: TileScene): void;
  dispose(): void;
}

/** How much of its cell a tile fills: a pixel's gap to the next one, none where tiles are small in either direction. */
export function tileSides({ cellWidth, cellHeight }: HeatMapLayout): {
  readonly width: number;
  readonly height: number;
} {
  const gap = Math.min(cellWidth, cellHeight) >= 7 ? 1 : 0;
  return { width: cellWidth - gap, height: cellHeight - gap };
}

/**
 * The painter for a fresh canvas. `onLost` is called when the graphics context is lost: then a painter without WebGL must
 * be made, on another canvas.
 */
export function createPainter(canvas: HTMLCanvasElement, webGl: boolean, onLost: () => void): TilePainter {
  return (webGl ? createWebGlPainter(canvas, onLost) : undefined) ?? new CanvasPainter(canvas);
}

export function sizeCanvas(canvas: HTMLCanvasElement, scene: TileScene): void {
  const width = Math.max(1, Math.round(scene.width * scene.pixelRatio));
  const height = Math.max(1, Math.round(scene.height * scene.pixelRatio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

export class CanvasPainter implements TilePainter {
  readonly kind = "2d";
  private readonly context: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("This browser gives no canvas to draw the heat map in; use another browser.");
    this.context = context;
  }

  paint(scene: TileScene): void {
    sizeCanvas(this.canvas, scene);
    const { context } = this;
    context.setTransform(scene.pixelRatio, 0, 0, scene.pixelRatio, 0, 0);
    context.clearRect(0, 0, scene.width, scene.height);
    context.translate(0, -scene.scrollTop);
    paintTiles(context, scene);
  }

  dispose(): void {
    this.canvas.width = 0;
  }
}

/** Draws the tiles in sight; also what the copied picture is made with. */
export function paintTiles(context: CanvasRenderingContext2D, scene: TileScene): void {
  const { layout, levels } = scene;
  const { cellWidth, cellHeight, columns, gutter } = layout;
  const { width, height } = tileSides(layout);
  const colours = scene.ramp.map(toCss);
  const bottom = scene.scrollTop + scene.height;
  for (const block of layout.blocks) {
    if (block.y > bottom || block.y + block.height < scene.scrollTop) continue;
    for (let tile = 0; tile < block.count; tile++) {
      const y = block.tilesY + Math.floor(tile / columns) * cellHeight;
      if (y > bottom) break;
      if (y + cellHeight < scene.scrollTop) continue;
      const level = levels[block.first + tile] ?? Number.NaN;
      if (level < 0) continue;
      context.fillStyle = Number.isNaN(level) ? scene.emptyTile : (colours[Math.round(level * (RAMP_STEPS - 1))] ?? "");
      context.fillRect(gutter + (tile % columns) * cellWidth, y, width, height);
    }
  }
}
