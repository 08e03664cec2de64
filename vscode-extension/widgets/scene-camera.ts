// Where one looks at a scene from, and how that is moved: around the point that is looked at, along the ground, closer. Main
// entries: homeOf, orbit, pan, zoom, eyeOf. Called by scene.ts. Pure; tested without a browser. Angles are in radians,
// lengths in the scene's units.
import type { SceneData } from "./scene-data.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Camera {
  readonly target: Point;
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
}

/** How much of the picture's height is seen, as an angle. */
export const FIELD_OF_VIEW = (32 * Math.PI) / 180;
/** Neither below the ground nor so steep that there is no left and right. */
const [LEAST_ELEVATION, MOST_ELEVATION] = [0.06, Math.PI / 2 - 0.01];
const [LEAST_DISTANCE, MOST_DISTANCE] = [2, 4000];
/** What is left free around the scene at first, for labels. */
const MARGIN = 1.06;

export interface Bounds {
  readonly from: Point;
  readonly to: Point;
}

/** From the ground up to the highest box. */
export function boundsOf({ plates, boxes }: SceneData): Bounds {
  const most = (values: Iterable<number>): number => {
    let largest = 0;
    for (const value of values) if (value > largest) largest = value;
    return largest;
  };
  return {
    from: { x: Math.min(0, ...plates.map(({ x }) => x)), y: 0, z: Math.min(0, ...plates.map(({ z }) => z)) },
    to: {
      x: most(plates.map(({ x, width }) => x + width)),
      y: most(boxes.height),
      z: most(plates.map(({ z, depth }) => z + depth)),
    },
  };
}

/** As near as all corners are in the picture, whose width is so many times its height. */
export function homeOf(data: SceneData, aspect: number): Camera {
  const { from, to } = boundsOf(data);
  const target = { x: (from.x + to.x) / 2, y: to.y / 4, z: (from.z + to.z) / 2 };
  const direction = {
    azimuth: (data.home.azimuth * Math.PI) / 180,
    elevation: within((data.home.elevation * Math.PI) / 180, LEAST_ELEVATION, MOST_ELEVATION),
  };
  const up = Math.tan(FIELD_OF_VIEW / 2) / MARGIN;
  const across = up * aspect;
  let distance = LEAST_DISTANCE;
  for (const corner of cornersOf(from, to)) {
    const { right, above, towards } = seenFrom(direction, minus(corner, target));
    distance = Math.max(distance, towards + Math.abs(right) / across, towards + Math.abs(above) / up);
  }
  return { target, ...direction, distance: Math.min(distance, MOST_DISTANCE) };
}

function cornersOf(from: Point, to: Point): readonly Point[] {
  return [from.x, to.x].flatMap((x) => [from.y, to.y].flatMap((y) => [from.z, to.z].map((z) => ({ x, y, z }))));
}

/** A way in the scene as one sees it who looks from there. */
function seenFrom(
  { azimuth, elevation }: Pick<Camera, "azimuth" | "elevation">,
  way: Point,
): { readonly right: number; readonly above: number; readonly towards: number } {
  const outwards = way.x * Math.sin(azimuth) + way.z * Math.cos(azimuth);
  return {
    right: way.x * Math.cos(azimuth) - way.z * Math.sin(azimuth),
    above: way.y * Math.cos(elevation) - outwards * Math.sin(elevation),
    towards: way.y * Math.sin(elevation) + outwards * Math.cos(elevation),
  };
}

export function eyeOf({ target, azimuth, elevation, distance }: Camera): Point {
  const flat = distance * Math.cos(elevation);
  return {
    x: target.x + flat * Math.sin(azimuth),
    y: target.y + distance * Math.sin(elevation),
    z: target.z + flat * Math.cos(azimuth),
  };
}

export function orbit(camera: Camera, azimuth: number, elevation: number): Camera {
  return {
    ...camera,
    azimuth: camera.azimuth + azimuth,
    elevation: within(camera.elevation + elevation, LEAST_ELEVATION, MOST_ELEVATION),
  };
}

/** Along the ground, in parts of the picture's height: to the right, and away. */
export function pan(camera: Camera, right: number, away: number): Camera {
  const reach = 2 * camera.distance * Math.tan(FIELD_OF_VIEW / 2);
  const [sin, cos] = [Math.sin(camera.azimuth), Math.cos(camera.azimuth)];
  const { x, y, z } = camera.target;
  return {
    ...camera,
    target: { x: x + reach * (right * cos - away * sin), y, z: z - reach * (right * sin + away * cos) },
  };
}

export function zoom(camera: Camera, factor: number): Camera {
  return { ...camera, distance: within(camera.distance / factor, LEAST_DISTANCE, MOST_DISTANCE) };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function minus(one: Point, other: Point): Point {
  return { x: one.x - other.x, y: one.y - other.y, z: one.z - other.z };
}
