// The heat map's tiles in WebGL2: one instance a tile, the level looked up in a ramp on the graphics processor.
// Main entry: createWebGlPainter, called by tile-painter.ts. Must hold: a scroll uploads nothing but a uniform; tiles are
// uploaded once a version of the scene, and only those in sight are drawn.
import { parseCssColour, RAMP_STEPS } from "./palette.ts";
import { sizeCanvas, tileSides, type TilePainter, type TileScene } from "./tile-painter.ts";

/** x, y, level. */
const FLOATS_A_TILE = 3;
const VERTEX = `#version 300 es
layout(location = 0) in vec2 corner;
layout(location = 1) in vec3 tile; // x, y in CSS pixels; level, -1 when empty, below that not drawn
uniform vec2 view, side;
uniform float scrollTop;
flat out float level;
void main() {
  level = tile.z;
  vec2 at = (tile.xy + corner * side - vec2(0.0, scrollTop)) / view;
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
flat in float level;
uniform sampler2D ramp;
uniform vec4 emptyTile;
out vec4 colour;
void main() {
  if (level < -1.5) discard;
  colour = level < 0.0 ? emptyTile : texture(ramp, vec2((level * ${RAMP_STEPS - 1}.0 + 0.5) / ${RAMP_STEPS}.0, 0.5));
}`;

/** The painter, or undefined where WebGL2 does not work. */
export function createWebGlPainter(canvas: HTMLCanvasElement, onLost: () => void): TilePainter | undefined {
  const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, preserveDrawingBuffer: false });
  if (gl === null) return undefined;
  const program = link(gl);
  if (program === undefined) return undefined;
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    onLost();
  });
  return new WebGlPainter(canvas, gl, program);
}

function link(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : undefined;
}

class WebGlPainter implements TilePainter {
  readonly kind = "webgl2";
  private readonly tiles: WebGLBuffer;
  private version = -1;
  private ramp: TileScene["ramp"] | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
    private readonly program: WebGLProgram,
  ) {
    gl.useProgram(program);
    const corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    this.tiles = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.tiles);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribDivisor(1, 1);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  }

  paint(scene: TileScene): void {
    const { gl, program } = this;
    sizeCanvas(this.canvas, scene);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    this.uploadRamp(scene);
    if (scene.version !== this.version) this.uploadTiles(scene);
    const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
    gl.uniform2f(uniform("view"), scene.width, scene.height);
    gl.uniform1f(uniform("scrollTop"), scene.scrollTop);
    const side = tileSides(scene.layout);
    gl.uniform2f(uniform("side"), side.width, side.height);
    const [red, green, blue] = parseCssColour(scene.emptyTile) ?? [128, 128, 128];
    gl.uniform4f(uniform("emptyTile"), red / 255, green / 255, blue / 255, 1);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { first, end } = scene.layout.tilesBetween(scene.scrollTop, scene.scrollTop + scene.height);
    gl.vertexAttribPointer(
      1,
      FLOATS_A_TILE,
      gl.FLOAT,
      false,
      0,
      first * FLOATS_A_TILE * Float32Array.BYTES_PER_ELEMENT,
    );
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, end - first);
  }

  private uploadRamp(scene: TileScene): void {
    if (this.ramp === scene.ramp) return;
    this.ramp = scene.ramp;
    const { gl } = this;
    const texels = new Uint8Array(scene.ramp.flatMap((rgb) => [...rgb, 255]));
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, RAMP_STEPS, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  }

  private uploadTiles(scene: TileScene): void {
    const { layout, levels } = scene;
    const instances = new Float32Array(layout.tiles * FLOATS_A_TILE);
    let at = 0;
    for (const block of layout.blocks) {
      for (let tile = 0; tile < block.count; tile++) {
        const level = levels[block.first + tile] ?? Number.NaN;
        instances[at++] = layout.gutter + (tile % layout.columns) * layout.cellWidth;
        instances[at++] = block.tilesY + Math.floor(tile / layout.columns) * layout.cellHeight;
        instances[at++] = Number.isNaN(level) ? -1 : level;
      }
    }
    this.gl.bufferData(this.gl.ARRAY_BUFFER, instances, this.gl.DYNAMIC_DRAW);
    this.version = scene.version;
  }

  dispose(): void {
    this.gl.deleteBuffer(this.tiles);
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
