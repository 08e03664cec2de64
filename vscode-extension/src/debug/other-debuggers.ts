// The programs that other debuggers run, beside which HeapAtlas can watch. Main entry: OtherDebuggers.active, for a
// configuration with 'attachTo'. Must hold: a session of ours that follows another debugger's ends with it.
import * as vscode from "vscode";
import { DEBUG_TYPE } from "../session/sessions.ts";
import { FOLLOWED } from "./configuration.ts";
import { pickProcess } from "./pick.ts";
import { processIdOf } from "./process-event.ts";

export interface OtherProgram {
  readonly session: string;
  readonly pid: number;
}

export class OtherDebuggers implements vscode.Disposable, vscode.DebugAdapterTrackerFactory {
  private readonly running = new Map<string, vscode.DebugSession>();
  /** By session, once its adapter has said it. */
  private readonly pids = new Map<string, number>();
  /** Ours may still be starting when the one that it follows ends. */
  private readonly ended = new Set<string>();
  private readonly ours = new Map<string, vscode.DebugSession>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.debug.registerDebugAdapterTrackerFactory("*", this),
      vscode.debug.onDidStartDebugSession((session) => this.begin(session)),
      vscode.debug.onDidTerminateDebugSession((session) => void this.end(session)),
    ];
    // This extension was activated in the middle of a session.
    const active = vscode.debug.activeDebugSession;
    if (active !== undefined) this.begin(active);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    if (session.type === DEBUG_TYPE) return undefined;
    return {
      onDidSendMessage: (message: unknown) => {
        const pid = processIdOf(message);
        if (pid !== undefined) this.pids.set(session.id, pid);
      },
    };
  }

  /** The one that the editor looks at, else the latest; undefined: it was said why there is none, or nobody chose. */
  async active(): Promise<OtherProgram | undefined> {
    const looked = vscode.debug.activeDebugSession;
    const session = looked !== undefined && looked.type !== DEBUG_TYPE ? looked : [...this.running.values()].at(-1);
    if (session === undefined) {
      void vscode.window.showErrorMessage(
        "HeapAtlas: No other debugger runs; start one on the program, or name its process with 'pid'.",
      );
      return undefined;
    }
    const known = this.pids.get(session.id);
    if (known !== undefined) return { session: session.id, pid: known };
    const chosen = await pickProcess(`HeapAtlas: which process does '${session.name}' debug?`);
    return chosen === undefined ? undefined : { session: session.id, pid: Number(chosen) };
  }

  private begin(session: vscode.DebugSession): void {
    if (session.type !== DEBUG_TYPE) {
      this.running.set(session.id, session);
      return;
    }
    this.ours.set(session.id, session);
    const followed: unknown = session.configuration[FOLLOWED];
    if (typeof followed === "string" && this.ended.has(followed)) void vscode.debug.stopDebugging(session);
  }

  private async end(session: vscode.DebugSession): Promise<void> {
    if (session.type !== DEBUG_TYPE) this.ended.add(session.id);
    this.running.delete(session.id);
    this.pids.delete(session.id);
    this.ours.delete(session.id);
    for (const ours of this.ours.values()) {
      if (ours.configuration[FOLLOWED] === session.id) await vscode.debug.stopDebugging(ours);
    }
  }
}
