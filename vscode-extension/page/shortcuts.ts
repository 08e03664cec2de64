// The keyboard shortcuts and their overlay. Main entries: SHORTCUTS (what there is), shortcutOf, shortcutsOverlay.
// Called by app.ts.
import { html, type TemplateResult } from "lit";

export type Command = "help" | "theme" | "filter" | "process" | "panel";

const KEYS: Readonly<Record<string, Command>> = { "?": "help", t: "theme", "/": "filter", p: "process" };

export interface Shortcut {
  readonly command: Command;
  /** Which panel, from 0. */
  readonly index: number;
}

/** The command of a key, unless it is typed into a field or belongs to the browser. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return undefined;
  if (/^[1-9]$/.test(event.key)) return { command: "panel", index: Number(event.key) - 1 };
  const command = KEYS[event.key];
  return command === undefined ? undefined : { command, index: 0 };
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["?", "these shortcuts"],
      ["1 … 9", "go to a panel"],
      ["/", "filter the call sites"],
      ["p", "choose the process"],
      ["t", "light or dark"],
      ["right click, Menu, Shift+F10", "what can be done with a tile, row, node or byte"],
    ],
  },
  {
    title: "Heat map",
    keys: [
      ["← → ↑ ↓", "move from tile to tile"],
      ["Space", "what is there"],
      ["Esc", "close the details"],
      ["Enter", "look closer"],
      ["Backspace", "go back"],
      ["m", "next metric"],
      ["+ −", "larger or smaller tiles"],
      ["drag", "look closer at a range"],
    ],
  },
  {
    title: "3D scene",
    keys: [
      ["drag, ← → ↑ ↓", "turn it"],
      ["Shift+drag, Shift+← → ↑ ↓", "move along the ground"],
      ["+ −, Ctrl+wheel", "come closer, go away"],
      ["Home", "see all again"],
      ["PgUp PgDn", "from box to box"],
      ["Enter, double-click", "look closer"],
      ["Backspace", "go back"],
    ],
  },
  {
    title: "Table",
    keys: [
      ["↑ ↓ PgUp PgDn", "move from row to row"],
      ["Enter → ←", "show or hide the stack, or go further"],
      ["Backspace", "go back"],
    ],
  },
  {
    title: "Flame graph",
    keys: [
      ["↑ ↓ ← →", "to the caller, the callee, along the row"],
      ["click, Enter", "zoom in"],
      ["Backspace Esc", "go back"],
      ["o, Ctrl+click", "open the source"],
      ["Enter in the search", "the next match"],
    ],
  },
  {
    title: "Graph",
    keys: [
      ["← → ↑ ↓", "along the largest edge, within a layer"],
      ["Enter, double-click", "callers and callees, or go further"],
      ["Backspace Esc", "go back"],
      ["+ − 0, wheel", "larger, smaller, all of it"],
      ["drag, Shift+arrows", "move the picture"],
      ["o, Ctrl+click", "open the source"],
    ],
  },
  {
    title: "Memory",
    keys: [
      ["← → ↑ ↓ PgUp PgDn", "move over the bytes; with Shift, select"],
      ["Home End", "ends of the row; with Ctrl, of the mapping"],
      ["Ctrl+G, Ctrl+F", "go to an address, search"],
      ["Enter", "follow the pointer"],
      ["Alt+← →", "back, forward"],
      ["0 … f", "type over bytes, Enter writes them"],
      ["Ctrl+C", "copy as hex"],
    ],
  },
  {
    title: "Timeline",
    keys: [
      ["click, drag", "go to that instant of a recording"],
      ["← →", "a step back or on; with Alt, ten"],
      ["Home End", "the beginning, the end"],
      ["Space, Shift+Space", "play a recording, play it backward, pause"],
      ["+ −", "faster, slower"],
      [", .", "the event before, the next one"],
      ["< >", "the finding before, the next one"],
      ["[ ]", "mark A or B at this instant"],
      ["c", "compare A and B"],
      ["Shift+drag, Shift+← →", "choose a time span"],
      ["Esc", "the whole time again"],
      ["click, ← → Enter on a mark", "go to what it marks"],
    ],
  },
  {
    title: "Chart",
    keys: [
      ["← →", "move the cursor"],
      ["+ −", "a shorter or longer time span"],
      ["Esc", "the whole time again"],
      ["drag", "choose a time span"],
      ["double-click", "the whole time again"],
    ],
  },
];

export function shortcutsOverlay(onClose: () => void): TemplateResult {
  return html`<dialog class="shortcuts" aria-labelledby="shortcuts-title" @close=${onClose} @click=${closeOnBackdrop}>
    <div class="sheet">
      <header>
        <h2 id="shortcuts-title">Keyboard and mouse</h2>
        <button class="quiet" aria-label="Close" @click=${closeDialog}>✕</button>
      </header>
      <div class="groups">
        ${GROUPS.map(
          (group) =>
            html`<section>
              <h3>${group.title}</h3>
              <dl>
                ${group.keys.map(
                  ([key, words]) =>
                    html`<dt><kbd>${key}</kbd></dt>
                      <dd>${words}</dd>`,
                )}
              </dl>
            </section>`,
        )}
      </div>
    </div>
  </dialog>`;
}

function closeOnBackdrop(event: Event): void {
  if (event.target instanceof HTMLDialogElement) event.target.close();
}

function closeDialog(event: Event): void {
  if (event.target instanceof Element) event.target.closest("dialog")?.close();
}
