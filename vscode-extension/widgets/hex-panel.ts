// What stands beside and below the bytes: the values under the cursor, the legend, what is to be confirmed. Main entries:
// panel, legend, confirmation. Called by hex.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { toWire } from "./address.ts";
import { formatExactly } from "./format.ts";
import type { MemorySpan } from "./hex-data.ts";
import { blockColours } from "./hex-grid.ts";
import { isBlock, pointerAt, spanTitle, stringAt, valuesAt, type Edit, type HexModel } from "./hex-model.ts";

const MOST_IN_LEGEND = 8;

/** The bytes from the cursor on, as every type reads them. */
export function panel(model: HexModel, index: number | undefined, follow: (target: number) => void): TemplateResult {
  if (index === undefined) {
    return html`<aside class="panel" aria-label="Values under the cursor">
      <p>The cursor is out of sight; an arrow key or a press on a byte brings it back.</p>
    </aside>`;
  }
  const pointer = pointerAt(model, index);
  const known = model.pointerAt(index) !== undefined;
  return html`<aside class="panel" aria-label="Values under the cursor">
    ${place(model, index)}
    <dl>
      ${valuesAt(model, index).map(
        ({ type, text }) =>
          html`<dt>${type}</dt>
            <dd>${text}</dd>`,
      )}
      <dt>pointer</dt>
      <dd class="whole">
        ${
          known
            ? html`<button class="link" title="Follow (Enter)" @click=${() => follow(model.wordAt(index))}>
                ${pointer.value}
              </button>`
            : pointer.value
        }${pointer.into === "" ? nothing : html`<span class="into">→ ${pointer.into}</span>`}
      </dd>
      <dt>string</dt>
      <dd class="whole">${stringAt(model, index)}</dd>
    </dl>
  </aside>`;
}

/** Whose the byte is. */
function place(model: HexModel, index: number): TemplateResult {
  const span = model.spanAt(index);
  const address = model.addressOf(index);
  if (span === undefined) return html`<h3>${toWire(address)}</h3>`;
  if (!isBlock(span)) {
    return html`<h3>${span.owner}</h3>
      <p>${[toWire(address), span.text].filter((text) => text !== "").join(", ")}</p>`;
  }
  const freed = span.kind === "freed" ? "Freed block" : "Block";
  return html`<h3>${freed} of ${span.owner}</h3>
    <p>
      ${toWire(span.range.from)}, ${formatExactly(span.size, "B")}, ${span.text}; the cursor is on byte
      ${(address - span.range.from).toString()}
    </p>`;
}

export function legend(model: HexModel, shade: "dark" | "light"): TemplateResult {
  const blocks = model.data.spans.filter(isBlock);
  const freed = blocks.some(({ kind }) => kind === "freed");
  const others = [...new Set(model.data.spans.filter((span) => !isBlock(span)).map(otherWords))];
  const more = blocks.length - MOST_IN_LEGEND;
  return html`<ul class="legend" aria-label="Legend">
    ${blocks.slice(0, MOST_IN_LEGEND).map((span) => blockEntry(model, span, shade))}
    ${more > 0 ? html`<li>and ${more} more ${more === 1 ? "block" : "blocks"}</li>` : nothing}
    ${freed ? html`<li><i class="swatch freed" aria-hidden="true"></i>released</li>` : nothing}
    ${others.map((words) => html`<li><i class="swatch" aria-hidden="true"></i>${words}</li>`)}
    <li><b class="sample changed" aria-hidden="true">ab</b>changed ${model.data.compared}</li>
  </ul>`;
}

function otherWords({ owner, text }: MemorySpan): string {
  return text === "" ? owner : `${owner}: ${text}`;
}

function blockEntry(model: HexModel, span: MemorySpan, shade: "dark" | "light"): TemplateResult {
  const words = spanTitle(span);
  return html`<li title="${words}, ${toWire(span.range.from)}, ${span.text}">
    <i
      class="swatch ${span.kind}"
      aria-hidden="true"
      style=${styleMap(span.kind === "live" ? blockColours(model, span.owner, shade) : {})}
    ></i
    ><span class="words">${words}</span>
  </li>`;
}

export interface ConfirmationDeeds {
  write(): void;
  discard(): void;
}

/** Nothing is written before it is confirmed. */
export function confirmation(edit: Edit, program: string, deeds: ConfirmationDeeds): TemplateResult {
  const count = `${edit.bytes} ${edit.bytes === 1 ? "byte" : "bytes"}`;
  return html`<div class="confirm" role="status">
    <span>Write ${count} at ${toWire(edit.at)} of ${program}?</span>
    <button ?disabled=${!edit.isWhole} @click=${() => deeds.write()}>Write (Enter)</button>
    <button class="quiet" @click=${() => deeds.discard()}>Discard (Esc)</button>
    ${edit.isWhole ? nothing : html`<span>A byte has two digits.</span>`}
  </div>`;
}

/** Enter does what the field is for; both that and Escape lead back to the bytes. */
export function onField(root: ParentNode, event: KeyboardEvent, done: (text: string) => void): void {
  // An input method's keys choose a character.
  if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
  event.preventDefault();
  if (event.key === "Enter") done((event.target as HTMLInputElement).value);
  root.querySelector<HTMLElement>(".cell[tabindex='0']")?.focus({ preventScroll: true });
}
