// A small heap as a scene, for the sample frames. Main entry: terrain. Called by widget-samples.ts and by the contract's
// tests.

const TILE = 65536;
const DEPTH = 14;
const HEIGHT = 5;
const PLATES = [
  { label: "[heap]", columns: 12, from: 0x55d0c2a00000, full: 0.8 },
  { label: "jemalloc arena 0", columns: 16, from: 0x7f1a40000000, full: 0.55 },
  { label: "/usr/lib/x86_64-linux-gnu/libc.so.6", columns: 2, from: 0x7f1abc000000, full: 0.1 },
] as const;

export function terrain(): object {
  const boxes = { x: [], z: [], height: [], amount: [], value: [], targets: [] } as {
    readonly [column in "x" | "z" | "height" | "amount" | "value"]: number[];
  } & { readonly targets: string[] };
  let left = 0;
  const plates = PLATES.map(({ label, columns, from, full }) => {
    const plate = { x: left, z: 0, width: columns, depth: DEPTH, label, text: `at 0x${from.toString(16)}` };
    for (let tile = 0; tile < columns * DEPTH; tile++) {
      // Hills, and between them plains of which a part is empty.
      const share = full * (0.5 + 0.5 * Math.sin(tile / 9) * Math.cos(tile / 31));
      if (share < 0.12) continue;
      boxes.x.push(left + (tile % columns));
      boxes.z.push(Math.floor(tile / columns));
      boxes.height.push(share * HEIGHT);
      boxes.amount.push(Math.round(share * TILE));
      boxes.value.push(Math.round(40_000 * share ** 3));
      boxes.targets.push(`0x${(from + tile * TILE).toString(16)}-0x${(from + (tile + 1) * TILE).toString(16)}`);
    }
    left += columns + 1;
    return { ...plate, target: `0x${from.toString(16)}-0x${(from + columns * DEPTH * TILE).toString(16)}` };
  });
  return {
    widget: "scene",
    title: "Memory in 3D",
    coverage: { mode: "full", lost: 0, text: "every event since the program started" },
    legend: { label: "Churn", unit: "count/s", scale: "log", min: 10, max: 40_000 },
    breadcrumbs: [{ title: "Heap regions", target: "all" }],
    actions: [
      { id: "drill", title: "Look closer", on: "tile" },
      { id: "scope", title: "All mappings", on: "frame" },
    ],
    data: {
      plates,
      boxes: { width: 1, depth: 1, ...boxes },
      axes: [
        { id: "x", title: "Address" },
        { id: "y", title: "Live bytes per tile", unit: "B", scale: TILE / HEIGHT },
      ],
      home: { azimuth: -24, elevation: 38 },
      metrics: [
        { id: "liveBytes", title: "Live bytes", unit: "B" },
        { id: "churn", title: "Churn", unit: "count/s" },
      ],
      metric: "churn",
    },
  };
}
