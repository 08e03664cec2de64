// The two buttons with which any widget is copied. Main entry: copyTools. Called by widget-host.ts, which knows what to do.
import { html, type TemplateResult } from "lit";

export function copyTools(format: string, onImage: () => void, onData: () => void): TemplateResult {
  return html`<span class="copy">
    <button class="quiet" aria-label="Copy as image" title="Copy as image" @click=${onImage}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <rect x="1.5" y="2.5" width="13" height="11" rx="1.5"></rect>
        <path d="m2 11.5 3.8-4 3 3 2.2-2.2 3 3"></path>
        <circle cx="10.8" cy="5.8" r="1.1"></circle>
      </svg>
    </button>
    <button class="quiet" aria-label="Copy as ${format}" title="Copy as ${format}" @click=${onData}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <rect x="5.5" y="5.5" width="9" height="9" rx="1.5"></rect>
        <path d="M10.5 5.5V3A1.5 1.5 0 0 0 9 1.5H3A1.5 1.5 0 0 0 1.5 3v6A1.5 1.5 0 0 0 3 10.5h2.5"></path>
      </svg>
    </button>
  </span>`;
}
