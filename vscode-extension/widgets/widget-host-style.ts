// The host's style. Called by widget-host.ts alone.
import { css } from "lit";

export const hostStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  section {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-height: 0;
    padding: 10px 14px 8px;
    border: 1px solid var(--ha-border);
    border-radius: 8px;
    background: var(--ha-ground);
  }
  :host([bare]) section,
  :host([plain]) section {
    padding: 0;
    border: 0;
    background: none;
  }
  :host([stale]) .content {
    opacity: 0.55;
  }
  :host([plain]) .loading i {
    display: none;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 14px;
    min-height: 34px;
    padding-bottom: 6px;
  }
  .reading {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--ha-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .reading progress {
    width: 90px;
    height: 7px;
    accent-color: var(--ha-accent);
  }
  h2 {
    margin: 0;
    font-size: 14px;
    font-weight: 600;
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-width: 0;
    font-size: 12px;
  }
  .crumb {
    min-height: 22px;
    padding: 0 4px;
    border: 0;
    background: none;
    color: var(--ha-link);
  }
  .crumb:hover {
    text-decoration: underline;
  }
  .into {
    color: var(--ha-muted);
  }
  .here {
    padding: 0 4px;
    color: var(--ha-muted);
  }
  .end {
    display: flex;
    flex: 1 1 160px;
    align-items: center;
    justify-content: flex-end;
    gap: 10px;
    min-width: 0;
  }
  .copy {
    display: inline-flex;
    flex: none;
    margin: -2px -6px -2px 0;
  }
  .copy button {
    display: inline-flex;
    align-items: center;
    padding: 2px 5px;
  }
  .copy svg {
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.2;
  }
  .under {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
    padding: 4px 6px 0 2px;
  }
  :host([plain]) section {
    flex-direction: row;
    gap: 4px;
  }
  :host([plain]) .copy {
    flex-direction: column;
    margin: 0;
  }
  .content {
    min-width: 0;
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-height: 0;
    transition: opacity 0.2s;
  }
  .coverage {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-width: 0;
    color: var(--ha-muted);
    font-size: 12px;
  }
  .coverage .text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  :host([bare]) .coverage .text {
    white-space: normal;
  }
  .dot {
    flex: none;
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: #009e73;
  }
  .coverage.lost {
    color: var(--ha-warning);
  }
  .coverage.lost .dot {
    border-radius: 0;
    background: #d55e00;
  }
  .message {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    align-items: center;
    justify-content: safe center;
    min-height: 120px;
    padding: 16px;
    overflow: auto;
    text-align: center;
  }
  .message > * {
    flex: none;
  }
  .message svg {
    width: 34px;
    height: 34px;
    margin-bottom: 8px;
    fill: none;
    stroke: var(--ha-muted);
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .message.failed svg {
    stroke: var(--ha-error);
  }
  .message p {
    max-width: 460px;
    margin: 4px 0 0;
    color: var(--ha-muted);
    overflow-wrap: anywhere;
  }
  .message pre {
    max-width: 100%;
    margin: 8px 0 0;
    padding: 8px 12px;
    overflow: auto;
    border-radius: 5px;
    background: var(--ha-panel);
    font: 12px/1.5 var(--ha-mono);
    overflow-wrap: anywhere;
    text-align: left;
    white-space: pre-wrap;
  }
  .loading {
    display: grid;
    gap: 10px;
    padding: 6px 0;
  }
  .loading .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(148px, 1fr));
    gap: 8px;
  }
  .loading i {
    display: block;
    height: 18px;
    border-radius: 5px;
    background: var(--ha-hover);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .loading .cards i {
    height: 96px;
    border-radius: 8px;
  }
  .loading .short {
    width: 40%;
  }
  .loading span {
    color: var(--ha-muted);
    font-size: 12px;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .loading i {
      animation: none;
    }
    .content {
      transition: none;
    }
  }
`;
