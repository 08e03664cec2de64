// A view of the sidebar or the panel that shows widgets of the current session. Main entry: SideView.
import * as vscode from "vscode";
import type { ViewDescription } from "../../widgets/protocol.ts";
import type { Sessions } from "../session/sessions.ts";
import { BoundWebview, type Slot, type Welcome } from "./bound-webview.ts";

export class SideView implements vscode.WebviewViewProvider {
  constructor(
    private readonly sessions: Sessions,
    private readonly extension: vscode.Uri,
    private readonly slots: readonly Slot[],
    private readonly welcome: Welcome,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const webview = new BoundWebview(view.webview, this.extension, this.slots, this.welcome, "");
    webview.bind(this.sessions.current);
    const following = this.sessions.onCurrent((session) => webview.bind(session));
    view.onDidChangeVisibility(() => view.visible || webview.hide());
    view.onDidDispose(() => {
      following.dispose();
      webview.dispose();
    });
  }
}

/** The first view that a widget of this kind draws: front ends know kinds, and no feature. */
export function ofKind(widget: string): Slot["pick"] {
  return (views: readonly ViewDescription[]) => views.find((view) => view.widget === widget);
}
