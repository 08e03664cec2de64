// The side bar's list of watchpoints, with what serves each in the session that is looked at. Main entry: WatchpointsTree.
// The box before one switches it off and on.
import * as vscode from "vscode";
import type { Sessions } from "../session/sessions.ts";
import type { ServedWatchpoints } from "../watchpoints/served-watchpoints.ts";
import type { WatchpointList } from "../watchpoints/watchpoint-list.ts";
import { described, type Watched, type Watchpoint } from "../watchpoints/watchpoint.ts";

export class WatchpointsTree implements vscode.TreeDataProvider<Watchpoint>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<Watchpoint>;
  private readonly subscriptions: readonly { dispose(): void }[];
  /** How many there were when it was looked last. */
  private count: number;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly list: WatchpointList,
    private readonly served: ServedWatchpoints,
    private readonly sessions: Sessions,
  ) {
    const refresh = (): void => this.changed.fire(undefined);
    this.count = list.all.length;
    this.view = vscode.window.createTreeView("heapatlas.watchpoints", {
      treeDataProvider: this,
      manageCheckboxStateManually: true,
    });
    this.subscriptions = [
      this.view,
      this.view.onDidChangeCheckboxState(({ items }) => void this.check(items)),
      list.onChange(() => {
        refresh();
        this.showAdded();
      }),
      served.onDidChange(refresh),
      sessions.onCurrent(refresh),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  getTreeItem(watchpoint: Watchpoint): vscode.TreeItem {
    const watched = this.watched(watchpoint);
    const item = new vscode.TreeItem(watchpoint.name === "" ? watchpoint.address : watchpoint.name);
    item.id = watchpoint.id;
    item.contextValue = "watchpoint";
    item.description = described(watchpoint, watched);
    item.tooltip = tooltip(watchpoint, watched, this.sessions.current?.name);
    item.iconPath = new vscode.ThemeIcon(icon(watchpoint, watched));
    item.checkboxState = watchpoint.enabled
      ? vscode.TreeItemCheckboxState.Checked
      : vscode.TreeItemCheckboxState.Unchecked;
    return item;
  }

  getChildren(watchpoint?: Watchpoint): Watchpoint[] {
    return watchpoint === undefined ? [...this.list.all] : [];
  }

  /** The editor wants it for what is brought into sight. */
  getParent(): undefined {
    return undefined;
  }

  /** The list is folded until there is something in it. */
  private showAdded(): void {
    const { all } = this.list;
    const added = all.length > this.count ? all.at(-1) : undefined;
    this.count = all.length;
    if (added !== undefined) void this.view.reveal(added, { select: false, focus: false });
  }

  private watched({ id }: Watchpoint): Watched | undefined {
    const { current } = this.sessions;
    return current === undefined ? undefined : this.served.watched(current.id, id);
  }

  private async check(items: readonly (readonly [Watchpoint, vscode.TreeItemCheckboxState])[]): Promise<void> {
    for (const [{ id }, state] of items) {
      await this.list.change(id, { enabled: state === vscode.TreeItemCheckboxState.Checked });
    }
  }
}

function icon({ enabled }: Watchpoint, watched: Watched | undefined): string {
  if (!enabled) return "debug-breakpoint-data-disabled";
  return watched?.verified === true ? "debug-breakpoint-data" : "debug-breakpoint-data-unverified";
}

function tooltip({ enabled }: Watchpoint, watched: Watched | undefined, session: string | undefined): string {
  if (!enabled) return "Switched off.";
  if (session === undefined || watched === undefined) {
    return "A replayed recording stops where a block that covers these bytes is allocated, released or moved, in both directions.";
  }
  if (!watched.verified) return `${session}: ${watched.message}.`;
  return `${session}: served by the ${watched.mechanism}; costs the program ${watched.cost}.`;
}
