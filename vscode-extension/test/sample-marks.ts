// Findings as a time bar has them, for the sample frames. Main entry: marks. Called by sample-frames.ts.

/** Two that lie on one pixel, one alone, one for three, one at the very end, and some without a mark. */
export function marks(end: number): object {
  const title = (address: string): string => `double-free of 0x55d0c2a${address}, 40 B, in drop_idle`;
  const head = { kind: "double-free", severity: "error", count: 1, chosen: 0 };
  return {
    title: "Findings",
    total: 14,
    more: 8,
    marks: [
      { ...head, id: "1", at: 12.5e9, title: title("10400"), chosen: 1 },
      { ...head, id: "2", at: 12.504e9, title: title("10480") },
      {
        ...head,
        id: "3",
        at: 27e9,
        kind: "invalid-free",
        severity: "warning",
        title: "invalid-free of 0x7f1a40000010, which is no block's beginning, in networkingReadQuery",
      },
      {
        ...head,
        id: "4",
        at: 41e9,
        kind: "churn",
        severity: "information",
        count: 3,
        title: "40 B a request in sdsnewlen",
      },
      { ...head, id: "7", at: end, title: title("20000") },
    ],
  };
}
