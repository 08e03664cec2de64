// What stands behind the tile or the allocation that was inspected: facts, the parts that hold most of it, the owner's
// stack. Main entries: detailPanel, detailStyle. Called by heatmap.ts.
import { css, html, nothing, type TemplateResult } from "lit";
import type { Detail } from "./protocol.ts";
import { stackLines, type StackReader } from "./stack-lines.ts";

export interface DetailReader extends StackReader {
  inspect(target: string): void;
  drillInto(from: string, to: string): void;
}

export function detailPanel(reader: DetailReader, detail: Detail): TemplateResult {
  return html`<aside class="detail" aria-label=${detail.title}>
    <header>
      <h3>${detail.title}</h3>
      <button class="quiet" aria-label="Close the details" title="Close (Esc)" @click=${() => reader.inspect("")}>
        ✕
      </button>
    </header>
    <dl>
      ${detail.facts.map(
        (fact) =>
          html`<dt>${fact.title}</dt>
            <dd>${fact.text}</dd>`,
      )}
    </dl>
    <div>
      <button class="closer" @click=${() => reader.drillInto(detail.from, detail.to)}>Look closer</button>
    </div>
    ${
      detail.parts.length === 0
        ? nothing
        : html`<h4>${detail.partsTitle}</h4>
            <ul class="parts">
              ${detail.parts.map(
                (part) =>
                  html`<li>
                    <button class="link" title=${part.title} @click=${() => reader.inspect(part.target)}>
                      ${part.title}
                    </button>
                    <span>${part.text}</span>
                  </li>`,
              )}
            </ul>`
    }
    ${
      detail.stack.length === 0
        ? nothing
        : html`<h4>Allocated by</h4>
            ${stackLines(reader, detail.stack)}`
    }
  </aside>`;
}

export const detailStyle = css`
  .detail {
    flex: 0 0 320px;
    min-width: 0;
    padding: 0 2px 8px 12px;
    border-left: 1px solid var(--ha-border);
    overflow: auto;
    font-size: 12px;
  }
  .detail header {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 8px;
  }
  .detail h3 {
    margin: 3px 0 6px;
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .detail h4 {
    margin: 12px 0 4px;
    color: var(--ha-muted);
    font-size: 12px;
    font-weight: 600;
  }
  .detail dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 3px 12px;
    margin: 0 0 8px;
  }
  .detail dt {
    color: var(--ha-muted);
  }
  .detail dd {
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  .parts {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .parts li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) max-content;
    gap: 8px;
    padding: 2px 0;
  }
  .parts button {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .parts span {
    color: var(--ha-muted);
    font-variant-numeric: tabular-nums;
  }
  .detail .stack {
    padding: 6px 8px;
    border-radius: 4px;
    font-size: 11px;
  }
  .detail .stack li {
    grid-template-columns: 18px minmax(0, 1fr);
    column-gap: 8px;
    padding-bottom: 3px;
  }
  .detail .stack .place {
    grid-column: 2;
  }
`;
