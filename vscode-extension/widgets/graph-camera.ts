// Which part of a graph's picture is in sight: its scale, and where its left upper corner stands. Main entry: Camera.
// Called by graph.ts. Pure; immutable; tested without a browser.
import type { Point } from "./graph-layout.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const [LEAST_SCALE, MOST_SCALE] = [0.05, 4];
/** Words are read down to here. */
const LEAST_READABLE = 0.8;
/** What fits is shown no larger than it is. */
const MOST_FITTED = 1;

export class Camera {
  private constructor(
    readonly scale: number,
    readonly x: number,
    readonly y: number,
  ) {}

  /** All of the picture, in the middle of the room. */
  static fit(picture: Size, room: Size): Camera {
    const wanted = Math.min(room.width / Math.max(picture.width, 1), room.height / Math.max(picture.height, 1));
    const scale = Math.min(MOST_FITTED, Math.max(LEAST_SCALE, wanted));
    return new Camera(scale, (room.width - picture.width * scale) / 2, (room.height - picture.height * scale) / 2);
  }

  /** All of it where that can be read; else as much as can, around a point of the picture. */
  static begin(picture: Size, room: Size, point: Point): Camera {
    const all = Camera.fit(picture, room);
    if (all.scale >= LEAST_READABLE) return all;
    const start = (length: number, space: number, middle: number): number => {
      const drawn = length * LEAST_READABLE;
      if (drawn <= space) return (space - drawn) / 2;
      return Math.min(0, Math.max(space - drawn, space / 2 - middle * LEAST_READABLE));
    };
    return new Camera(
      LEAST_READABLE,
      start(picture.width, room.width, point.x),
      start(picture.height, room.height, point.y),
    );
  }

  /** What lies under the point stays there. */
  zoomed(factor: number, at: Point): Camera {
    const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, this.scale * factor));
    const share = scale / this.scale;
    return new Camera(scale, at.x - (at.x - this.x) * share, at.y - (at.y - this.y) * share);
  }

  moved(x: number, y: number): Camera {
    return new Camera(this.scale, this.x + x, this.y + y);
  }

  /** Moved no further than is needed to have a box around a point of the picture in sight. */
  showing(point: Point, box: Size, room: Size): Camera {
    const shift = (middle: number, half: number, length: number): number => {
      if (middle - half < 0) return half - middle;
      return middle + half > length ? length - half - middle : 0;
    };
    return this.moved(
      shift(point.x * this.scale + this.x, (box.width * this.scale) / 2, room.width),
      shift(point.y * this.scale + this.y, (box.height * this.scale) / 2, room.height),
    );
  }

  get transform(): string {
    return `translate(${this.x.toFixed(2)} ${this.y.toFixed(2)}) scale(${this.scale.toFixed(4)})`;
  }
}
