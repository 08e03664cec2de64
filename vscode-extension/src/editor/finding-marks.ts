// A mark in the editor's margin at each line with a finding, by its severity. Main entry: FindingMarks.
import * as vscode from "vscode";
import type { FindingsTree } from "../sidebar/findings-tree.ts";

const SEVERITIES = ["error", "warning", "information"] as const;

export class FindingMarks implements vscode.Disposable {
  private readonly styles: ReadonlyMap<string, vscode.TextEditorDecorationType>;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly findings: FindingsTree,
    extension: vscode.Uri,
  ) {
    const icon = (severity: string, theme: string): vscode.Uri =>
      vscode.Uri.joinPath(extension, "media", "findings", `${severity}-${theme}.svg`);
    this.styles = new Map(
      SEVERITIES.map((severity) => [
        severity,
        vscode.window.createTextEditorDecorationType({
          gutterIconSize: "75%",
          light: { gutterIconPath: icon(severity, "light") },
          dark: { gutterIconPath: icon(severity, "dark") },
        }),
      ]),
    );
    this.subscriptions = [
      ...this.styles.values(),
      findings.onDidChangeTreeData(() => this.draw()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    ];
    this.draw();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const here = this.findings.places.filter(({ path }) => path === editor.document.uri.fsPath);
      for (const [severity, style] of this.styles) {
        const lines = here.filter((place) => place.severity === severity && place.line <= editor.document.lineCount);
        editor.setDecorations(
          style,
          lines.map(({ line }) => editor.document.lineAt(Math.max(line - 1, 0)).range),
        );
      }
    }
  }
}
