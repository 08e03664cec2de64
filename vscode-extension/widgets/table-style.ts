// The table's style. Called by table.ts alone.
import { css } from "lit";

export const tableStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    flex: 1 1 auto;
    min-height: 0;
  }
  .query {
    display: flex;
    gap: 6px;
    align-items: flex-start;
    padding: 6px 0;
  }
  .query textarea {
    flex: 1;
    min-width: 0;
    padding: 4px 7px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
    color: inherit;
    font: 12px/1.45 var(--ha-mono);
    resize: vertical;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 10px;
    padding-bottom: 8px;
  }
  .bar input {
    flex: 0 1 280px;
    min-width: 0;
    min-height: 28px;
    padding: 2px 9px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
  }
  .count {
    color: var(--ha-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .scroll {
    position: relative;
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    container-type: inline-size;
  }
  .table {
    min-width: 100%;
    width: max-content;
  }
  .head,
  .cells {
    display: grid;
    column-gap: 14px;
    padding: 0 10px;
    min-width: 100%;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 2;
    border-bottom: 1px solid var(--ha-border);
    background: var(--ha-ground);
  }
  .head button {
    overflow: hidden;
    padding: 5px 0;
    border: 0;
    border-radius: 0;
    background: transparent;
    color: var(--ha-muted);
    font-size: 12px;
    font-weight: 600;
    text-align: left;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .head button:disabled {
    opacity: 1;
  }
  .head .sorted {
    color: var(--ha-text);
  }
  .head .number {
    text-align: right;
  }
  .body {
    position: relative;
  }
  .row {
    position: absolute;
    left: 0;
    right: 0;
    border-bottom: 1px solid color-mix(in srgb, var(--ha-border) 55%, transparent);
  }
  .cells {
    align-items: center;
    height: 28px;
    cursor: pointer;
  }
  .row:hover .cells {
    background: var(--ha-hover);
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .row.selected .cells {
    background: var(--ha-accent-soft);
  }
  .cell {
    position: relative;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .cell.number {
    padding: 2px 5px;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .cell .fill {
    position: absolute;
    inset: 2px auto 2px 0;
    border-radius: 2px;
    background: color-mix(in srgb, var(--ha-accent) 24%, transparent);
  }
  .cell .text {
    position: relative;
  }
  .row.muted .text {
    color: var(--ha-muted);
  }
  .row.muted .fill {
    opacity: 0.35;
  }
  .actions {
    position: sticky;
    left: 0;
    display: flex;
    gap: 6px;
    max-width: var(--table-width, 100%);
    padding: 6px 12px 0 34px;
    background: var(--ha-panel);
  }
  .twist {
    display: inline-block;
    width: 16px;
    color: var(--ha-muted);
  }
  .waiting {
    height: 10px;
    border-radius: 4px;
    background: var(--ha-hover);
  }
  .stack {
    position: sticky;
    left: 0;
    max-width: var(--table-width, 100%);
  }
  /* In sight however wide the table is. */
  .nothing {
    position: sticky;
    left: 0;
    width: 100cqw;
    padding: 24px;
    color: var(--ha-muted);
    text-align: center;
  }
`;
