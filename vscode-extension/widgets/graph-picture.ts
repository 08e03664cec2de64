// A graph's nodes and edges as SVG. Main entry: graphPicture. Called by graph.ts.
import { nothing, svg, type TemplateResult } from "lit";
import type { GraphEdge, GraphNode } from "./graph-data.ts";
import { edgeKey, NODE, pathOf, type GraphLayout } from "./graph-layout.ts";
import type { GraphModel } from "./graph-model.ts";

const [STRIPE, PADDING] = [5, 12];
/** Letters are of about this width: a name is cut by counting. */
const LETTER = 6.6;
const ARROW = 5;

export interface PictureState {
  readonly cursor: string;
  readonly selected: string;
  /** The colour of a kind; nothing for what has none. */
  fill(colour: number | undefined): string;
}

/** Edges first, so that nodes lie on them. */
export function graphPicture(model: GraphModel, layout: GraphLayout, state: PictureState): TemplateResult[] {
  return [
    ...model.data.edges.map((edge) =>
      edgeShape(model, layout, edge, edge.from === state.cursor || edge.to === state.cursor),
    ),
    ...model.data.nodes.map((node) => nodeShape(model, layout, node, state)),
  ];
}

function edgeShape(model: GraphModel, layout: GraphLayout, edge: GraphEdge, near: boolean): TemplateResult {
  const placed = layout.edges.get(edgeKey(edge));
  const end = placed?.points.at(-1);
  const before = placed?.points.at(-2);
  if (placed === undefined || end === undefined || before === undefined) return svg``;
  const mark = near ? "near" : "";
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  const tip = `M0,0L${-2 * ARROW},${-ARROW}L${-2 * ARROW},${ARROW}Z`;
  return svg`<g data-edge=${edgeKey(edge)}>
    <path class="edge ${mark} ${edge.title === "" ? "" : "past"}" d=${pathOf(placed.points)}
      stroke-width=${model.thickness(edge.value).toFixed(1)}><title>${model.edgeSentence(edge)}</title></path>
    <path class="tip ${mark}" d=${tip} transform="translate(${end.x} ${end.y}) rotate(${angle.toFixed(1)})"></path>
    <text class="amount ${mark}" x=${placed.label.x} y=${placed.label.y + 4}>${model.amount(edge.value)}</text>
  </g>`;
}

function fitted(text: string, width: number): string {
  const room = Math.floor(width / LETTER);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function nodeShape(model: GraphModel, layout: GraphLayout, node: GraphNode, state: PictureState): TemplateResult {
  const middle = layout.nodes.get(node.id);
  if (middle === undefined) return svg``;
  const { width, height } = NODE;
  const share = model.peak > 0 ? node.value / model.peak : 0;
  const marks = `${node.id === state.cursor ? "here" : ""} ${node.id === state.selected ? "selected" : ""}`;
  const again = model.leadsToItself(node.id) ? " ↻" : "";
  const amount = model.amount(node.value);
  const second = [amount, fitted(node.text, width - 2 * PADDING - amount.length * LETTER - 12)];
  return svg`<g class="node ${marks}" data-node=${node.id}
    transform="translate(${(middle.x - width / 2).toFixed(1)} ${(middle.y - height / 2).toFixed(1)})">
    <rect class="box" width=${width} height=${height} rx="4"></rect>
    <rect width=${STRIPE} height=${height} rx="2" fill=${state.fill(model.colourOf(node))}></rect>
    <text x=${PADDING} y="17">${fitted(node.title, width - 2 * PADDING - (again === "" ? 0 : 14))}${again}</text>
    <text class="second" x=${PADDING} y="32">${second.filter((text) => text !== "").join(" · ")}</text>
    ${
      share > 0
        ? svg`<rect class="share" x=${PADDING} y=${height - 5} height="2.5"
            width=${((width - 2 * PADDING) * share).toFixed(1)}></rect>`
        : nothing
    }
  </g>`;
}
