// The packaged server as it can be run. Main entry: unpacked. What is large lies in the package compressed better than the
// package itself could (*.zst); at its first use a version is unpacked beside the editor's other data, once for all windows.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";

const PARTS = ["server", "runtime"];
const COMPRESSED = ".zst";

/**
 * The folder with `server` and, where the package has one, `runtime`. Earlier versions are removed, unless they are in
 * use: those are left for the next time.
 */
export async function unpacked(extension: string, storage: string, version: string): Promise<string> {
  const ready = join(storage, `server-${version}`);
  if (existsSync(ready)) return ready;
  await mkdir(storage, { recursive: true });
  for (const old of await readdir(storage)) {
    if (old.startsWith("server-")) await rm(join(storage, old), { recursive: true, force: true });
  }
  const coming = await mkdtemp(join(storage, "unpacking-"));
  try {
    for (const part of PARTS) {
      if (existsSync(join(extension, part))) await unpack(join(extension, part), join(coming, part));
    }
    await rename(coming, ready);
  } catch (cause) {
    await rm(coming, { recursive: true, force: true });
    // Another window was faster.
    if (!existsSync(ready)) throw cause;
  }
  return ready;
}

async function unpack(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) {
      await unpack(source, join(to, entry.name));
    } else if (entry.name.endsWith(COMPRESSED)) {
      const target = join(to, entry.name.slice(0, -COMPRESSED.length));
      await pipeline(createReadStream(source), createZstdDecompress(), createWriteStream(target));
      await chmod(target, (await stat(source)).mode);
    } else {
      await copyFile(source, join(to, entry.name));
    }
  }
}
