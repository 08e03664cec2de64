// What the editor says of figures, in words and as a small picture. Main entries: figureWords, lensWords, hoverText. Pure:
// a hover is the source of a Markdown document.
import { formatBytes, formatCount } from "../../widgets/format.ts";
import { sparkPath } from "../../widgets/sparkline.ts";
import type { Caller } from "./function-figures.ts";
import { isGrowing } from "./history.ts";
import type { SiteFigures } from "./site-figures.ts";

const [WIDTH, HEIGHT] = [240, 36];

/** Behind a line. */
export function figureWords({ liveBytes, liveAllocations, rate }: SiteFigures): string {
  const blocks = liveAllocations === 1 ? "1 allocation" : `${formatCount(liveAllocations)} allocations`;
  const live = liveAllocations > 0 ? `${formatBytes(liveBytes)} in ${blocks}` : "nothing live";
  return rate > 0 ? `${live} · ${formatCount(rate)}/s` : live;
}

/** Above a function. */
export function lensWords({ liveBytes, rate }: SiteFigures, values: readonly number[]): string {
  return [
    `${formatBytes(liveBytes)} live`,
    rate > 0 ? `${formatCount(rate)}/s` : "",
    isGrowing(values) ? "growing" : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** `colour` is for the ground that the editor draws it on. */
export function hoverText(
  figures: SiteFigures,
  values: readonly number[],
  callers: readonly Caller[],
  colour: string,
): string {
  const { liveBytes, liveAllocations, rate, callSites } = figures;
  const sites = callSites === 1 ? "1 call site" : `${callSites} call sites`;
  const head =
    `**HeapAtlas**: ${formatBytes(liveBytes)} live in ${formatCount(liveAllocations)} allocations, ` +
    `${formatCount(rate)} a second, by ${sites} below this line. Counted are the call sites with the most live bytes.`;
  return [head, history(values, colour), calledFrom(callers), "[Open a view](command:heapatlas.openView)"]
    .filter((part) => part !== "")
    .join("\n\n");
}

function history(values: readonly number[], colour: string): string {
  if (values.length < 2) return "";
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const words = `Live bytes in the last ${values.length} s: from ${formatBytes(least)} to ${formatBytes(most)}`;
  return `![${words}](${sparkImage(values, colour)})\n\n${words}${isGrowing(values) ? ", growing" : ""}.`;
}

/** As a data URI. */
export function sparkImage(values: readonly number[], colour: string): string {
  const { line, area } = sparkPath(Float64Array.from(values), WIDTH, HEIGHT);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT + 4}" viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}">` +
    `<path d="${area}" fill="${colour}" fill-opacity=".25"/>` +
    `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

function calledFrom(callers: readonly Caller[]): string {
  if (callers.length === 0) return "";
  const lines = callers.map(({ name, path, line, liveBytes }) => {
    const place = path === "" ? "" : `, ${path.split("/").at(-1) ?? path}:${line}`;
    return `- ${code(name)}${place}: ${formatBytes(liveBytes)}`;
  });
  return ["Called from", ...lines].join("\n");
}

/** A function's name may hold anything. */
function code(name: string): string {
  return `\`\` ${name.replaceAll("`", "'").replace(/[\r\n]+/g, " ")} \`\``;
}
