// What is said of a flame graph's node, beside the pointer, below the graph and to those who hear it. Main entries:
// nodeWords, sentenceOf, foundSentence. Called by flame-graph.ts. Pure.
import type { Found, FlameModel } from "./flame-graph-model.ts";
import { formatExactly, formatQuantity } from "./format.ts";
import type { NodeFigure, NodeWords } from "./node-tooltip.ts";
import { sourceText } from "./table-model.ts";

export function shareText(share: number): string {
  return formatQuantity(share, "ratio");
}

function amount(model: FlameModel, value: number): string {
  return formatQuantity(value, model.metric.unit);
}

export function nodeWords(model: FlameModel, node: number): NodeWords {
  const f = model.functionOf(node);
  const figures = model.data.metrics.map(({ title, unit }, at) => {
    const value = model.data.totals[at]?.[node] ?? 0;
    return { title, text: formatQuantity(value, unit), exact: formatExactly(value, unit) };
  });
  const share = (title: string, part: number): NodeFigure => ({ title, text: shareText(part), exact: String(part) });
  const ofCaller = model.shareOfParent(node);
  const own = model.own(node);
  const itself = { title: "Its own", text: amount(model, own), exact: formatExactly(own, model.metric.unit) };
  return {
    title: f === undefined ? `${model.name(node)} callees, too thin to be seen` : f.signature || f.name,
    place: f === undefined ? "" : [sourceText(f.path, f.line), f.module].filter((words) => words !== "").join(" · "),
    figures: [
      ...figures,
      ...(own > 0 && f !== undefined ? [itself] : []),
      share("Of all", model.shareOfAll(model.total(node))),
      ...(ofCaller === undefined ? [] : [share("Of its caller", ofCaller)]),
    ],
  };
}

/** One line: name, amount, shares. */
export function sentenceOf(model: FlameModel, node: number): string {
  const total = model.total(node);
  const ofCaller = model.shareOfParent(node);
  const shares = [`${shareText(model.shareOfAll(total))} of all`];
  if (ofCaller !== undefined) shares.push(`${shareText(ofCaller)} of its caller`);
  return `${model.name(node)}: ${amount(model, total)}, ${shares.join(", ")}`;
}

export function foundSentence(model: FlameModel, found: Found): string {
  const count = found.nodes.size;
  if (count === 0) return "Nothing matches in what is wide enough to be seen.";
  const share = model.width > 0 ? found.total / model.width : 0;
  return `${count} ${count === 1 ? "match holds" : "matches hold"} ${amount(model, found.total)}, ${shareText(share)}`;
}
