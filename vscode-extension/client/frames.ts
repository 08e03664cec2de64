// The newest frame of one opened view, put together from full frames and deltas. Main entry: Frames, one a handle.
// Must hold: a frame that an open's answer brought has no number, and whatever is pushed follows it; else a delta follows
// the frame whose number is one less.
import { mergeFrame, type PushedFrame } from "../widgets/protocol.ts";

const OPENED = -1;

export class Frames {
  private sequence: number | undefined;

  /** `newest`: what is shown until the first frame comes. */
  constructor(private newest?: unknown) {}

  /** As JSON; undefined while none has come. */
  get raw(): unknown {
    return this.newest;
  }

  /** The frame in the answer that opened the view. One that was pushed may have overtaken it. */
  open(frame: unknown): void {
    if (this.sequence !== undefined || frame === undefined || frame === null) return;
    this.sequence = OPENED;
    this.newest = frame;
  }

  /** What is to be done with it: shown, nothing for it is old, or the view opened anew for its base is missing. */
  push({ sequence, full, frame }: PushedFrame): "newest" | "old" | "baseless" {
    const before = this.sequence;
    if (before !== undefined && sequence <= before) return "old";
    const follows = before !== undefined && (before === OPENED || sequence === before + 1);
    if (!full && !follows) return "baseless";
    this.sequence = sequence;
    this.newest = full ? frame : mergeFrame(this.newest, frame);
    return "newest";
  }
}
