// Gives the watchpoints to every session of ours that runs, and knows what has become of each there. Main entry:
// ServedWatchpoints. They are given as soon as a session takes breakpoints, so that its first run stops at them; the
// stable API makes no data breakpoints, so they travel in a request of our own beside the editor's.
import * as vscode from "vscode";
import { DEBUG_TYPE } from "../session/sessions.ts";
import { reason } from "../../widgets/reason.ts";
import type { WatchpointList } from "./watchpoint-list.ts";
import { parseWatched, watchpointsRequest, type Watched } from "./watchpoint.ts";

const REQUEST = "heapatlas/watchpoints";

/** What of the protocol's messages matters here. */
interface Message {
  readonly type?: unknown;
  readonly event?: unknown;
}

interface Served {
  readonly session: vscode.DebugSession;
  /** By the watchpoint's id. */
  readonly watched: ReadonlyMap<string, Watched>;
  /** The session could take none: it had no program yet. */
  readonly refused: boolean;
}

export class ServedWatchpoints implements vscode.Disposable, vscode.DebugAdapterTrackerFactory {
  private readonly sessions = new Map<string, Served>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly { dispose(): void }[];

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly list: WatchpointList,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      list.onChange(() => this.giveAll()),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, this),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (this.sessions.delete(session.id)) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  /** Undefined: that session has not said. */
  watched(session: string, watchpoint: string): Watched | undefined {
    return this.sessions.get(session)?.watched.get(watchpoint);
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    return {
      onDidSendMessage: ({ type, event }: Message) => {
        if (type !== "event") return;
        if (event === "initialized") void this.give(session);
        else if (event === "process" && this.sessions.get(session.id)?.refused === true) void this.give(session);
      },
    };
  }

  private giveAll(): void {
    this.changed.fire();
    for (const { session } of this.sessions.values()) void this.give(session);
  }

  private async give(session: vscode.DebugSession): Promise<void> {
    const { enabled } = this.list;
    const before = this.sessions.get(session.id);
    if (before === undefined) this.sessions.set(session.id, { session, watched: new Map(), refused: false });
    if (before === undefined && enabled.length === 0) return;
    const served = await this.asked(session, enabled);
    if (!this.sessions.has(session.id)) return;
    this.sessions.set(session.id, served);
    this.changed.fire();
  }

  private async asked(session: vscode.DebugSession, enabled: WatchpointList["enabled"]): Promise<Served> {
    try {
      const answer = parseWatched(await session.customRequest(REQUEST, watchpointsRequest(enabled)));
      const watched = new Map(enabled.flatMap(({ id }, at) => entry(id, answer[at])));
      return { session, watched, refused: false };
    } catch (cause) {
      this.log.info(`watchpoints were not taken by '${session.name}': ${reason(cause)}`);
      return { session, watched: new Map(), refused: true };
    }
  }
}

function entry(id: string, watched: Watched | undefined): (readonly [string, Watched])[] {
  return watched === undefined ? [] : [[id, watched]];
}
