// The sidebar's list of all views, by feature. Main entry: ViewsTree. A click opens a view in an editor tab.
import * as vscode from "vscode";
import type { ViewDescription } from "../../widgets/protocol.ts";
import type { Sessions } from "../session/sessions.ts";

type Item =
  { readonly feature: string; readonly views: readonly ViewDescription[] } | { readonly view: ViewDescription };

const LIST_AGAIN_MILLIS = 5000;

/** What stands before a view, by what draws it. */
const ICONS: Readonly<Record<string, string>> = {
  keyFigures: "dashboard",
  heatmap: "symbol-color",
  table: "table",
  chart: "graph-line",
  timeline: "history",
  flameGraph: "flame",
  graph: "type-hierarchy",
  hex: "file-binary",
  scene: "globe",
  document: "file-text",
};

export class ViewsTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly subscription: vscode.Disposable;
  private readonly timer: ReturnType<typeof setInterval>;
  private views: readonly ViewDescription[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly sessions: Sessions) {
    this.subscription = sessions.onCurrent(() => void this.list());
    this.timer = setInterval(() => sessions.current !== undefined && void this.list(), LIST_AGAIN_MILLIS);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.subscription.dispose();
    this.changed.dispose();
  }

  getTreeItem(item: Item): vscode.TreeItem {
    if ("feature" in item) {
      const group = new vscode.TreeItem(titleOf(item.feature), vscode.TreeItemCollapsibleState.Expanded);
      group.id = item.feature;
      return group;
    }
    const { view } = item;
    const leaf = new vscode.TreeItem(view.title);
    leaf.id = view.id;
    leaf.tooltip = view.description;
    leaf.description = view.findings > 0 ? String(view.findings) : "";
    leaf.iconPath = new vscode.ThemeIcon(view.findings > 0 ? "warning" : (ICONS[view.widget] ?? "window"));
    leaf.command = { command: "heapatlas.openView", title: "Open", arguments: [view] };
    return leaf;
  }

  getChildren(item?: Item): Item[] {
    if (item !== undefined) return "feature" in item ? item.views.map((view) => ({ view })) : [];
    const features = [...new Set(this.views.map(({ feature }) => feature))];
    return features.map((feature) => ({ feature, views: this.views.filter((view) => view.feature === feature) }));
  }

  private async list(): Promise<void> {
    const session = this.sessions.current;
    const before = JSON.stringify(this.views.map(shown));
    try {
      this.views = session === undefined ? [] : await session.views();
    } catch {
      // The session has just ended, or is only just beginning: it is asked again.
      return;
    }
    if (JSON.stringify(this.views.map(shown)) !== before) this.changed.fire(undefined);
  }
}

function shown({ id, title, findings }: ViewDescription): readonly [string, string, number] {
  return [id, title, findings];
}

function titleOf(feature: string): string {
  return feature.charAt(0).toUpperCase() + feature.slice(1);
}
