// The colours and type that every widget uses, as CSS custom properties: VS Code's where it hosts the widget, else the
// page's, else a light default. Main entries: tokens (CSS), canvasColours, watchTheme. Called by every element.
import { css } from "lit";
import { blend, luminance, parseCssColour, toCss, type Rgb } from "./palette.ts";

export const tokens = css`
  :host {
    --ha-ground: var(--vscode-editor-background, var(--heapatlas-ground, #ffffff));
    --ha-panel: var(--vscode-sideBar-background, var(--heapatlas-panel, #f6f8fa));
    --ha-text: var(--vscode-foreground, var(--heapatlas-text, #1f2328));
    --ha-muted: var(--vscode-descriptionForeground, var(--heapatlas-muted, #59636e));
    --ha-border: var(--vscode-panel-border, var(--heapatlas-border, #d8dee4));
    --ha-hover: var(--vscode-list-hoverBackground, var(--heapatlas-hover, #eef1f4));
    --ha-accent: var(--vscode-focusBorder, var(--heapatlas-accent, #0969da));
    /* Not the editor's selection, upon which under high contrast no text of ours can be read. */
    --ha-accent-soft: var(--heapatlas-accent-soft, color-mix(in srgb, var(--ha-accent) 25%, var(--ha-ground)));
    --ha-link: var(--vscode-textLink-foreground, var(--heapatlas-link, #0969da));
    --ha-error: var(--vscode-errorForeground, var(--heapatlas-error, #c4281c));
    /* The editor's is for marks; as text it is too light on a light ground. */
    --ha-warning: color-mix(
      in srgb,
      var(--vscode-editorWarning-foreground, var(--heapatlas-warning, #9a6700)) 60%,
      var(--ha-text)
    );
    --ha-input: var(--vscode-input-background, var(--heapatlas-input, #ffffff));
    --ha-float: var(--vscode-editorHoverWidget-background, var(--heapatlas-float, #ffffff));
    --ha-font: var(--vscode-font-family, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif);
    --ha-mono: var(
      --vscode-editor-font-family,
      ui-monospace,
      "SF Mono",
      "Noto Sans Mono",
      "DejaVu Sans Mono",
      monospace
    );
    color: var(--ha-text);
    font: 13px/1.4 var(--ha-font);
  }
  @media (forced-colors: active) {
    :host {
      --ha-ground: Canvas;
      --ha-panel: Canvas;
      --ha-text: CanvasText;
      --ha-muted: CanvasText;
      --ha-border: CanvasText;
      --ha-accent: Highlight;
      --ha-link: LinkText;
      --ha-error: CanvasText;
      --ha-warning: CanvasText;
    }
    .ramp,
    .swatch,
    .dot,
    .live,
    .key,
    .fill,
    .cursor,
    .selection {
      forced-color-adjust: none;
    }
    [aria-pressed="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
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

/** A token's colour as it is computed for an element. */
function rgbOf(element: Element, token: string): Rgb {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  // Under forced colours every text would be of one colour.
  probe.style.setProperty("forced-color-adjust", "none");
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return parseCssColour(color) ?? [128, 128, 128];
}

/** The tokens as a canvas takes them. */
export interface CanvasColours {
  readonly ground: string;
  readonly groundRgb: Rgb;
  readonly text: string;
  readonly textRgb: Rgb;
  readonly muted: string;
  readonly border: string;
  readonly emptyTile: string;
  readonly font: string;
  /** Whether the element stands on a dark or a light ground. */
  readonly shade: "dark" | "light";
}

export function canvasColours(element: Element): CanvasColours {
  const [ground, text] = [rgbOf(element, "--ha-ground"), rgbOf(element, "--ha-text")];
  return {
    ground: toCss(ground),
    groundRgb: ground,
    text: toCss(text),
    textRgb: text,
    muted: toCss(rgbOf(element, "--ha-muted")),
    border: toCss(rgbOf(element, "--ha-border")),
    emptyTile: toCss(blend(text, ground, 0.08)),
    font: getComputedStyle(element).fontFamily,
    shade: luminance(ground) < 0.25 ? "dark" : "light",
  };
}

/** Calls `changed` whenever the document's theme changes; VS Code marks it on the body, the page on the root. */
export function watchTheme(changed: () => void): { dispose(): void } {
  const forced = matchMedia("(forced-colors: active)");
  forced.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  }
  return {
    dispose: () => {
      observer.disconnect();
      forced.removeEventListener("change", changed);
    },
  };
}
