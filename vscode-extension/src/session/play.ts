// Plays and pauses the recording of a session, as the time bar does, which need not be in sight. Main entry: playTime.
import { ofKind } from "../views/side-view.ts";
import type { HeapSession } from "./heap-session.ts";

export type Playing = "forward" | "backward" | "pause";

/** What is acted on is a view, and nothing of it is drawn. */
const VIEWPORT = { width: 1, height: 1 };

export async function playTime(session: HeapSession | undefined, playing: Playing): Promise<void> {
  if (session?.replayed !== true) throw new Error("No recording is replayed; 'Replay a Recording' opens one.");
  const bar = ofKind("timeline")(await session.views());
  if (bar === undefined) throw new Error("This server's recordings cannot be played; update HeapAtlas.");
  const { handle } = await session.open(bar, VIEWPORT, () => undefined);
  try {
    const act = playing === "pause" ? { action: "pause" } : { action: "play", arguments: { direction: playing } };
    await session.act(handle, act);
  } finally {
    await session.close(handle).catch(() => undefined);
  }
}
