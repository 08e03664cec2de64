// The colours and type that every widget uses, as CSS custom properties: VS Code's where it hosts the widget, else the
// page's, else a light default. Main entries: tokens (CSS) and groundOf. Called by every element.
import { css } from "lit";
import { luminance, parseCssColour } from "./palette.ts";

export const tokens = css`
  :host {
    --ha-ground: var(--vscode-editor-background, var(--heapatlas-ground, #ffffff));
    --ha-panel: var(--vscode-sideBar-background, var(--heapatlas-panel, #f6f8fa));
    --ha-text: var(--vscode-foreground, var(--heapatlas-text, #1f2328));
    --ha-muted: var(--vscode-descriptionForeground, var(--heapatlas-muted, #59636e));
    --ha-border: var(--vscode-panel-border, var(--heapatlas-border, #d8dee4));
    --ha-hover: var(--vscode-list-hoverBackground, var(--heapatlas-hover, #eef1f4));
    --ha-accent: var(--vscode-focusBorder, var(--heapatlas-accent, #0969da));
    --ha-accent-soft: var(--vscode-editor-selectionBackground, var(--heapatlas-accent-soft, #cfe4fb));
    --ha-link: var(--vscode-textLink-foreground, var(--heapatlas-link, #0969da));
    --ha-error: var(--vscode-errorForeground, var(--heapatlas-error, #c4281c));
    --ha-warning: var(--vscode-editorWarning-foreground, var(--heapatlas-warning, #9a6700));
    --ha-input: var(--vscode-input-background, var(--heapatlas-input, #ffffff));
    --ha-float: var(--vscode-editorHoverWidget-background, var(--heapatlas-float, #ffffff));
    --ha-empty-tile: var(--heapatlas-empty-tile, color-mix(in srgb, var(--ha-text) 7%, var(--ha-ground)));
    --ha-font: var(--vscode-font-family, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif);
    --ha-mono: var(--vscode-editor-font-family, ui-monospace, "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace);
    color: var(--ha-text);
    font: 13px/1.4 var(--ha-font);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button,
  select {
    min-height: 26px;
    padding: 2px 9px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
    cursor: pointer;
  }
  button:hover,
  select:hover {
    background: var(--ha-hover);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--ha-muted);
  }
  button.quiet:hover {
    background: var(--ha-hover);
    color: var(--ha-text);
  }
  :focus-visible {
    outline: 2px solid var(--ha-accent);
    outline-offset: 1px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Whether an element stands on a dark or a light ground. */
export function groundOf(element: Element): "dark" | "light" {
  const probe = document.createElement("span");
  probe.style.color = "var(--ha-ground)";
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  const colour = parseCssColour(getComputedStyle(probe).color);
  probe.remove();
  return colour !== undefined && luminance(colour) < 0.25 ? "dark" : "light";
}

/** The value of one of the tokens as a canvas takes it. */
export function colourOf(element: Element, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
