// A view of the current session as data, for what the editor itself draws: the status bar, lists, marks. Main entry:
// FollowedView. Must hold: frames of a session that is current no more are dropped, and a view that is followed no more is
// closed, so that it costs the server nothing.
import type * as vscode from "vscode";
import { Frames } from "../../client/frames.ts";
import { parseFrame, type Frame, type ViewDescription } from "../../widgets/protocol.ts";
import type { HeapSession } from "../session/heap-session.ts";
import type { Sessions } from "../session/sessions.ts";

/** Rows of a table are as many as fit into this. */
const VIEWPORT = { width: 1000, height: 2000 };

export class FollowedView implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private choice: { dispose(): void } | undefined;
  private turn = 0;
  /** Ends what is open at the server; nothing when nothing is. */
  private leave: () => void = () => undefined;

  constructor(
    sessions: Sessions,
    private readonly pick: (views: readonly ViewDescription[]) => ViewDescription | undefined,
    /** Undefined: there is no session, or it has no such view. */
    private readonly show: (frame: Frame | undefined) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscription = sessions.onCurrent((session) => this.follow(session));
    this.follow(sessions.current);
  }

  dispose(): void {
    this.nextTurn();
    this.choice?.dispose();
    this.subscription.dispose();
  }

  private follow(session: HeapSession | undefined): void {
    this.choice?.dispose();
    this.choice = session?.onChoice(() => this.begin(session));
    this.begin(session);
  }

  private begin(session: HeapSession | undefined): void {
    const turn = this.nextTurn();
    this.show(undefined);
    if (session !== undefined) void this.open(session, turn);
  }

  private async open(session: HeapSession, turn: number): Promise<void> {
    try {
      const view = this.pick(await session.views());
      if (view === undefined || turn !== this.turn) return;
      const frames = new Frames();
      const showNewest = (): void => {
        if (turn === this.turn && frames.raw !== undefined) this.show(parseFrame(frames.raw));
      };
      const { handle, frame } = await session.open(view, VIEWPORT, (pushed) => {
        const outcome = frames.push(pushed);
        if (outcome === "newest") showNewest();
        else if (outcome === "baseless" && turn === this.turn) void this.open(session, this.nextTurn());
      });
      // A server that is gone has closed it.
      const leave = (): void => void session.close(handle).catch(() => undefined);
      if (turn !== this.turn) {
        leave();
        return;
      }
      this.leave = leave;
      frames.open(frame);
      showNewest();
    } catch (cause) {
      if (turn === this.turn) this.log.warn(`a view could not be followed: ${String(cause)}`);
    }
  }

  private nextTurn(): number {
    this.leave();
    this.leave = () => undefined;
    return ++this.turn;
  }
}
