// The theme's tokens as a canvas takes them. Main entry: tokenColours. Called by the chart and the copied picture.
import { colourOf } from "./theme.ts";

export interface CanvasColours {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly emptyTile: string;
  readonly font: string;
}

export function tokenColours(element: Element): CanvasColours {
  return {
    ground: colourOf(element, "--ha-ground"),
    text: colourOf(element, "--ha-text"),
    muted: colourOf(element, "--ha-muted"),
    border: colourOf(element, "--ha-border"),
    emptyTile: colourOf(element, "--ha-text"),
    font: getComputedStyle(element).fontFamily,
  };
}
