// The scene's style. Called by scene.ts alone.
import { css } from "lit";

export const sceneStyle = css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-height: 0;
    container: scene / inline-size;
  }
  .both {
    display: flex;
    flex: 1 1 360px;
    gap: 8px;
    min-height: 0;
  }
  .stage {
    position: relative;
    flex: 1 1 0;
    min-width: 0;
    min-height: 180px;
    overflow: hidden;
    border-radius: 4px;
    cursor: grab;
    touch-action: none;
  }
  .stage:active {
    cursor: grabbing;
  }
  .stage:focus-visible {
    outline-offset: -2px;
  }
  .stage.told {
    display: grid;
    place-content: center;
    flex: 0 1 240px;
    padding: 12px;
    background: var(--ha-panel);
    color: var(--ha-muted);
    cursor: default;
    text-align: center;
  }
  canvas {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
  }
  .label {
    position: absolute;
    top: 0;
    left: 0;
    visibility: hidden;
    padding: 0 3px;
    border-radius: 3px;
    background: color-mix(in srgb, var(--ha-ground) 78%, transparent);
    font-size: 11px;
    line-height: 15px;
    pointer-events: none;
    white-space: nowrap;
  }
  .label.tick,
  .axes {
    color: var(--ha-muted);
  }
  .axes {
    position: absolute;
    top: 0;
    left: 4px;
    font-size: 11px;
    pointer-events: none;
  }
  .tools {
    display: inline-flex;
    flex: none;
    gap: 2px;
  }
  .tools button {
    padding: 2px 7px;
  }
  @container scene (max-width: 620px) {
    .both {
      flex-direction: column;
    }
    .stage {
      flex: 3 1 200px;
    }
    .list {
      flex: 2 1 120px;
      border-top: 1px solid var(--ha-border);
      border-left: 0;
    }
  }
`;
