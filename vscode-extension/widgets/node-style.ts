// The style of what the flame graph and the graph share: the legend's swatches, the line below, the words where there is
// nothing. Called by both.
import { css } from "lit";

export const nodeStyle = css`
  .nothing {
    padding: 24px;
    color: var(--ha-muted);
    text-align: center;
  }
  .swatch {
    display: inline-block;
    width: 12px;
    height: 10px;
    margin-right: 5px;
    border: 1px solid var(--ha-border);
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 26px;
    padding-top: 4px;
    font-size: 12px;
  }
  .status {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    color: var(--ha-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .foot .link {
    flex: none;
    max-width: 45%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
