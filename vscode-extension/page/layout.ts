// Where a view stands on the page, by its widget kind alone. Main entry: arrange. Called by app.ts. Pure; tested without
// a browser. Order: key figures on top, pictures side by side, tables below, then what needs a screen of its own, and under
// all of them, always in sight, the time.
export type Place = "figures" | "wide" | "side" | "below" | "tall" | "time";

const PLACES: Readonly<Record<string, Place>> = {
  keyFigures: "figures",
  heatmap: "wide",
  chart: "side",
  table: "below",
  scene: "tall",
  timeline: "time",
};
const ORDER: readonly Place[] = ["figures", "wide", "side", "below", "tall", "time"];

export function placeOf(widget: string): Place {
  return PLACES[widget] ?? "below";
}

/** Pictures that have no height of their own and stand among the tables. */
const TALL: ReadonlySet<string> = new Set(["flameGraph", "graph"]);

export function isTall(widget: string): boolean {
  return TALL.has(widget);
}

export interface Arranged<T> {
  readonly figures: readonly T[];
  readonly wide: readonly T[];
  readonly side: readonly T[];
  readonly below: readonly T[];
  readonly tall: readonly T[];
  readonly time: readonly T[];
}

/** Views of one place keep the server's order. */
export function arrange<T>(views: readonly T[], widgetOf: (view: T) => string): Arranged<T> {
  const [figures = [], wide = [], side = [], below = [], tall = [], time = []] = ORDER.map((place) =>
    views.filter((view) => placeOf(widgetOf(view)) === place),
  );
  return { figures, wide, side, below, tall, time };
}
