// What a key asks of the timeline. Main entries: actOfKey, isHeldToggle. Called by timeline.ts, which goes by the arrow keys itself. Pure;
// tested without a browser.
import type { Act, FrameTime } from "./protocol.ts";
import type { TimelineData } from "./timeline-data.ts";

const KEYS: Readonly<Record<string, Act>> = {
  Home: { action: "seek", target: "begin" },
  End: { action: "seek", target: "end" },
  ",": { action: "previous" },
  ".": { action: "next" },
  "<": { action: "previousFinding" },
  ">": { action: "nextFinding" },
  "[": { action: "markA" },
  "]": { action: "markB" },
  c: { action: "compare" },
};

/** What plays or pauses does so once, however long it is held. */
export function isHeldToggle({ key, repeat }: Pick<KeyboardEvent, "key" | "repeat">): boolean {
  return key === " " && repeat;
}

/** Whether the frame allows it is for the caller to know. */
export function actOfKey(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  { pace }: Pick<FrameTime, "pace">,
  data: Pick<TimelineData, "a" | "b" | "span" | "playback"> | undefined,
): Act | undefined {
  if (key === " ") {
    const direction = shiftKey ? "backward" : "forward";
    return pace === 0 ? { action: "play", arguments: { direction } } : { action: "pause" };
  }
  if (key === "+" || key === "-") return otherSpeed(data?.playback, key === "+");
  if (key === "Escape") {
    const any = data?.span !== undefined || data?.a !== undefined || data?.b !== undefined;
    return any ? { action: "span" } : undefined;
  }
  return KEYS[key];
}

function otherSpeed(playback: TimelineData["playback"], faster: boolean): Act | undefined {
  const { speed = 0, speeds = [] } = playback ?? {};
  const next = faster ? speeds.find((each) => each > speed) : speeds.findLast((each) => each < speed);
  return next === undefined ? undefined : { action: "speed", target: String(next) };
}
