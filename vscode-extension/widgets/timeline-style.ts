// The timeline's style. Called by timeline.ts alone.
import { css } from "lit";

export const timelineStyle = css`
  :host {
    display: block;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 6px;
    min-height: 26px;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .bar button {
    min-height: 24px;
    padding: 1px 8px;
  }
  .bar select {
    min-height: 24px;
    padding: 1px 4px;
  }
  .transport {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 4px;
  }
  .bar .play {
    display: inline-flex;
    align-items: center;
    padding: 1px 10px;
  }
  .bar [aria-pressed="true"] {
    border-color: var(--ha-accent);
    background: var(--ha-accent-soft);
  }
  .length {
    color: var(--ha-muted);
    white-space: nowrap;
  }
  .bar input {
    width: 128px;
    min-height: 24px;
    padding: 1px 7px;
    border: 1px solid var(--ha-border);
    border-radius: 5px;
    background: var(--ha-input);
  }
  .now {
    margin-left: 4px;
    font-weight: 600;
  }
  .where {
    overflow: hidden;
    min-width: 0;
    color: var(--ha-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .span {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-left: auto;
  }
  .body {
    padding-top: 5px;
    display: grid;
    grid-template-columns: 86px minmax(0, 1fr) 78px;
    gap: 0 8px;
  }
  .middle {
    min-width: 0;
  }
  /* The cursor passes through the lane of marks too. */
  .marked {
    --above: 21px;
  }
  .legend,
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
  }
  .legend {
    flex-wrap: wrap;
    gap: 2px 10px;
    margin-left: 8px;
    color: var(--ha-muted);
  }
  .legend svg {
    overflow: visible;
  }
  .names,
  .peaks {
    color: var(--ha-muted);
    font-size: 11px;
    line-height: 1;
    white-space: nowrap;
  }
  .names {
    text-align: right;
  }
  .names div,
  .peaks div {
    display: flex;
    align-items: flex-end;
    margin-bottom: 3px;
  }
  .names div {
    justify-content: flex-end;
  }
  .peaks div {
    align-items: flex-start;
    font-variant-numeric: tabular-nums;
  }
  .names .of-marks,
  .peaks .of-marks {
    align-items: center;
  }
  .plot {
    position: relative;
    touch-action: none;
    user-select: none;
  }
  .plot.seekable {
    cursor: ew-resize;
  }
  .plot svg {
    display: block;
    margin-bottom: 3px;
    overflow: visible;
    background: linear-gradient(var(--ha-border), var(--ha-border)) bottom / 100% 1px no-repeat;
  }
  .lane {
    fill-opacity: 0.28;
    stroke-width: 1.25;
  }
  .gap {
    position: absolute;
    top: 0;
    bottom: 15px;
    min-width: 2px;
    background: repeating-linear-gradient(
      45deg,
      color-mix(in srgb, var(--ha-text) 45%, transparent) 0 2px,
      transparent 2px 5px
    );
    pointer-events: none;
  }
  .chosen {
    position: absolute;
    top: 0;
    bottom: 15px;
    border: solid var(--ha-accent);
    border-width: 0 1px;
    background: color-mix(in srgb, var(--ha-accent) 18%, transparent);
    pointer-events: none;
  }
  .ahead {
    position: absolute;
    top: calc(-1 * var(--above, 0px));
    right: 0;
    bottom: 15px;
    background: color-mix(in srgb, var(--ha-ground) 55%, transparent);
    pointer-events: none;
  }
  .cursor {
    position: absolute;
    top: calc(-2px - var(--above, 0px));
    bottom: 13px;
    width: 2px;
    margin-left: -1px;
    background: var(--ha-text);
    pointer-events: none;
  }
  .cursor .way-icon {
    position: absolute;
    top: -8px;
    left: -6px;
    margin: 0;
    overflow: visible;
    fill: var(--ha-text);
    stroke: var(--ha-ground);
    stroke-width: 3;
    paint-order: stroke;
    background: none;
  }
  /* Time that runs leaves a trail on the side that it comes from; backward it is striped. */
  .cursor.forward,
  .cursor.backward {
    background: var(--way);
  }
  .cursor.forward .way-icon,
  .cursor.backward .way-icon {
    fill: var(--way);
  }
  .cursor.forward::after,
  .cursor.backward::after {
    position: absolute;
    bottom: 0;
    width: 64px;
    height: 5px;
    content: "";
  }
  .cursor.forward::after {
    right: 2px;
    background: linear-gradient(to left, var(--way), transparent);
  }
  .cursor.backward::after {
    left: 2px;
    background: repeating-linear-gradient(135deg, var(--way) 0 4px, transparent 4px 8px);
  }
  .flag {
    position: absolute;
    bottom: 15px;
    min-width: 14px;
    padding: 0 3px;
    border-left: 2px solid var(--ha-text);
    border-radius: 0 3px 3px 0;
    background: var(--ha-text);
    color: var(--ha-ground);
    font-size: 10px;
    line-height: 13px;
    pointer-events: none;
  }
  .hover {
    position: absolute;
    top: 0;
    bottom: 15px;
    border-left: 1px dashed var(--ha-muted);
    pointer-events: none;
  }
  .tip {
    position: absolute;
    bottom: calc(100% - 10px + var(--above, 0px));
    z-index: 5;
    padding: 5px 9px;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
    background: var(--ha-float);
    font-size: 12px;
    pointer-events: none;
    white-space: nowrap;
  }
  .tip strong,
  .tip span {
    display: block;
    font-variant-numeric: tabular-nums;
  }
  .ticks {
    position: relative;
    height: 13px;
    overflow: hidden;
    color: var(--ha-muted);
    font-size: 11px;
    line-height: 13px;
    font-variant-numeric: tabular-nums;
  }
  .ticks span {
    position: absolute;
    transform: translateX(-50%);
    white-space: nowrap;
  }
  .ticks .first {
    transform: none;
  }
  .ticks .end {
    right: 0;
    left: auto;
    padding-left: 8px;
    background: var(--ha-ground);
    transform: none;
  }
  .on {
    color: var(--ha-live, #009e73);
    font-weight: 600;
  }
  .brief {
    display: none;
  }
  @media (max-width: 600px) {
    .word {
      display: none;
    }
    .brief {
      display: inline;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    .names,
    .peaks,
    .where {
      display: none;
    }
    .span {
      margin-left: 0;
    }
  }
`;
