// The heat map's style, but for what it shares with the scene (map-style.ts). Called by heatmap.ts alone.
import { css } from "lit";

export const heatMapStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
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
