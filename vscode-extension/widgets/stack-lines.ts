// A call stack as a list, each frame with its source line as a link. Main entries: stackLines, sourceLink, stackStyle.
// Called by the table for an expanded row and by the heat map for an inspected allocation.
import { css, html, type TemplateResult } from "lit";
import type { StackLine } from "./protocol.ts";
import { sourceText, stackText } from "./table-model.ts";

/** Who shows the list: opens a source line, or copies text and says what was copied. */
export interface StackReader {
  openSource(path: string, line: number): void;
  copyText(text: string, what: string): void;
}

/** `tabIndex`: −1 where arrow keys lead to it, as in a table's row. */
export function sourceLink(reader: StackReader, path: string, line: number, tabIndex = 0): TemplateResult {
  return html`<button
    class="link"
    title="${path}:${line}"
    tabindex=${tabIndex}
    @click=${(event: Event) => {
      event.stopPropagation();
      reader.openSource(path, line);
    }}
  >
    ${sourceText(path, line)}
  </button>`;
}

export function stackLines(reader: StackReader, lines: readonly StackLine[]): TemplateResult {
  if (lines.length === 0) return html`<div class="stack">No call stack was recorded.</div>`;
  return html`<ol class="stack" aria-label="Call stack">
    ${lines.map((line, at) =>
      isHeading(line)
        ? html`<li class="heading">${line.function}</li>`
        : html`<li>
            <span class="index">${at - lines.findLastIndex((other, i) => i < at && isHeading(other)) - 1}</span
            ><span class="function" title=${line.function}>${line.function}</span>
            <span class="place" title=${line.path || line.module}>
              ${line.path === "" ? sourceText(line.module, 0) : sourceLink(reader, line.path, line.line)}
            </span>
          </li>`,
    )}
    <li class="copy">
      <span class="index"></span>
      <button class="link" @click=${() => reader.copyText(stackText(lines), "The stack")}>Copy stack</button>
    </li>
  </ol>`;
}

/** Between two stacks stands what each is of: a line that lies nowhere. */
function isHeading(line: StackLine): boolean {
  return line.path === "" && line.module === "";
}

export const stackStyle = css`
  .stack {
    margin: 0;
    padding: 6px 12px 10px 34px;
    list-style: none;
    font: 12px/1.6 var(--ha-mono);
    background: var(--ha-panel);
  }
  .stack li {
    display: grid;
    grid-template-columns: 22px minmax(0, 3fr) minmax(0, 2fr);
    column-gap: 12px;
  }
  .stack li.heading {
    display: block;
    padding-top: 4px;
    font: 600 12px/1.6 var(--ha-font);
  }
  .stack li.copy {
    grid-template-columns: 22px max-content;
  }
  .stack .index {
    color: var(--ha-muted);
    text-align: right;
  }
  .stack .function,
  .stack .place {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .stack .place {
    color: var(--ha-muted);
  }
  button.link {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--ha-link);
    font: inherit;
    text-align: left;
  }
  button.link:hover {
    text-decoration: underline;
  }
`;
