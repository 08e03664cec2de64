// The chart's style, and of uPlot's elements what the chart uses. Called by chart.ts alone.
import { css } from "lit";

export const chartStyle = css`
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
    gap: 0 4px;
    min-height: 28px;
  }
  .tools {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-left: auto;
  }
  .series {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    padding: 2px 6px;
    border-color: transparent;
    background: transparent;
    font-size: 12px;
  }
  .series .key {
    width: 14px;
    height: 0;
    border-top: 3px solid;
    border-radius: 2px;
  }
  .series.dashed .key {
    border-top-style: dashed;
    width: 17px;
  }
  .series .value {
    min-width: 62px;
    color: var(--ha-muted);
    font-variant-numeric: tabular-nums;
    text-align: left;
  }
  .series[aria-pressed="false"] {
    opacity: 0.5;
    text-decoration: line-through;
  }
  .at {
    color: var(--ha-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .lanes {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  .lane {
    position: relative;
    flex: 3 1 0;
    min-height: 0;
    overflow: hidden;
  }
  .lane.right {
    flex-grow: 2;
  }
  .uplot {
    position: absolute;
    inset: 0;
  }
  .uplot .u-wrap {
    position: relative;
    user-select: none;
  }
  .uplot .u-over,
  .uplot .u-under {
    position: absolute;
  }
  .uplot .u-under {
    overflow: hidden;
  }
  .uplot canvas {
    position: relative;
    display: block;
    width: 100%;
    height: 100%;
  }
  .uplot .u-axis {
    position: absolute;
  }
  .uplot .u-cursor-x {
    position: absolute;
    top: 0;
    left: 0;
    height: 100%;
    border-right: 1px dashed var(--ha-muted);
    pointer-events: none;
    will-change: transform;
  }
  .uplot .u-cursor-y {
    display: none;
  }
  .uplot .u-cursor-pt {
    position: absolute;
    top: 0;
    left: 0;
    border: 0 solid;
    border-radius: 50%;
    background-clip: padding-box !important;
    pointer-events: none;
    will-change: transform;
  }
  .uplot .u-select {
    position: absolute;
    background: color-mix(in srgb, var(--ha-accent) 22%, transparent);
    pointer-events: none;
  }
  .uplot .u-hz .u-cursor-x.u-off,
  .uplot .u-cursor-pt.u-off,
  .uplot .u-off {
    display: none;
  }
`;
