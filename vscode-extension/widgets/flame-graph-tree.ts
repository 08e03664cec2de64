// The flame graph for those who hear it: the way to the node where the cursor is, its neighbours and its callees, as items
// of a tree. Main entries: treeItems, itemId. Called by flame-graph.ts, whose picture they stand for.
import { html, nothing, type TemplateResult } from "lit";
import type { FlameModel } from "./flame-graph-model.ts";
import { sentenceOf } from "./flame-graph-words.ts";

/** A row may have thousands; those beside the cursor are enough to go on from. */
const MOST_NEIGHBOURS = 20;

export function itemId(node: number): string {
  return `node-${node}`;
}

export function treeItems(model: FlameModel, cursor: number): TemplateResult[] {
  const path = model.path(cursor);
  const parent = model.parent(cursor);
  const siblings = parent === undefined ? [cursor] : model.children(parent);
  const at = siblings.indexOf(cursor);
  const near = siblings.slice(Math.max(0, at - MOST_NEIGHBOURS), at + MOST_NEIGHBOURS + 1);
  const callees = model.children(cursor).slice(0, MOST_NEIGHBOURS);
  return [...path.slice(0, -1), ...near, ...callees].map((node) => item(model, node, path));
}

function item(model: FlameModel, node: number, path: readonly number[]): TemplateResult {
  const parent = model.parent(node);
  const siblings = parent === undefined ? [node] : model.children(parent);
  return html`<div
    role="treeitem"
    id=${itemId(node)}
    aria-level=${model.depth(node) + 1}
    aria-setsize=${siblings.length}
    aria-posinset=${siblings.indexOf(node) + 1}
    aria-selected=${node === path.at(-1)}
    aria-expanded=${model.children(node).length === 0 ? nothing : path.includes(node)}
  >
    ${sentenceOf(model, node)}
  </div>`;
}
