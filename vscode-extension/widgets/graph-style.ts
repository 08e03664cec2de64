// The graph's style. Called by graph.ts alone.
import { css } from "lit";

export const graphStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 14px;
    padding-bottom: 6px;
    color: var(--ha-muted);
    font-size: 11px;
  }
  .tools {
    display: inline-flex;
    gap: 2px;
    margin-left: auto;
  }
  .tools button {
    min-width: 30px;
  }
  .graph {
    position: relative;
    flex: 1 1 0;
    min-height: 160px;
    overflow: hidden;
    border: 1px solid var(--ha-border);
    border-radius: 4px;
    cursor: grab;
    touch-action: pan-y;
    user-select: none;
  }
  .graph.dragged {
    cursor: grabbing;
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  .edge {
    fill: none;
    stroke: var(--ha-muted);
    opacity: 0.45;
  }
  .edge.past {
    stroke-dasharray: 5 4;
  }
  .edge.near {
    stroke: var(--ha-accent);
    opacity: 0.9;
  }
  .tip {
    fill: var(--ha-muted);
    opacity: 0.8;
  }
  .tip.near {
    fill: var(--ha-accent);
    opacity: 1;
  }
  text {
    fill: var(--ha-text);
    font: 12px var(--ha-font);
  }
  .amount {
    fill: var(--ha-muted);
    font-size: 10.5px;
    font-variant-numeric: tabular-nums;
    paint-order: stroke;
    stroke: var(--ha-ground);
    stroke-width: 4px;
    stroke-linejoin: round;
    text-anchor: middle;
  }
  .amount.near {
    fill: var(--ha-text);
  }
  .node {
    cursor: pointer;
  }
  .node rect.box {
    fill: var(--ha-panel);
    stroke: var(--ha-border);
  }
  .node:hover rect.box {
    stroke: var(--ha-text);
  }
  .node.selected rect.box {
    fill: var(--ha-accent-soft);
  }
  .node.here rect.box {
    stroke: var(--ha-text);
    stroke-width: 2;
  }
  .node .second {
    fill: var(--ha-muted);
    font-size: 10.5px;
    font-variant-numeric: tabular-nums;
  }
  .node .share {
    fill: var(--ha-muted);
    opacity: 0.25;
  }
  .rest {
    flex: 1 1 auto;
    min-width: 0;
    overflow: hidden;
    color: var(--ha-muted);
    text-align: right;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
