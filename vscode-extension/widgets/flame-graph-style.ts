// The flame graph's style. Called by flame-graph.ts alone.
import { css } from "lit";

export const flameGraphStyle = css`
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
    gap: 6px 12px;
    padding-bottom: 6px;
  }
  .switch {
    display: inline-flex;
    flex-wrap: wrap;
    overflow: hidden;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
  }
  .switch button {
    border: 0;
    border-radius: 0;
    background: transparent;
    color: var(--ha-muted);
  }
  .switch button[aria-pressed="true"] {
    background: var(--ha-accent-soft);
    color: var(--ha-text);
  }
  .bar label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--ha-muted);
    font-size: 12px;
  }
  .search {
    display: inline-flex;
    flex: 1 1 220px;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  input {
    flex: 0 1 220px;
    min-width: 0;
    min-height: 26px;
    padding: 2px 8px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
  }
  .found {
    min-width: 0;
    color: var(--ha-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    padding-bottom: 6px;
    color: var(--ha-muted);
    font-size: 11px;
  }
  .flames {
    position: relative;
    flex: 1 1 0;
    min-height: 120px;
    overflow: hidden auto;
    border-radius: 4px;
    cursor: pointer;
  }
  canvas {
    position: sticky;
    top: 0;
    display: block;
  }
`;
