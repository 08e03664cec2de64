// The style of what the heat map and the scene share: the choice of a metric, the legend, the tooltip, the line below. Called by both.
import { css } from "lit";

export const mapStyle = css`
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
`;
