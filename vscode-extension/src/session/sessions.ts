// The debug sessions of ours that run, and the one that views follow. Main entry: Sessions. Called by everything that
// shows something. Must hold: current is the session that a person chose, here or in the editor's debug views, if it still
// runs; else the one that began last.
import * as vscode from "vscode";
import { HeapSession } from "./heap-session.ts";
import { Running } from "./running.ts";

export const DEBUG_TYPE = "heapatlas";

export class Sessions implements vscode.Disposable {
  private readonly running = new Running<HeapSession>();
  private readonly changed = new vscode.EventEmitter<HeapSession | undefined>();
  private readonly counted = new vscode.EventEmitter<number>();
  private readonly subscriptions: vscode.Disposable[];
  private shown: HeapSession | undefined;

  /** Another session is current, or none. */
  readonly onCurrent = this.changed.event;

  /** Another number of them runs. */
  readonly onCount = this.counted.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      vscode.debug.onDidStartDebugSession((session) => this.begin(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.end(session)),
      vscode.debug.onDidChangeActiveDebugSession((session) => session !== undefined && this.choose(session.id)),
    ];
    // The window was reloaded, or this extension was activated by something else, in the middle of a session.
    const active = vscode.debug.activeDebugSession;
    if (active !== undefined) this.begin(active);
  }

  get current(): HeapSession | undefined {
    return this.shown;
  }

  get all(): readonly HeapSession[] {
    return this.running.list;
  }

  /** From now on views follow this one, until another is chosen or begins. */
  choose(id: string): void {
    this.running.choose(id);
    this.follow();
  }

  dispose(): void {
    for (const session of this.running.list) session.end();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
    this.counted.dispose();
  }

  private begin(session: vscode.DebugSession): void {
    if (session.type !== DEBUG_TYPE || this.running.get(session.id) !== undefined) return;
    this.log.info(`session '${session.name}' began`);
    this.running.begin(session.id, new HeapSession(session, (sentence) => this.log.warn(sentence)));
    this.counted.fire(this.running.list.length);
    this.follow();
  }

  private end(session: vscode.DebugSession): void {
    const over = this.running.get(session.id);
    if (over === undefined) return;
    this.log.info(`session '${session.name}' ended`);
    this.running.end(session.id);
    over.end();
    this.counted.fire(this.running.list.length);
    this.follow();
  }

  private follow(): void {
    const next = this.running.current;
    if (next === this.shown) return;
    this.shown = next;
    this.changed.fire(next);
  }
}
