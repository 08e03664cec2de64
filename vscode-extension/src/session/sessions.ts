// The debug sessions of ours that run, and the one that views follow. Main entry: Sessions. Called by everything that
// shows something. Must hold: current is the session that the editor's debug views follow, if that is one of ours; else the
// one that began last.
import * as vscode from "vscode";
import { HeapSession } from "./heap-session.ts";

export const DEBUG_TYPE = "heapatlas";

export class Sessions implements vscode.Disposable {
  private readonly running = new Map<string, HeapSession>();
  private readonly changed = new vscode.EventEmitter<HeapSession | undefined>();
  private readonly subscriptions: vscode.Disposable[];
  private shown: HeapSession | undefined;

  /** Another session is current, or none. */
  readonly onCurrent = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      vscode.debug.onDidStartDebugSession((session) => this.begin(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.end(session)),
      vscode.debug.onDidChangeActiveDebugSession(() => this.follow()),
    ];
    // The window was reloaded, or this extension was activated by something else, in the middle of a session.
    const active = vscode.debug.activeDebugSession;
    if (active !== undefined) this.begin(active);
  }

  get current(): HeapSession | undefined {
    return this.shown;
  }

  dispose(): void {
    for (const session of this.running.values()) session.end();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private begin(session: vscode.DebugSession): void {
    if (session.type !== DEBUG_TYPE || this.running.has(session.id)) return;
    this.log.info(`session '${session.name}' began`);
    this.running.set(session.id, new HeapSession(session, (sentence) => this.log.warn(sentence)));
    this.follow();
  }

  private end(session: vscode.DebugSession): void {
    const over = this.running.get(session.id);
    if (over === undefined) return;
    this.log.info(`session '${session.name}' ended`);
    this.running.delete(session.id);
    over.end();
    this.follow();
  }

  private follow(): void {
    const active = vscode.debug.activeDebugSession?.id ?? "";
    const next = this.running.get(active) ?? [...this.running.values()].at(-1);
    if (next === this.shown) return;
    this.shown = next;
    this.changed.fire(next);
  }
}
