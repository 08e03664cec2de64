// The side bar's list of nodes: whether their collectors answer, what was lost, how their clocks stand. Main entry:
// NodesTree. The table of nodes is shown as it comes, a row an entry and its other columns below it.
import * as vscode from "vscode";
import type { Frame, TableColumn, TableRow, ViewDescription } from "../../widgets/protocol.ts";
import { cellText } from "../../widgets/table-model.ts";
import type { Sessions } from "../session/sessions.ts";
import { FollowedView } from "../views/followed-view.ts";
import { nodeOf } from "./node-rows.ts";

type Item = { readonly row: TableRow } | { readonly row: TableRow; readonly column: number };

export class NodesTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: FollowedView;
  private rows: readonly TableRow[] = [];
  private columns: readonly TableColumn[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(sessions: Sessions, log: vscode.LogOutputChannel) {
    this.view = new FollowedView(sessions, nodesView, (frame) => this.show(frame), log);
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }

  getTreeItem(item: Item): vscode.TreeItem {
    if ("column" in item) {
      const column = this.columns[item.column];
      const leaf = new vscode.TreeItem(column?.title ?? "");
      leaf.id = `${item.row.id} ${item.column}`;
      leaf.description = column === undefined ? "" : cellText(item.row.cells[item.column], column);
      return leaf;
    }
    const { name, description, healthy, lossless } = nodeOf(item.row, this.columns);
    const tree = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    tree.id = item.row.id;
    tree.description = description;
    tree.tooltip = `${name}: ${description}`;
    tree.iconPath = healthy
      ? new vscode.ThemeIcon(lossless ? "server" : "warning")
      : new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground"));
    return tree;
  }

  getChildren(item?: Item): Item[] {
    if (item === undefined) return this.rows.map((row) => ({ row }));
    // What the entry itself says stands in the first two.
    return "column" in item ? [] : this.columns.slice(2).map((_, at) => ({ row: item.row, column: at + 2 }));
  }

  private show(frame: Frame | undefined): void {
    const data = frame?.widget === "table" ? frame.data : undefined;
    const before = JSON.stringify(this.rows);
    this.rows = data?.rows ?? [];
    this.columns = data?.columns ?? [];
    if (JSON.stringify(this.rows) !== before) this.changed.fire(undefined);
  }
}

function nodesView(views: readonly ViewDescription[]): ViewDescription | undefined {
  return views.find(({ id, widget }) => id.endsWith(".nodes") && widget === "table");
}
