// The scene's data, typed and checked where it enters. Main entry: parseScene. Called by protocol.ts; the types are read by
// the scene. What is bounded here cannot stall the widget later.
import { ContractError, type JsonObject } from "./json.ts";
import type { Metric } from "./protocol.ts";

/** What boxes stand on, at y = 0. */
export interface Plate {
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly depth: number;
  readonly label: string;
  readonly text: string;
  readonly target: string;
}

/** All of one width and depth; the rest are columns of one length. x and z are of the corner where both are least. */
export interface Boxes {
  readonly width: number;
  readonly depth: number;
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly height: Float64Array;
  /** What the height stands for, exactly, in the unit of the axis y. */
  readonly amount: Float64Array;
  /** Of the metric that colours. */
  readonly value: Float64Array;
  readonly targets: readonly string[];
}

export interface Axis {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** How much of the unit a unit of length is; 0 where lengths mean nothing. */
  readonly scale: number;
}

/** x to the right, y up, z towards the reader. */
export interface SceneData {
  readonly plates: readonly Plate[];
  readonly boxes: Boxes;
  readonly axes: readonly Axis[];
  /** From where one looks at first, in degrees: azimuth from z towards x, elevation above the ground. */
  readonly home: { readonly azimuth: number; readonly elevation: number };
  readonly metrics: readonly Metric[];
  readonly metric: string;
}

/** More than can be told apart. */
const MAX_BOXES = 2 ** 16;
const NO_BOXES: Boxes = {
  width: 0,
  depth: 0,
  x: new Float64Array(),
  z: new Float64Array(),
  height: new Float64Array(),
  amount: new Float64Array(),
  value: new Float64Array(),
  targets: [],
};

export function parseScene(data: JsonObject): SceneData {
  const boxes = data.object("boxes");
  const home = data.object("home");
  return {
    plates: data.list("plates", (plate) => ({
      x: plate.number("x"),
      z: plate.number("z"),
      width: plate.number("width"),
      depth: plate.number("depth"),
      label: plate.string("label"),
      text: plate.string("text"),
      target: plate.string("target"),
    })),
    boxes: boxes === undefined ? NO_BOXES : parseBoxes(boxes),
    axes: data.list("axes", (axis) => ({
      id: axis.string("id"),
      title: axis.string("title"),
      unit: axis.string("unit"),
      scale: axis.number("scale"),
    })),
    home: { azimuth: home?.number("azimuth") ?? 0, elevation: home?.number("elevation") ?? 0 },
    metrics: data.list("metrics", (m) => ({ id: m.string("id"), title: m.string("title"), unit: m.string("unit") })),
    metric: data.string("metric"),
  };
}

function parseBoxes(object: JsonObject): Boxes {
  const boxes: Boxes = {
    width: object.number("width"),
    depth: object.number("depth"),
    x: object.numbers("x"),
    z: object.numbers("z"),
    height: object.numbers("height"),
    amount: object.numbers("amount"),
    value: object.numbers("value"),
    targets: object.strings("targets"),
  };
  const count = boxes.targets.length;
  if (count > MAX_BOXES) throw new ContractError("data.boxes", `at most ${MAX_BOXES} boxes`, boxes.targets);
  for (const column of ["x", "z", "height", "amount", "value"] as const) {
    if (boxes[column].length !== count)
      throw new ContractError(`data.boxes.${column}`, `a number for each of ${count} targets`, boxes[column]);
  }
  return boxes;
}
