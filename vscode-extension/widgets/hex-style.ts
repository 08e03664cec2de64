// The hex widget's style. Called by hex.ts alone. A block is outlined, a released one hatched, a changed byte bold and
// underlined: nothing is told by its colour alone.
import { css } from "lit";

export const hexStyle = css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: 8px;
    min-height: 0;
    overflow: auto;
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 6px;
  }
  .bar input {
    flex: 1 1 150px;
    min-width: 0;
    max-width: 230px;
    min-height: 28px;
    padding: 2px 9px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
  }
  .confirm {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    padding: 6px 10px;
    border: 1px solid var(--ha-warning);
    border-left-width: 4px;
    border-radius: 5px;
    background: var(--ha-panel);
  }
  .views {
    display: flex;
    flex: 1 0 340px;
    gap: 14px;
    min-height: 0;
  }
  .room {
    position: relative;
    flex: 1 1 auto;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
  }
  .grid {
    position: absolute;
    inset: 0;
    overflow: hidden;
    font: 12px/20px var(--ha-mono);
    user-select: none;
  }
  .line {
    display: flex;
    width: max-content;
    height: 20px;
  }
  .line.head {
    color: var(--ha-muted);
  }
  .address {
    flex: none;
    width: 15ch;
    color: var(--ha-muted);
  }
  .cell {
    flex: none;
    width: 3ch;
    border: 0 solid var(--block, var(--ha-border));
    background: var(--fill, transparent);
    text-align: center;
    cursor: default;
  }
  .cell:nth-child(8n + 1):not(.last) {
    margin-right: 0.6ch;
  }
  .cell.top {
    border-top-width: 1px;
    line-height: 19px;
  }
  .cell.bottom {
    border-bottom-width: 1px;
  }
  .cell.left {
    border-left-width: 1px;
  }
  .cell.right {
    border-right-width: 1px;
  }
  .cell.freed,
  .swatch.freed {
    border-style: dashed;
    background: repeating-linear-gradient(
      135deg,
      transparent 0 3px,
      color-mix(in srgb, var(--ha-muted) 30%, transparent) 3px 5px
    );
  }
  .cell.unreadable {
    color: var(--ha-muted);
  }
  .cell.zero {
    color: var(--ha-muted);
  }
  .cell.pointer {
    text-decoration: underline dotted;
    text-underline-offset: 3px;
  }
  .cell.changed,
  .letter.changed,
  .sample.changed {
    color: var(--ha-error);
    font-weight: 700;
    text-decoration: underline solid 2px;
    text-underline-offset: 2px;
  }
  .cell.chosen,
  .letter.chosen {
    background: var(--ha-accent-soft);
  }
  .cell.edited {
    background: var(--ha-input);
    color: var(--ha-warning);
    font-weight: 700;
  }
  .cell.cursor,
  .cell:focus-visible {
    outline: 2px solid var(--ha-accent);
    outline-offset: -2px;
  }
  .letters {
    padding-left: 1.5ch;
    color: var(--ha-muted);
    white-space: pre;
  }
  .letter.cursor {
    outline: 1px solid var(--ha-accent);
    color: var(--ha-text);
  }
  .panel {
    flex: 0 0 250px;
    min-width: 0;
    padding-left: 12px;
    border-left: 1px solid var(--ha-border);
    overflow: auto;
    font-size: 12px;
  }
  .panel h3 {
    margin: 0 0 6px;
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .panel p {
    margin: 0 0 8px;
    color: var(--ha-muted);
    overflow-wrap: anywhere;
  }
  .panel dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 2px 12px;
    margin: 0;
  }
  .panel dt {
    color: var(--ha-muted);
  }
  .panel dd {
    margin: 0;
    font-family: var(--ha-mono);
    overflow-wrap: anywhere;
  }
  .panel .into {
    display: block;
    color: var(--ha-muted);
    font-family: var(--ha-font);
  }
  .status {
    overflow: hidden;
    min-height: 18px;
    color: var(--ha-muted);
    font-size: 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .why {
    margin: 0;
    color: var(--ha-muted);
    font-size: 12px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 0;
    padding: 0;
    color: var(--ha-muted);
    font-size: 11px;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-width: 0;
  }
  .legend .words {
    overflow: hidden;
    max-width: 34ch;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .swatch {
    flex: none;
    width: 14px;
    height: 11px;
    border: 1px solid var(--block, var(--ha-border));
    background: var(--fill, transparent);
  }
  @container (max-width: 620px) {
    .views {
      flex: 1 0 auto;
      flex-direction: column;
    }
    .room {
      flex: 1 0 260px;
    }
    .panel {
      flex: none;
      padding: 8px 0 0;
      border: 0;
      border-top: 1px solid var(--ha-border);
    }
    .panel dl {
      grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr);
    }
    .panel .whole {
      grid-column: 2 / -1;
    }
    .legend .words {
      max-width: 24ch;
    }
  }
  @container (max-width: 330px) {
    .grid {
      font-size: 11px;
    }
    .address {
      width: 14.2ch;
    }
    .cell {
      width: 2.9ch;
    }
    .letters {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .cell.cursor,
    .cell:focus-visible {
      outline-color: Highlight;
    }
    .cell.chosen {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
