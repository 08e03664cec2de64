// The words that stand in a scene: plates' names and the heights' scale, at places that move with the camera. Main entries:
// labelsOf (pure) and placeLabels. Called by scene.ts after each drawing.
import { linearTicks } from "./axis-ticks.ts";
import { formatQuantity, isBytes } from "./format.ts";
import { boundsOf, type Point } from "./scene-camera.ts";
import type { SceneModel } from "./scene-model.ts";

export interface SceneLabel {
  readonly text: string;
  readonly at: Point;
  readonly kind: "plate" | "tick";
}

const MOST_LETTERS = 26;
const TICKS = 3;
/** How far from its plate a label stands. */
const BESIDE = 0.6;

/** Large plates first: where two labels would lie on each other, the first one stays. */
export function labelsOf(model: SceneModel): SceneLabel[] {
  const { data, upwards } = model;
  const plates = [...data.plates].sort((one, other) => other.width * other.depth - one.width * one.depth);
  const names = plates.map(({ label, x, z, width, depth }): SceneLabel => {
    return { text: shortened(label), at: { x: x + width / 2, y: 0, z: z + depth + BESIDE }, kind: "plate" };
  });
  if (!(upwards.scale > 0)) return names;
  const { from, to } = boundsOf(data);
  const most = to.y * upwards.scale;
  const ticks = linearTicks(0, most, TICKS, isBytes(upwards.unit) ? 1024 : 10).filter((tick) => tick > 0);
  return [
    ...ticks.map((tick): SceneLabel => {
      const at = { x: from.x - BESIDE, y: tick / upwards.scale, z: from.z };
      return { text: formatQuantity(tick, upwards.unit), at, kind: "tick" };
    }),
    ...names,
  ];
}

/** The file's name of a path; its end where that is too long as well. */
function shortened(label: string): string {
  const name = label.startsWith("/") ? (label.split("/").at(-1) ?? label) : label;
  return name.length <= MOST_LETTERS ? name : `…${name.slice(1 - MOST_LETTERS)}`;
}

/** Moves the elements of the labels to where these are seen; hides what is out of sight or would cover another. */
export function placeLabels(
  elements: readonly HTMLElement[],
  labels: readonly SceneLabel[],
  size: { readonly width: number; readonly height: number },
  place: (point: Point) => { readonly x: number; readonly y: number },
): void {
  const taken: { left: number; top: number; right: number; bottom: number }[] = [];
  elements.forEach((element, i) => {
    const label = labels[i];
    if (label === undefined) return;
    const at = place(label.at);
    const { offsetWidth: width, offsetHeight: height } = element;
    const left = at.x * size.width - (label.kind === "tick" ? width : width / 2);
    const top = at.y * size.height - (label.kind === "tick" ? height / 2 : 0);
    const box = { left, top, right: left + width, bottom: top + height };
    const fits = box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height;
    const free = taken.every(
      (other) => box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top,
    );
    element.style.transform = `translate(${left}px, ${top}px)`;
    element.style.visibility = fits && free ? "visible" : "hidden";
    if (fits && free) taken.push(box);
  });
}
