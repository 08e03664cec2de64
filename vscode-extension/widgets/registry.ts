// Which element draws which widget kind, and as what its data are copied. Main entries: registerRenderer (each renderer's
// file calls it once), rendererOf and copyFormatOf (the host asks them). A renderer knows its kind and no feature; adding one
// is adding a file.

export type CopyFormat = "CSV" | "Markdown";
const renderers = new Map<string, { readonly tag: string; readonly format: CopyFormat }>();

/** Registers an element for a widget kind; what it answers takes the registration back. */
export function registerRenderer(kind: string, tag: string, format: CopyFormat = "CSV"): { dispose(): void } {
  const before = renderers.get(kind);
  if (before !== undefined) throw new Error(`The widget kind '${kind}' is drawn by <${before.tag}> already.`);
  renderers.set(kind, { tag, format });
  return { dispose: () => void renderers.delete(kind) };
}

export function rendererOf(kind: string): string | undefined {
  return renderers.get(kind)?.tag;
}

export function copyFormatOf(kind: string): CopyFormat {
  return renderers.get(kind)?.format ?? "CSV";
}
