// The sidebar's list of the workspace's recordings. Main entry: RecordingsTree. A click replays one.
import { homedir } from "node:os";
import * as vscode from "vscode";
import { formatBytes } from "../../widgets/format.ts";
import { findRecordings, type Recording } from "./recording.ts";

const SETTLED_MILLIS = 1000;

export class RecordingsTree implements vscode.TreeDataProvider<Recording>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly watcher = vscode.workspace.createFileSystemWatcher("**/recording.json");
  private readonly following: vscode.Disposable;
  private soon: ReturnType<typeof setTimeout> | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor() {
    // A session may have recorded, and not every system tells of new files.
    this.following = vscode.debug.onDidTerminateDebugSession(() => this.refreshSoon());
    this.watcher.onDidCreate(() => this.refreshSoon());
    this.watcher.onDidDelete(() => this.refreshSoon());
  }

  dispose(): void {
    clearTimeout(this.soon);
    this.following.dispose();
    this.watcher.dispose();
    this.changed.dispose();
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  getTreeItem(recording: Recording): vscode.TreeItem {
    const item = new vscode.TreeItem(recording.name);
    const when = recording.begun === 0 ? "" : new Date(recording.begun).toLocaleString();
    item.id = recording.folder;
    item.contextValue = "recording";
    item.iconPath = new vscode.ThemeIcon("record");
    item.description = [when, formatBytes(recording.bytes)].filter((part) => part !== "").join(" · ");
    item.tooltip = [recording.program, recording.folder.replace(homedir(), "~")]
      .filter((part) => part !== "")
      .join("\n");
    item.command = { command: "heapatlas.replay", title: "Replay", arguments: [recording] };
    return item;
  }

  async getChildren(recording?: Recording): Promise<Recording[]> {
    return recording === undefined ? await recordingsOfWorkspace() : [];
  }

  private refreshSoon(): void {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(), SETTLED_MILLIS);
  }
}

export async function recordingsOfWorkspace(): Promise<Recording[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const found = await Promise.all(folders.map(({ uri }) => findRecordings(uri.fsPath)));
  return found.flat();
}
