// The field above a table that answers a query, for the next one. Main entry: queryField. Called by table.ts.
import { html, nothing, type TemplateResult } from "lit";

const MOST_LINES = 8;

/** Enter asks; Shift+Enter begins another line. exported: writes the answer of what was asked, where that can be done. */
export function queryField(
  sql: string,
  ask: (sql: string) => void,
  exported: (() => void) | undefined,
): TemplateResult {
  const asked = (field: Element | null | undefined): void => {
    if (field instanceof HTMLTextAreaElement && field.value.trim() !== "") ask(field.value);
  };
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // An input method's Enter chooses a character.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    asked(event.target as Element);
  };
  return html`<div class="query">
    <textarea
      rows=${Math.min(MOST_LINES, Math.max(2, sql.split("\n").length))}
      spellcheck="false"
      placeholder="SELECT function, live_bytes FROM sites ORDER BY live_bytes DESC LIMIT 10"
      aria-label="Query in SQL. Enter asks, Shift+Enter begins another line."
      .value=${sql}
      @keydown=${onKey}
    ></textarea>
    <button @click=${(event: Event) => asked((event.target as Element).previousElementSibling)}>Ask</button>
    ${exported === undefined ? nothing : html`<button title="All rows, as CSV, Parquet or a spreadsheet" @click=${exported}>Export…</button>`}
  </div>`;
}
