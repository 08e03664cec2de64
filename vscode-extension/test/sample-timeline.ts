// What can be done with the sample time bar, and what it says of a recording. Called by sample-frames.ts.

export function timelineActions(scenario: string): object[] {
  const ever = ["span", "markA", "markB", "mark", "previousFinding", "nextFinding"];
  const moving = ["seek", "previous", "next", "play", "speed", "compare"];
  const ids = scenario === "replayed" ? [...moving, ...ever] : ever;
  return ids.map((id) => ({ id, title: id, on: "frame", ...(id === "compare" ? { view: "memory.sites" } : {}) }));
}

/** B was marked before A in time. */
export const standingThere = {
  text: "before event 4,711 of 120,000: allocation of 64 B, thread 2741",
  span: { from: 5e9, to: 24e9, title: "" },
  a: 24e9,
  b: 5e9,
  playback: { speed: 1, speeds: [0.01, 0.1, 1, 10, 100], why: "" },
};
