// The sidebar's list of findings, and the same in Problems and in the editor's margin. Main entry: FindingsTree. Whatever
// view of the session counts findings and is a table is taken; its columns are shown as they come.
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { Frame, StackLine, TableRow, ViewDescription } from "../../widgets/protocol.ts";
import type { Sessions } from "../session/sessions.ts";
import { FollowedView } from "../views/followed-view.ts";

/** Where a finding is in a file of this machine. */
export interface FindingPlace {
  readonly path: string;
  readonly line: number;
  /** error, warning or information. */
  readonly severity: string;
}

type Item = { readonly row: TableRow } | { readonly line: StackLine };

const SEVERITIES: Readonly<Record<string, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

export class FindingsTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly problems = vscode.languages.createDiagnosticCollection("heapatlas");
  private readonly view: FollowedView;
  private rows: readonly TableRow[] = [];
  private columns: readonly string[] = [];
  private marked: readonly FindingPlace[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  get places(): readonly FindingPlace[] {
    return this.marked;
  }

  /** How many there are. */
  get count(): number {
    return this.rows.length;
  }

  constructor(sessions: Sessions, log: vscode.LogOutputChannel) {
    this.view = new FollowedView(sessions, findingsView, (frame) => this.show(frame), log);
  }

  dispose(): void {
    this.view.dispose();
    this.problems.dispose();
    this.changed.dispose();
  }

  getTreeItem(item: Item): vscode.TreeItem {
    if ("line" in item) return lineItem(item.line);
    const tree = new vscode.TreeItem(this.cell(item.row, "kind"), vscode.TreeItemCollapsibleState.Collapsed);
    tree.id = item.row.id;
    tree.description = [this.cell(item.row, "where"), this.cell(item.row, "when")].join(" · ");
    tree.tooltip = this.cell(item.row, "explanation");
    tree.iconPath = new vscode.ThemeIcon("bug", new vscode.ThemeColor("problemsErrorIcon.foreground"));
    return tree;
  }

  getChildren(item?: Item): Item[] {
    if (item === undefined) return this.rows.map((row) => ({ row }));
    return "row" in item ? item.row.detail.map((line) => ({ line })) : [];
  }

  private cell(row: TableRow, column: string): string {
    return row.cells[this.columns.indexOf(column)]?.text ?? "";
  }

  private show(frame: Frame | undefined): void {
    const data = frame?.widget === "table" ? frame.data : undefined;
    const before = shown(this.rows);
    this.rows = data?.rows ?? [];
    this.columns = data?.columns.map(({ id }) => id) ?? [];
    // Frames come ten times a second, and findings seldom.
    if (shown(this.rows) === before) return;
    this.mark();
    this.changed.fire(undefined);
  }

  /** Where the finding's own stack is first in a file of this machine. */
  private mark(): void {
    this.problems.clear();
    const byFile = new Map<string, vscode.Diagnostic[]>();
    const marked: FindingPlace[] = [];
    for (const row of this.rows) {
      const places = row.detail.filter(({ path }) => path !== "" && existsSync(path));
      const [first] = places;
      if (first === undefined) continue;
      const problem = new vscode.Diagnostic(
        lineRange(first.line),
        `${this.cell(row, "kind")}: ${this.cell(row, "explanation")}`,
        SEVERITIES[this.cell(row, "severity")] ?? vscode.DiagnosticSeverity.Error,
      );
      problem.source = "HeapAtlas";
      problem.relatedInformation = places.map(
        ({ path, line, function: name }) =>
          new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.file(path), lineRange(line)), name),
      );
      byFile.set(first.path, [...(byFile.get(first.path) ?? []), problem]);
      const severity = this.cell(row, "severity");
      marked.push({ path: first.path, line: first.line, severity: severity in SEVERITIES ? severity : "error" });
    }
    this.marked = marked;
    for (const [path, all] of byFile) this.problems.set(vscode.Uri.file(path), all);
  }
}

/** What of the rows makes a difference to the list: stacks are resolved after the finding came. */
function shown(rows: readonly TableRow[]): string {
  return JSON.stringify(rows.map(({ id, detail }) => [id, detail]));
}

function findingsView(views: readonly ViewDescription[]): ViewDescription | undefined {
  return views.find(({ id, widget }) => id.endsWith(".findings") && widget === "table");
}

function lineRange(line: number): vscode.Range {
  return new vscode.Range(Math.max(line - 1, 0), 0, Math.max(line - 1, 0), Number.MAX_SAFE_INTEGER);
}

function lineItem({ function: name, path, line, module }: StackLine): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.description = path === "" ? module : `${path.split("/").at(-1) ?? path}:${line}`;
  item.tooltip = path === "" ? module : `${path}:${line}`;
  if (path !== "") item.command = { command: "heapatlas.showSource", title: "Show", arguments: [path, line] };
  return item;
}
