// The heat map as a PNG: title, legend, labels and all tiles, not only those in sight. Main entry: pictureOf.
// Called by heatmap.ts for 'Copy as PNG'.
import { legendTicks } from "./heatmap-legend.ts";
import type { HeatMapModel } from "./heatmap-model.ts";
import { toCss } from "./palette.ts";
import { canvasColours } from "./theme.ts";
import { paintTiles, type TileScene } from "./tile-painter.ts";

const MARGIN = 16;
const HEAD = 64;
/** Browsers refuse canvases that are much higher. */
const MAX_HEIGHT = 8192;

export async function pictureOf(element: Element, title: string, model: HeatMapModel, scene: TileScene): Promise<Blob> {
  const colours = canvasColours(element);
  const { layout } = scene;
  const height = Math.min(layout.height, MAX_HEIGHT);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((layout.width + 2 * MARGIN) * scene.pixelRatio);
  canvas.height = Math.round((height + HEAD + 2 * MARGIN) * scene.pixelRatio);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the browser gives no canvas");
  context.scale(scene.pixelRatio, scene.pixelRatio);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(MARGIN, MARGIN);
  context.fillStyle = colours.text;
  context.font = `600 15px ${colours.font}`;
  context.fillText(title, 0, 14);
  drawLegend(context, model, scene, colours.muted, colours.font);
  context.translate(0, HEAD);
  context.font = `12px ${colours.font}`;
  context.fillStyle = colours.text;
  for (const block of layout.blocks) context.fillText(block.segment.label, 0, block.y + 12, layout.gutter - 8);
  paintTiles(context, { ...scene, scrollTop: 0, height });
  return await new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("the picture is too large")) : resolve(blob)),
      "image/png",
    );
  });
}

function drawLegend(
  context: CanvasRenderingContext2D,
  model: HeatMapModel,
  scene: TileScene,
  colour: string,
  font: string,
): void {
  const [x, y, width, height] = [scene.layout.gutter, 26, 280, 10];
  const gradient = context.createLinearGradient(x, 0, x + width, 0);
  scene.ramp.forEach((rgb, step) => gradient.addColorStop(step / (scene.ramp.length - 1), toCss(rgb)));
  context.fillStyle = gradient;
  context.fillRect(x, y, width, height);
  context.fillStyle = colour;
  context.font = `11px ${font}`;
  context.fillText(`${model.scale.label} per tile`, 0, y + 9, scene.layout.gutter - 8);
  for (const tick of legendTicks(model.scale)) {
    context.textAlign = tick.at === 0 ? "left" : tick.at === 1 ? "right" : "center";
    context.fillText(tick.text, x + tick.at * width, y + height + 13);
  }
  context.textAlign = "left";
}
