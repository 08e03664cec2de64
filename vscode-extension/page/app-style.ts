// The page's layout, from a phone to a wall. Called by app.ts alone.
import { css } from "lit";

export const appStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    background: var(--ha-panel);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 6px 18px;
    flex: none;
    padding: 6px 14px;
    border-bottom: 1px solid var(--ha-border);
    background: var(--ha-ground);
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 9px;
  }
  .brand i {
    display: grid;
    grid-template-columns: 8px 8px;
    gap: 2px;
  }
  .brand b {
    width: 8px;
    height: 8px;
    border-radius: 1px;
    background: #35528b;
  }
  .brand b:nth-child(2) {
    background: #1f8c8c;
  }
  .brand b:nth-child(3) {
    background: #5ac464;
  }
  .brand b:nth-child(4) {
    background: #e8c21a;
  }
  h1 {
    margin: 0;
    font-size: 15px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .picker {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
    color: var(--ha-muted);
    font-size: 12px;
  }
  .picker select {
    min-width: 0;
    max-width: 300px;
    color: var(--ha-text);
    text-overflow: ellipsis;
  }
  .subject {
    overflow: hidden;
    min-width: 0;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .time {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    color: var(--ha-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .time.replayed,
  .time.ended {
    color: var(--ha-text);
  }
  .live {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--ha-muted);
  }
  .live.on {
    background: #009e73;
  }
  .end {
    display: inline-flex;
    flex: none;
    gap: 2px;
    margin-left: auto;
  }
  .banner {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 14px;
    padding: 6px 14px;
    background: color-mix(in srgb, #d55e00 18%, var(--ha-ground));
  }
  main {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 10px;
    min-height: 0;
    padding: 10px 14px 14px;
    overflow: auto;
  }
  .figures,
  .wide,
  .side,
  .below {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
  }
  .figures {
    flex: none;
  }
  .pictures {
    display: grid;
    flex: 3 0 max(330px, 43vh);
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 10px;
    min-height: 0;
  }
  .pictures.single {
    grid-template-columns: minmax(0, 1fr);
  }
  .pictures heapatlas-widget-host {
    flex: 1 0 300px;
    height: 0;
  }
  .below {
    flex: 2 0 auto;
    max-height: max-content;
  }
  /* As tall as its rows where these are few; the others share what is left. */
  .below heapatlas-widget-host {
    flex: 1 0 270px;
    max-height: max-content;
  }
  .tall heapatlas-widget-host {
    flex-basis: max(420px, 60vh);
  }
  .below heapatlas-widget-host[telling] {
    flex: none;
    max-height: none;
  }
  .below heapatlas-widget-host[data-tall]:not([telling]) {
    flex: none;
    height: max(420px, 62vh);
    max-height: none;
  }
  /* Bytes come by the window, which is as tall as there is room. */
  .below heapatlas-widget-host[data-widget="hex"]:not([telling]) {
    flex: none;
    height: 560px;
    max-height: none;
  }
  .timebar {
    flex: none;
    padding: 5px 14px 7px;
    border-top: 1px solid var(--ha-border);
    background: var(--ha-ground);
  }
  .big {
    margin: auto;
    padding: 24px;
    text-align: center;
  }
  .big strong {
    font-size: 17px;
  }
  .big p {
    max-width: 480px;
    color: var(--ha-muted);
  }
  .notice {
    position: fixed;
    bottom: 18px;
    left: 50%;
    z-index: 30;
    max-width: min(560px, calc(100vw - 24px));
    padding: 8px 16px;
    border-radius: 8px;
    background: var(--ha-text);
    color: var(--ha-ground);
    opacity: 0;
    pointer-events: none;
    transform: translateX(-50%);
    transition: opacity 0.15s;
  }
  .notice.shown {
    opacity: 1;
  }
  dialog.shortcuts {
    width: min(700px, calc(100vw - 24px));
    padding: 0;
    border: 1px solid var(--ha-border);
    border-radius: 10px;
    background: var(--ha-float);
    color: var(--ha-text);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  .sheet {
    padding: 14px 20px 20px;
  }
  .sheet header {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  .sheet h2 {
    margin: 0;
    font-size: 15px;
  }
  .groups {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
    gap: 4px 32px;
  }
  .sheet h3 {
    margin: 12px 0 6px;
    color: var(--ha-muted);
    font-size: 12px;
    font-weight: 600;
  }
  .sheet dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 6px 14px;
    margin: 0;
  }
  .sheet dd {
    margin: 0;
  }
  kbd {
    padding: 1px 6px;
    border: 1px solid var(--ha-border);
    border-bottom-width: 2px;
    border-radius: 4px;
    background: var(--ha-panel);
    font: 11px var(--ha-mono);
  }
  @media (max-width: 900px) {
    .pictures {
      flex: none;
      grid-template-columns: minmax(0, 1fr);
    }
    .pictures heapatlas-widget-host {
      flex: none;
      height: 440px;
    }
    .side heapatlas-widget-host {
      height: 320px;
    }
    .below {
      flex: none;
    }
    .below heapatlas-widget-host:not([data-tall]) {
      flex: none;
      max-height: 480px;
    }
    .below heapatlas-widget-host[data-widget="hex"]:not([telling]) {
      height: 800px;
    }
  }
  @media (max-width: 600px) {
    .top {
      flex-wrap: wrap;
      padding: 6px 10px;
    }
    .time {
      flex-wrap: wrap;
    }
    .word {
      display: none;
    }
    .picker {
      flex: 1 1 100%;
      order: 5;
    }
    .picker select {
      flex: 1;
      max-width: none;
    }
    main {
      padding: 8px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .notice {
      transition: none;
    }
  }
`;
