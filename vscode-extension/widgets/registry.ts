// Which element draws which widget kind. Main entries: registerRenderer (each renderer's file calls it once) and
// rendererOf (the host asks it). A renderer knows its kind and no feature; adding one is adding a file.

const tags = new Map<string, string>();

/** Registers an element for a widget kind; what it answers takes the registration back. */
export function registerRenderer(kind: string, tag: string): { dispose(): void } {
  const before = tags.get(kind);
  if (before !== undefined) throw new Error(`The widget kind '${kind}' is drawn by <${before}> already.`);
  tags.set(kind, tag);
  return { dispose: () => void tags.delete(kind) };
}

export function rendererOf(kind: string): string | undefined {
  return tags.get(kind);
}
