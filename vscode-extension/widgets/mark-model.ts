// The marks of a time bar as groups, shapes and words: what lies too close together on this screen becomes one mark.
// Main entries: groupMarks, nextOf, groupLines, groupLabel, laneLabel, SHAPES. Called by mark-lane.ts and timeline.ts.
// Pure; tested without a browser.
import { formatCount } from "./format.ts";
import { SEVERITIES, type Mark, type Marks, type Severity } from "./timeline-data.ts";
import { instantText, type TimeScale } from "./timeline-model.ts";

/** A symbol's side, and what a mark takes of the lane with the space around it. */
export const SYMBOL = 12;
const ROOM = SYMBOL + 2;
const DIGIT = 6.5;

/** SVG paths in a square of SYMBOL: each severity has a shape of its own, for those who see no colours. */
export const SHAPES: Readonly<Record<Severity, string>> = {
  error: "M6 .6L11.4 6L6 11.4L.6 6Z",
  warning: "M6 1.2L11.5 10.8H.5Z",
  information: "M6 1.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4Z",
};

/** One symbol on the lane: at its first mark, in the shape of its gravest. */
export interface MarkGroup {
  readonly left: number;
  readonly marks: readonly Mark[];
  readonly count: number;
  readonly severity: Severity;
  readonly chosen: boolean;
}

/** The pixels that a group takes from its left on, with its number where it has one. */
export function roomOf(count: number): number {
  return count === 1 ? ROOM : ROOM + formatCount(count).length * DIGIT;
}

/** From left to right, so that no symbol or number lies over the next one. */
export function groupMarks(marks: readonly Mark[], scale: TimeScale): MarkGroup[] {
  const groups: { left: number; count: number; marks: Mark[] }[] = [];
  for (const mark of marks) {
    const left = scale.pixel(mark.at);
    const last = groups.at(-1);
    if (last !== undefined && left - last.left < roomOf(last.count)) {
      last.marks.push(mark);
      last.count += mark.count;
    } else groups.push({ left, count: mark.count, marks: [mark] });
  }
  return groups.map((group) => ({
    ...group,
    severity: SEVERITIES.find((severity) => group.marks.some((mark) => mark.severity === severity)) ?? "information",
    chosen: group.marks.some(({ chosen }) => chosen > 0),
  }));
}

/** Where a press leads: through all that the group stands for, one after the other, and around. */
export function nextOf(group: MarkGroup): Mark | undefined {
  const at = group.marks.findIndex(({ chosen }) => chosen > 0);
  const within = group.marks[at];
  return within !== undefined && within.chosen < within.count ? within : group.marks[(at + 1) % group.marks.length];
}

/** Which one of the group is meant, where it stands for several. */
function placeOf(group: MarkGroup): string {
  if (group.count === 1) return "";
  const at = group.marks.findIndex(({ chosen }) => chosen > 0);
  if (at < 0) return `the first of ${formatCount(group.count)} here, a press each`;
  const before = group.marks.slice(0, at).reduce((sum, { count }) => sum + count, 0);
  const number = before + (group.marks[at]?.chosen ?? 0);
  return `${formatCount(number)} of ${formatCount(group.count)} here; press again for the next`;
}

/** What stands beside the pointer, a line each: of the chosen one, else of the first. */
export function groupLines(group: MarkGroup): string[] {
  const mark = group.marks.find(({ chosen }) => chosen > 0) ?? group.marks[0];
  if (mark === undefined) return [];
  return [`${mark.severity}: ${mark.kind}`, mark.title, `at ${instantText(mark.at)}`, placeOf(group)].filter(
    (line) => line !== "",
  );
}

/** The same for those who hear it. */
export function groupLabel(group: MarkGroup): string {
  return groupLines(group).join(", ");
}

export function moreText({ more, title }: Marks): string {
  return more === 0 ? "" : `${formatCount(more)} more ${title.toLowerCase()} without a mark`;
}

export function laneLabel(marks: Marks): string {
  const more = moreText(marks);
  return `${marks.title}: ${formatCount(marks.total)}${more === "" ? "" : `, ${more}`}. Arrow keys go from mark to mark, Enter goes to what it marks.`;
}

/** The severities that a legend has to explain. */
export function severitiesOf({ marks }: Marks): Severity[] {
  return SEVERITIES.filter((severity) => marks.some((mark) => mark.severity === severity));
}
