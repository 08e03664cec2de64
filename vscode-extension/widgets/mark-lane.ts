// The lane of marks above a time bar's lanes: what stands out at an instant, told apart by shape and colour. Main entries:
// <heapatlas-mark-lane>, markSymbol, markLegend. Set up by timeline.ts. A press asks for the action 'mark'. The keyboard
// reaches the lane as one stop, and moves in it by arrow keys. Groups and words come from mark-model.ts.
import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import { formatCount } from "./format.ts";
import {
  groupLabel,
  groupLines,
  groupMarks,
  laneLabel,
  moreText,
  nextOf,
  roomOf,
  severitiesOf,
  SHAPES,
  SYMBOL,
  type MarkGroup,
} from "./mark-model.ts";
import { severityColour } from "./palette.ts";
import { tokens } from "./theme.ts";
import type { Marks, Severity } from "./timeline-data.ts";
import { timeScale, type TimeScale } from "./timeline-model.ts";
import { ActEvent } from "./widget-element.ts";

export const MARK_HEIGHT = 18;

const style = css`
  :host {
    position: relative;
    z-index: 5;
    display: block;
    height: ${MARK_HEIGHT}px;
    margin-bottom: 3px;
  }
  [role="group"] {
    height: 100%;
  }
  .mark {
    position: absolute;
    top: 0;
    display: inline-flex;
    align-items: center;
    height: 100%;
    min-height: 0;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    font-size: 11px;
    font-variant-numeric: tabular-nums;
    line-height: 1;
  }
  .mark:hover,
  .mark:focus-visible {
    z-index: 1;
    background: var(--ha-hover);
  }
  .mark.turned {
    flex-direction: row-reverse;
  }
  .mark span {
    padding: 0 1px;
  }
  .mark[aria-current="true"] {
    background: var(--ha-accent-soft);
    box-shadow: 0 0 0 1px var(--ha-accent);
  }
  svg {
    flex: none;
    margin: 0 1px;
    overflow: visible;
    stroke: var(--ha-ground);
    stroke-width: 2;
    paint-order: stroke;
  }
  .tip {
    position: absolute;
    bottom: calc(100% + 2px);
    z-index: 5;
    width: max-content;
    padding: 5px 9px;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
    background: var(--ha-float);
    font-size: 12px;
    overflow-wrap: anywhere;
    pointer-events: none;
  }
  .tip span,
  .tip strong {
    display: block;
    font-variant-numeric: tabular-nums;
  }
`;

@customElement("heapatlas-mark-lane")
export class MarkLane extends LitElement {
  static override styles = [tokens, style];

  @property({ attribute: false }) marks: Marks | undefined;
  @property({ attribute: false }) scale: TimeScale = timeScale({ from: 0, to: 1 }, 0);
  @property() shade: "dark" | "light" = "light";

  /** The one that the tabulator reaches, and the one whose words are shown. */
  @state() private focused = 0;
  @state() private told: number | undefined;

  private groups: readonly MarkGroup[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("marks") && !changed.has("scale")) return;
    this.groups = groupMarks(this.marks?.marks ?? [], this.scale);
    this.focused = Math.min(this.focused, Math.max(0, this.groups.length - 1));
    if (this.told !== undefined && this.told >= this.groups.length) this.told = undefined;
  }

  private press(group: MarkGroup): void {
    const mark = nextOf(group);
    if (mark !== undefined) this.dispatchEvent(new ActEvent({ action: "mark", target: mark.id }));
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.groups.length - 1;
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last };
    const step = steps[event.key];
    if (step !== undefined) this.focusMark(Math.min(last, Math.max(0, this.focused + step)));
    else if (event.key === "Escape" && this.told !== undefined) this.told = undefined;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private focusMark(index: number): void {
    this.renderRoot.querySelectorAll<HTMLElement>(".mark")[index]?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.marks === undefined) return nothing;
    return html`<div
      role="group"
      aria-label=${laneLabel(this.marks)}
      @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
    >
      ${this.groups.map((group, index) => this.renderMark(group, index))} ${this.renderTip()}
    </div>`;
  }

  private renderMark(group: MarkGroup, index: number): TemplateResult {
    // At the right end the number stands on the other side, where there is room for it.
    const turned = group.left + roomOf(group.count) - SYMBOL / 2 > this.scale.width && group.count > 1;
    const half = SYMBOL / 2 + 1;
    const place = turned ? { right: `${this.scale.width - group.left - half}px` } : { left: `${group.left - half}px` };
    return html`<button
      class="mark ${group.severity} ${turned ? "turned" : ""}"
      tabindex=${index === this.focused ? 0 : -1}
      aria-label=${groupLabel(group)}
      aria-current=${group.chosen}
      style=${styleMap(place)}
      @click=${() => this.press(group)}
      @focus=${() => (this.focused = this.told = index)}
      @blur=${() => (this.told = undefined)}
      @pointerenter=${() => (this.told = index)}
      @pointerleave=${() => (this.told = undefined)}
    >
      ${markSymbol(group.severity, this.shade)}${group.count === 1 ? nothing : html`<span>${formatCount(group.count)}</span>`}
    </button>`;
  }

  private renderTip(): TemplateResult | typeof nothing {
    const group = this.told === undefined ? undefined : this.groups[this.told];
    if (group === undefined) return nothing;
    const { width } = this.scale;
    const turned = group.left > width / 2;
    const side = turned ? { right: `${width - group.left - SYMBOL / 2}px` } : { left: `${group.left - SYMBOL / 2}px` };
    const room = (turned ? group.left : width - group.left) + SYMBOL;
    const [head, ...lines] = groupLines(group);
    return html`<div
      class="tip"
      aria-hidden="true"
      style=${styleMap({ ...side, maxWidth: `${Math.min(460, room)}px` })}
    >
      <strong>${head}</strong>${lines.map((line) => html`<span>${line}</span>`)}
    </div>`;
  }
}

export function markSymbol(severity: Severity, shade: "dark" | "light"): TemplateResult {
  return html`<svg class="symbol" viewBox="0 0 ${SYMBOL} ${SYMBOL}" width=${SYMBOL} height=${SYMBOL} aria-hidden="true">
    ${svg`<path class=${severity} fill=${severityColour(severity, shade)} d=${SHAPES[severity]}></path>`}
  </svg>`;
}

/** The shapes that are there, each with its word, and what has no mark. */
export function markLegend(marks: Marks, shade: "dark" | "light"): TemplateResult {
  const more = moreText(marks);
  return html`<span class="legend"
    >${marks.title}:
    ${severitiesOf(marks).map((severity) => html`<span>${markSymbol(severity, shade)}${severity}</span>`)}
    ${more === "" ? nothing : html`<span class="more">${more}</span>`}</span
  >`;
}
