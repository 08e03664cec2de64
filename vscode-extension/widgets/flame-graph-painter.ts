// Draws the rows of a flame graph that are in sight. Main entry: paintFlames. Called by flame-graph.ts. Must hold: a node
// is at least as wide as it can be seen, and names stand only where there is room for some letters.
import type { FlameModel } from "./flame-graph-model.ts";

export const ROW_HEIGHT = 20;
/** Narrower nodes are not drawn: in their row they are less than half a pixel. */
const LEAST_WIDTH = 0.5;
const LEAST_NAMED_WIDTH = 26;
const PADDING = 4;
const DIMMED = 0.25;

export interface FlameScene {
  readonly model: FlameModel;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly pixelRatio: number;
  /** Of each function. */
  readonly fills: readonly string[];
  readonly foldedFill: string;
  readonly ground: string;
  readonly text: string;
  /** Around each node, where colours alone do not tell. */
  readonly outline: string | undefined;
  readonly font: string;
  readonly marked: ReadonlySet<number> | undefined;
  readonly cursor: number | undefined;
  readonly hover: number | undefined;
}

/** Letters are of one width: a name is cut by counting. */
function fitted(name: string, width: number, letter: number): string {
  const room = Math.floor((width - 2 * PADDING) / letter);
  return name.length <= room ? name : `${name.slice(0, Math.max(0, room - 1))}…`;
}

export function paintFlames(canvas: HTMLCanvasElement, scene: FlameScene): void {
  const { width, height, pixelRatio } = scene;
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, -scene.scrollTop * pixelRatio);
  context.font = scene.font;
  context.textBaseline = "middle";
  const letter = context.measureText("0").width;
  const scale = scene.model.width > 0 ? width / scene.model.width : 0;
  const first = Math.floor(scene.scrollTop / ROW_HEIGHT);
  const last = Math.min(scene.model.rows.length - 1, Math.floor((scene.scrollTop + height) / ROW_HEIGHT));
  for (let depth = first; depth <= last; depth++) {
    for (const node of scene.model.rows[depth] ?? []) paintNode(context, scene, node, scale, letter);
  }
  for (const node of [scene.hover, scene.cursor]) if (node !== undefined) outlineNode(context, scene, node, scale);
}

function paintNode(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  node: number,
  scale: number,
  letter: number,
): void {
  const { model } = scene;
  const wide = scale === 0 ? scene.width : model.total(node) * scale;
  if (wide < LEAST_WIDTH) return;
  const [x, y] = [model.start(node) * scale, model.depth(node) * ROW_HEIGHT];
  const folded = model.folded(node) > 0;
  const dimmed = scene.marked !== undefined && !scene.marked.has(node);
  // A pixel of ground stands between two nodes where there is room for it.
  const drawn = wide > 3 ? wide - 1 : Math.max(1, wide);
  context.globalAlpha = dimmed ? DIMMED : 1;
  context.fillStyle = folded ? scene.foldedFill : (scene.fills[model.data.functionOf[node] ?? -1] ?? scene.foldedFill);
  context.fillRect(x, y, drawn, ROW_HEIGHT - 1);
  if (scene.outline !== undefined) {
    context.strokeStyle = scene.outline;
    context.strokeRect(x + 0.5, y + 0.5, Math.max(0, drawn - 1), ROW_HEIGHT - 2);
  }
  context.globalAlpha = dimmed ? 2 * DIMMED : 1;
  if (wide >= LEAST_NAMED_WIDTH) {
    context.fillStyle = scene.text;
    context.fillText(fitted(model.name(node), wide, letter), x + PADDING, y + ROW_HEIGHT / 2);
  }
  context.globalAlpha = 1;
}

function outlineNode(context: CanvasRenderingContext2D, scene: FlameScene, node: number, scale: number): void {
  const { model } = scene;
  const wide = Math.max(2, (scale === 0 ? scene.width : model.total(node) * scale) - 1);
  const strong = node === scene.cursor;
  context.strokeStyle = scene.text;
  context.lineWidth = strong ? 2 : 1;
  const inset = strong ? 1 : 0.5;
  context.strokeRect(
    model.start(node) * scale + inset,
    model.depth(node) * ROW_HEIGHT + inset,
    Math.max(1, wide - 2 * inset),
    ROW_HEIGHT - 1 - 2 * inset,
  );
  context.lineWidth = 1;
}
