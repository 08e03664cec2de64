// Writes the sample frame of each widget kind as JSON, a file a kind, for the front ends that are not written in
// TypeScript: they draw the same frames. Main entry: `npm run samples`, into dist/samples or the folder that is named.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KINDS, SAMPLES } from "./widget-samples.ts";

const folder = process.argv[2] ?? fileURLToPath(new URL("../dist/samples", import.meta.url));

await mkdir(folder, { recursive: true });
for (const kind of KINDS)
  await writeFile(join(folder, `${kind}.json`), `${JSON.stringify(SAMPLES[kind], undefined, 1)}\n`);
