// Views in editor tabs, one each. Main entry: ViewTabs. A tab goes on with the next session when its own has ended, and
// comes back when the window is reloaded.
import * as vscode from "vscode";
import type { Act, ViewDescription } from "../../widgets/protocol.ts";
import type { HeapSession } from "../session/heap-session.ts";
import type { Sessions } from "../session/sessions.ts";
import { BoundWebview } from "./bound-webview.ts";

const TAB_TYPE = "heapatlas.view";

interface Tab {
  readonly panel: vscode.WebviewPanel;
  readonly webview: BoundWebview;
}

export class ViewTabs implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly tabs = new Map<string, Tab>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly sessions: Sessions,
    private readonly extension: vscode.Uri,
  ) {
    this.subscriptions = [
      sessions.onCurrent((session) => this.follow(session)),
      vscode.window.registerWebviewPanelSerializer(TAB_TYPE, this),
    ];
  }

  /** Whether any is open, also one that came back with the window and was not looked at yet. */
  get any(): boolean {
    const open = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    return open.some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(TAB_TYPE));
  }

  /** Shows a view of the current session, in its tab when it has one, and does this in it. */
  show(view: Pick<ViewDescription, "id" | "title">, act?: Act): void {
    const tab = this.tabs.get(view.id);
    if (tab !== undefined) {
      tab.panel.reveal(tab.panel.viewColumn, false);
    } else {
      const where = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
      this.keep(view.id, vscode.window.createWebviewPanel(TAB_TYPE, view.title, where));
    }
    if (act !== undefined) this.tabs.get(view.id)?.webview.perform(act);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = (state as { readonly view?: unknown } | undefined)?.view;
    if (typeof id === "string" && id !== "" && !this.tabs.has(id)) this.keep(id, panel);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    for (const { panel } of this.tabs.values()) panel.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private keep(id: string, panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "view.svg");
    const pick = (views: readonly ViewDescription[]): ViewDescription | undefined =>
      views.find((view) => view.id === id);
    const webview = new BoundWebview(
      panel.webview,
      this.extension,
      [{ style: "framed", pick }],
      { title: "No HeapAtlas session", text: "This view fills as soon as a session runs: start one with F5." },
      id,
    );
    webview.bind(this.sessions.current);
    const tab = { panel, webview };
    this.tabs.set(id, tab);
    panel.onDidChangeViewState(() => panel.visible || webview.hide());
    panel.onDidDispose(() => {
      webview.dispose();
      this.tabs.delete(id);
    });
  }

  private follow(session: HeapSession | undefined): void {
    for (const { webview } of this.tabs.values()) webview.bind(session);
  }
}
