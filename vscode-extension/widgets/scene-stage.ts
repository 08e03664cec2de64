// Draws a scene with WebGL: plates, and all boxes as one instanced mesh. Main entry: createStage. A bundle of its own, which
// scene.ts loads when a scene comes into sight, so that no other view pays for three.js. Must hold: nothing is drawn but by
// draw(); a scene at rest costs nothing.
import {
  BoxGeometry,
  BufferAttribute,
  Color,
  DoubleSide,
  EdgesGeometry,
  InstancedMesh,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Raycaster,
  Scene,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import type { Rgb } from "./palette.ts";
import { eyeOf, FIELD_OF_VIEW, type Camera, type Point } from "./scene-camera.ts";
import type { SceneData } from "./scene-data.ts";

/** A scene in the theme's colours, a box in the colour of its value. */
export interface SceneLook {
  readonly data: SceneData;
  readonly colours: readonly Rgb[];
  readonly ground: Rgb;
  readonly plate: Rgb;
  readonly edge: Rgb;
  readonly mark: Rgb;
}

export interface Stage {
  show(look: SceneLook): void;
  resize(width: number, height: number, pixelRatio: number): void;
  draw(camera: Camera, marked: number | undefined): void;
  /** The box at a place of the picture, both from 0 to 1 from its upper left. */
  pick(x: number, y: number): number | undefined;
  /** Where a point is in the picture, from its upper left; outside of 0 to 1 it is not in sight. */
  place(point: Point): { readonly x: number; readonly y: number };
  dispose(): void;
}

type Boxes = InstancedMesh<BoxGeometry, MeshBasicMaterial>;
type Ground = Mesh<PlaneGeometry, MeshBasicMaterial> | LineSegments<EdgesGeometry, LineBasicMaterial>;

/** The top has the colour of the legend; sides are darker, so that edges are seen without lines. */
const SHADES = { top: 1, front: 0.7, side: 0.5 };
const PART_OF_CELL = 0.88;
const PLATE_BELOW = 0.02;

export function createStage(canvas: HTMLCanvasElement, onLost: () => void): Stage {
  const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "low-power" });
  canvas.addEventListener("webglcontextlost", onLost);
  const scene = new Scene();
  const camera = new PerspectiveCamera((FIELD_OF_VIEW * 180) / Math.PI, 1, 0.1, 10_000);
  const geometry = shadedBox();
  const mark = new LineSegments(new EdgesGeometry(new BoxGeometry(1, 1, 1)), new LineBasicMaterial());
  mark.visible = false;
  let look: SceneLook | undefined;
  let boxes: Boxes | undefined;
  let grounds: readonly Ground[] = [];

  return {
    show(next) {
      look = next;
      discard(scene, grounds);
      if (boxes !== undefined) discardBoxes(scene, boxes);
      renderer.setClearColor(colourOf(next.ground));
      mark.material.color = colourOf(next.mark);
      grounds = next.data.plates.flatMap((plate) => groundOf(plate, next));
      boxes = boxesOf(geometry, next);
      scene.add(...grounds, boxes, mark);
    },
    resize(width, height, pixelRatio) {
      renderer.setPixelRatio(pixelRatio);
      renderer.setSize(width, height, false);
      camera.aspect = width / Math.max(1, height);
      camera.updateProjectionMatrix();
    },
    draw(from, marked) {
      const eye = eyeOf(from);
      camera.position.set(eye.x, eye.y, eye.z);
      camera.lookAt(from.target.x, from.target.y, from.target.z);
      camera.updateMatrixWorld();
      if (look !== undefined) placeMark(mark, look.data, marked);
      renderer.render(scene, camera);
    },
    pick(x, y) {
      if (boxes === undefined) return undefined;
      const ray = new Raycaster();
      ray.setFromCamera(new Vector2(x * 2 - 1, 1 - y * 2), camera);
      return ray.intersectObject(boxes)[0]?.instanceId;
    },
    place(point) {
      const { x, y } = new Vector3(point.x, point.y, point.z).project(camera);
      return { x: (x + 1) / 2, y: (1 - y) / 2 };
    },
    dispose() {
      canvas.removeEventListener("webglcontextlost", onLost);
      discard(scene, grounds);
      if (boxes !== undefined) discardBoxes(scene, boxes);
      geometry.dispose();
      mark.geometry.dispose();
      renderer.dispose();
    },
  };
}

function colourOf([red, green, blue]: Rgb): Color {
  return new Color().setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace);
}

/** From 0 to 1 on each axis; each corner with the shade of its side. */
function shadedBox(): BoxGeometry {
  const box = new BoxGeometry(1, 1, 1);
  box.translate(0.5, 0.5, 0.5);
  const normals = box.getAttribute("normal");
  const shades = new Float32Array(normals.count * 3);
  for (let corner = 0; corner < normals.count; corner++) {
    const shade = normals.getY(corner) !== 0 ? SHADES.top : normals.getZ(corner) !== 0 ? SHADES.front : SHADES.side;
    shades.fill(shade, corner * 3, corner * 3 + 3);
  }
  box.setAttribute("color", new BufferAttribute(shades, 3));
  return box;
}

function boxesOf(geometry: BoxGeometry, { data, colours }: SceneLook): Boxes {
  const { boxes } = data;
  const mesh = new InstancedMesh(geometry, new MeshBasicMaterial({ vertexColors: true }), boxes.targets.length);
  const [width, depth] = [boxes.width * PART_OF_CELL, boxes.depth * PART_OF_CELL];
  const [left, back] = [(boxes.width - width) / 2, (boxes.depth - depth) / 2];
  const matrix = new Matrix4();
  for (let box = 0; box < boxes.targets.length; box++) {
    matrix.makeScale(width, boxes.height[box] ?? 0, depth);
    matrix.setPosition((boxes.x[box] ?? 0) + left, 0, (boxes.z[box] ?? 0) + back);
    mesh.setMatrixAt(box, matrix);
    mesh.setColorAt(box, colourOf(colours[box] ?? [128, 128, 128]));
  }
  mesh.frustumCulled = false;
  return mesh;
}

function groundOf(plate: SceneData["plates"][number], { plate: colour, edge }: SceneLook): Ground[] {
  const flat = new PlaneGeometry(plate.width, plate.depth);
  flat.rotateX(-Math.PI / 2);
  flat.translate(plate.x + plate.width / 2, -PLATE_BELOW, plate.z + plate.depth / 2);
  const rim = new LineSegments(new EdgesGeometry(flat), new LineBasicMaterial({ color: colourOf(edge) }));
  return [new Mesh(flat, new MeshBasicMaterial({ color: colourOf(colour), side: DoubleSide })), rim];
}

function placeMark(mark: LineSegments, { boxes }: SceneData, box: number | undefined): void {
  mark.visible = box !== undefined && box < boxes.targets.length;
  if (box === undefined || !mark.visible) return;
  const height = boxes.height[box] ?? 0;
  mark.scale.set(boxes.width, height + PLATE_BELOW, boxes.depth);
  mark.position.set((boxes.x[box] ?? 0) + boxes.width / 2, height / 2, (boxes.z[box] ?? 0) + boxes.depth / 2);
}

function discard(scene: Scene, grounds: readonly Ground[]): void {
  for (const ground of grounds) {
    scene.remove(ground);
    ground.geometry.dispose();
    ground.material.dispose();
  }
}

/** All boxes have one shape, which is kept for the next. */
function discardBoxes(scene: Scene, boxes: Boxes): void {
  scene.remove(boxes);
  boxes.material.dispose();
  boxes.dispose();
}
