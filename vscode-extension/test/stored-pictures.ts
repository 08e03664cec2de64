// Compares what a browser drew with the stored picture of it. Main entry: differenceFrom. Called by the tests of what every
// widget kind must do; `npm run pictures:accept` stores what is drawn now. Pictures are halved, and so are small, and what
// differs between versions of the browser and of its fonts, a glyph's edge or its place by a fraction of a pixel, is
// averaged away; what is left is compared with a tolerance.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const STORED = new URL("pictures/", import.meta.url);
const OUTPUT = new URL("../dist/test/", import.meta.url);
/** How far a colour may be off, from 0 to 1, and how many of all pixels may be further off. */
const COLOUR_TOLERANCE = 0.16;
const MOST_DIFFERING = 0.012;

const ACCEPTING = process.env["ACCEPT_PICTURES"] === "1";

/** A sentence when they differ; what was drawn then lies in the output folder. */
export async function differenceFrom(name: string, drawn: Buffer): Promise<string | undefined> {
  const now = halved(PNG.sync.read(drawn));
  const stored = new URL(`${name}.png`, STORED);
  if (ACCEPTING) {
    await mkdir(STORED, { recursive: true });
    await writeFile(stored, packed(now));
    return undefined;
  }
  const before = await readFile(stored).then(
    (content) => PNG.sync.read(content),
    () => undefined,
  );
  if (before === undefined) return `${name}: there is no stored picture; 'npm run pictures:accept' stores one`;
  if (before.width !== now.width || before.height !== now.height)
    return `${name}: ${await kept(name, drawn)} has another size than the stored picture`;
  const difference = new PNG({ width: now.width, height: now.height });
  const pixels = pixelmatch(before.data, now.data, difference.data, now.width, now.height, {
    threshold: COLOUR_TOLERANCE,
  });
  const share = pixels / (now.width * now.height);
  if (share <= MOST_DIFFERING) return undefined;
  await kept(`${name}.difference`, packed(difference));
  return `${name}: ${(share * 100).toFixed(1)} % of the stored picture differ from ${await kept(name, drawn)}`;
}

async function kept(name: string, picture: Buffer): Promise<string> {
  await mkdir(OUTPUT, { recursive: true });
  const file = new URL(`${name}.png`, OUTPUT);
  await writeFile(file, picture);
  return fileURLToPath(file);
}

function packed(picture: PNG): Buffer {
  return PNG.sync.write(picture, { colorType: 2, inputColorType: 6, deflateLevel: 9, filterType: -1 });
}

/** Each pixel is the mean of four. */
function halved(picture: PNG): PNG {
  const half = new PNG({ width: picture.width >> 1, height: picture.height >> 1 });
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        const at = (dx: number, dy: number): number =>
          picture.data[((2 * y + dy) * picture.width + 2 * x + dx) * 4 + channel] ?? 0;
        half.data[(y * half.width + x) * 4 + channel] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) >> 2;
      }
    }
  }
  return half;
}
