// The heat map's style. Called by heatmap.ts alone.
import { css } from "lit";

export const heatMapStyle = css`
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
    gap: 4px 12px;
    padding: 0 0 8px;
  }
  .switch {
    display: inline-flex;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
    overflow: hidden;
  }
  .switch button {
    border: 0;
    border-radius: 0;
    background: transparent;
    color: var(--ha-muted);
  }
  .switch button + button {
    border-left: 1px solid var(--ha-border);
  }
  .switch button[aria-pressed="true"] {
    background: var(--ha-accent-soft);
    color: var(--ha-text);
  }
  .tools {
    display: inline-flex;
    gap: 2px;
    flex: none;
    margin: -3px -6px -4px 0;
  }
  .tools button {
    padding: 2px 7px;
  }
  .legend {
    display: flex;
    flex: 1 1 300px;
    max-width: 520px;
    align-items: center;
    gap: 6px;
    min-height: 30px;
    color: var(--ha-muted);
    font-size: 11px;
    white-space: nowrap;
  }
  .legend button {
    padding: 2px 6px;
    font-size: 11px;
  }
  .swatches {
    display: grid;
    margin-left: 8px;
    line-height: 14px;
  }
  .swatch {
    display: inline-block;
    width: 12px;
    height: 10px;
    margin-right: 5px;
    border: 1px solid var(--ha-border);
  }
  .ramp-box {
    position: relative;
    flex: 1 1 110px;
    max-width: 280px;
    height: 28px;
    container: ramp / inline-size;
  }
  .ramp {
    position: absolute;
    inset: 1px 0 auto;
    height: 10px;
    border-radius: 2px;
  }
  .tick {
    position: absolute;
    top: 13px;
    transform: translateX(-50%);
    font-variant-numeric: tabular-nums;
  }
  .tick.first {
    transform: none;
  }
  .tick.last {
    transform: translateX(-100%);
  }
  .views {
    display: flex;
    flex: 1;
    gap: 12px;
    min-height: 0;
    position: relative;
    container: views / inline-size;
  }
  .map {
    position: relative;
    flex: 1;
    min-width: 0;
    min-height: 0;
    overflow: hidden auto;
    cursor: crosshair;
    touch-action: pan-y;
    border-radius: 4px;
  }
  .space {
    position: relative;
  }
  canvas {
    position: sticky;
    top: 0;
    display: block;
  }
  .label {
    position: absolute;
    left: 0;
    overflow: hidden;
    padding-right: 8px;
    font-size: 11px;
    line-height: 15px;
    cursor: default;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .label .name {
    display: flex;
    gap: 8px;
    justify-content: space-between;
  }
  .label .name span:first-child {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .gap {
    position: absolute;
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--ha-muted);
    font-size: 10px;
    white-space: nowrap;
    cursor: default;
  }
  .gap::before,
  .gap::after {
    flex: 1;
    border-top: 1px dotted var(--ha-muted);
    content: "";
    opacity: 0.6;
  }
  .label .size {
    color: var(--ha-muted);
  }
  .label .mono {
    font-family: var(--ha-mono);
    font-size: 10px;
  }
  .label div {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .cursor,
  .hover,
  .drag,
  .selection {
    position: absolute;
    pointer-events: none;
  }
  .cursor {
    outline: 2px solid var(--ha-text);
    box-shadow:
      0 0 0 3px var(--ha-ground),
      inset 0 0 0 1px var(--ha-ground);
  }
  .hover {
    outline: 1px solid var(--ha-text);
  }
  .drag {
    background: color-mix(in srgb, var(--ha-accent) 45%, transparent);
  }
  .selection {
    outline: 2px solid var(--ha-accent);
    box-shadow: 0 0 0 3px var(--ha-ground);
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 12px;
    padding-top: 4px;
  }
  .status {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    color: var(--ha-muted);
    font-size: 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tooltip {
    position: fixed;
    z-index: 20;
    max-width: min(360px, calc(100vw - 16px));
    padding: 8px 10px;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
    background: var(--ha-float);
    box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
    font-size: 12px;
    pointer-events: none;
  }
  .tooltip .address {
    font-family: var(--ha-mono);
    font-size: 11px;
    color: var(--ha-muted);
  }
  .tooltip .of {
    margin-top: 8px;
    color: var(--ha-muted);
    font-size: 11px;
  }
  .tooltip dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 2px 16px;
    margin: 6px 0 0;
  }
  .tooltip dt {
    color: var(--ha-muted);
  }
  .tooltip dd {
    margin: 0;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  @media (max-width: 600px) {
    .switch button {
      padding: 2px 7px;
      font-size: 12px;
    }
  }
  @container ramp (max-width: 190px) {
    .tick:not(.first, .last) {
      display: none;
    }
  }
  @container views (max-width: 620px) {
    .detail {
      position: absolute;
      inset: auto 0 0;
      max-height: 62%;
      padding: 8px 10px;
      border: 1px solid var(--ha-border);
      border-radius: 6px;
      background: var(--ha-float);
      box-shadow: 0 -4px 16px rgb(0 0 0 / 25%);
    }
  }
`;
