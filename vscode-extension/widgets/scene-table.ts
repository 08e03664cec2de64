// The scene as a table, for those who do not see it and where it cannot be drawn: the highest boxes first. Main entries:
// sceneTable, sceneTableStyle. Called by scene.ts.
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { SceneModel } from "./scene-model.ts";

/** More would be read by nobody; the CSV has them all. */
const MOST_ROWS = 100;

export interface SceneTableDeeds {
  /** Shows which box a row is of. */
  mark(box: number | undefined): void;
  lookCloser(target: string): void;
}

export function sceneTable(model: SceneModel, marked: number | undefined, deeds: SceneTableDeeds): TemplateResult {
  const rows = model.rows(MOST_ROWS);
  const both = model.isColouredByAnother;
  const words = rows.length === model.count ? `${model.count} boxes` : `the ${rows.length} highest of ${model.count}`;
  return html`<div class="list" tabindex="0" role="region" aria-label="The same as a table">
    <table>
      <caption>
        ${words}
      </caption>
      <thead>
        <tr>
          <th scope="col">Place</th>
          <th scope="col" class="number">${model.upwards.title}</th>
          ${both ? html`<th scope="col" class="number">${model.scale.label}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ target }) => target,
          ({ box, target, label, amount, value }) =>
            html`<tr
              class=${box === marked ? "marked" : ""}
              @pointerenter=${() => deeds.mark(box)}
              @pointerleave=${() => deeds.mark(undefined)}
            >
              <th scope="row">
                <button
                  class="link"
                  title="Look closer at ${target}"
                  @focus=${() => deeds.mark(box)}
                  @click=${() => deeds.lookCloser(target)}
                >
                  ${target}
                </button>
                <span>${label}</span>
              </th>
              <td class="number">${amount}</td>
              ${both ? html`<td class="number">${value}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export const sceneTableStyle = css`
  .list {
    flex: 0 0 300px;
    min-height: 0;
    overflow: auto;
    border-left: 1px solid var(--ha-border);
    font-size: 12px;
  }
  .list:focus-visible {
    outline-offset: -2px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  caption {
    padding: 2px 10px 6px;
    color: var(--ha-muted);
    text-align: left;
  }
  th,
  td {
    padding: 3px 10px;
    font-weight: normal;
    text-align: left;
    vertical-align: top;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--ha-ground);
    color: var(--ha-muted);
  }
  tr.marked {
    background: var(--ha-hover);
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  td.number {
    white-space: nowrap;
  }
  .list button {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--ha-link);
    font: 11px var(--ha-mono);
    text-align: left;
    overflow-wrap: anywhere;
  }
  .list button:hover {
    text-decoration: underline;
  }
  .list span {
    display: block;
    overflow-wrap: anywhere;
    color: var(--ha-muted);
  }
`;
