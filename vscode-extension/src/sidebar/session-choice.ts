// Which of several sessions is looked at, in the status bar and above the side bar's figures while there is more than one. Main entries: SessionItem,
// chooseSession. The editor's own choice, in its call stacks and its toolbar, is followed too.
import * as vscode from "vscode";
import type { Sessions } from "../session/sessions.ts";

export class SessionItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("heapatlas.session", vscode.StatusBarAlignment.Left, 51);
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly sessions: Sessions) {
    this.item.name = "HeapAtlas: session";
    this.item.command = "heapatlas.chooseSession";
    this.subscriptions = [sessions.onCurrent(() => this.show()), sessions.onCount(() => this.show())];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { all, current } = this.sessions;
    void vscode.commands.executeCommand("setContext", "heapatlas.severalSessions", all.length > 1);
    void vscode.commands.executeCommand("setContext", "heapatlas.replayed", current?.replayed === true);
    if (all.length < 2 || current === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = `$(layers) ${current.name}, ${all.indexOf(current) + 1} of ${all.length}`;
    this.item.tooltip = "HeapAtlas: the session that views show; a click chooses another";
    this.item.show();
  }
}

export async function chooseSession(sessions: Sessions): Promise<void> {
  const { all, current } = sessions;
  if (all.length === 0) {
    void vscode.window.showInformationMessage("HeapAtlas: No session runs; start one with F5.");
    return;
  }
  const items = all.map(({ id, name, replayed }) => ({
    label: name,
    description: [replayed ? "a recording" : "a program that runs", id === current?.id ? "shown now" : ""]
      .filter((part) => part !== "")
      .join(", "),
    id,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: "HeapAtlas: the session that views show" });
  if (chosen !== undefined) sessions.choose(chosen.id);
}
