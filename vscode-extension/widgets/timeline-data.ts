// The timeline's data, typed and checked where it enters. Main entry: parseTimeline. Called by protocol.ts; the types are
// read by the timeline and its lanes.
import { parseSpan } from "./frame-data.ts";
import type { JsonObject } from "./json.ts";
import type { Span } from "./protocol.ts";

export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly shape: "area" | "step";
  readonly values: Float64Array;
}

/** The gravest first. */
export const SEVERITIES = ["error", "warning", "information"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Stands for `count` that lie too close together to be told apart. Its words are of the one of them that is chosen, else
 * of the first; its severity is of the gravest.
 */
export interface Mark {
  /** Where a press leads: to the first, or on from the chosen one. */
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly count: number;
  /** The number, from 1, of the one that the other views show; else 0. */
  readonly chosen: number;
}
/** What stands out at an instant each, the earliest first: `total` in all, of which `more` have no mark. */
export interface Marks {
  readonly title: string;
  readonly total: number;
  readonly more: number;
  readonly marks: readonly Mark[];
}

/** Lanes over one x in ns, from the frame's time.from to its time.to; its time.now is the cursor. */
export interface TimelineData {
  readonly x: Float64Array;
  readonly lanes: readonly Lane[];
  readonly gaps: readonly Span[];
  /** What was chosen last, for the views that show a span. */
  readonly span: Span | undefined;
  /** Where a replayed program stands. */
  readonly text: string;
  /** None where nothing stands out. */
  readonly marks: Marks | undefined;
  /** The ends of the span in either order, each also while the other is not marked. */
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** None of a live session. */
  readonly playback: Playback | undefined;
}

/** Speeds are recorded time over real time: the one that is chosen, and those to choose from. */
export interface Playback {
  readonly speed: number;
  readonly speeds: readonly number[];
  /** Why it stands still, or nothing. */
  readonly why: string;
}

export function parseTimeline(data: JsonObject): TimelineData {
  const span = data.object("span");
  const marks = data.object("marks");
  const playback = data.object("playback");
  return {
    x: data.numbers("x"),
    lanes: data.list("lanes", (lane) => ({
      id: lane.string("id"),
      title: lane.string("title"),
      unit: lane.string("unit"),
      shape: lane.string("shape") === "step" ? "step" : "area",
      values: lane.numbers("values"),
    })),
    gaps: data.list("gaps", parseSpan),
    span: span && parseSpan(span),
    text: data.string("text"),
    marks: marks && parseMarks(marks),
    a: data.has("a") ? data.number("a") : undefined,
    b: data.has("b") ? data.number("b") : undefined,
    playback: playback && {
      speed: playback.number("speed"),
      speeds: [...playback.numbers("speeds")],
      why: playback.string("why"),
    },
  };
}

function parseMarks(marks: JsonObject): Marks {
  return {
    title: marks.string("title"),
    total: marks.number("total"),
    more: marks.number("more"),
    marks: marks.list("marks", (mark) => ({
      id: mark.string("id"),
      at: mark.number("at"),
      kind: mark.string("kind"),
      severity: severityOf(mark.string("severity")),
      title: mark.string("title"),
      count: Math.max(1, mark.number("count")),
      chosen: mark.number("chosen"),
    })),
  };
}

/** A severity that came after this contract is shown all the same. */
function severityOf(text: string): Severity {
  return SEVERITIES.find((severity) => severity === text) ?? "information";
}
