// The graph for those who hear it: a row a node, with what leads into it and out of it. Main entry: graphTable. Called by
// graph.ts, whose picture it stands for.
import { html, type TemplateResult } from "lit";
import type { GraphModel } from "./graph-model.ts";

export function graphTable(model: GraphModel, title: string): TemplateResult {
  const ends = (words: readonly string[]): string => words.join("; ");
  return html`<div class="visually-hidden">
    <table>
      <caption>
        ${title} as a table
      </caption>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">${model.data.valueTitle}</th>
          <th scope="col">Edges into it</th>
          <th scope="col">Edges out of it</th>
        </tr>
      </thead>
      <tbody>
        ${model.data.nodes.map(
          (node) =>
            html`<tr>
              <th scope="row">${node.title}${node.text === "" ? "" : `, ${node.text}`}</th>
              <td>${model.amount(node.value)}</td>
              <td>${ends(model.into(node.id).map((edge) => model.edgeSentence(edge)))}</td>
              <td>${ends(model.outOf(node.id).map((edge) => model.edgeSentence(edge)))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
