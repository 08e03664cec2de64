// What is live below a function, above its first line. Main entry: FunctionLenses. A click opens the table of call sites.
import * as vscode from "vscode";
import { definitionLine } from "./function-figures.ts";
import { lensWords } from "./line-words.ts";
import type { LiveSites } from "./live-sites.ts";

/** The editor lays its text out anew for each change of a lens. */
const PAUSE_MILLIS = 1000;

export class FunctionLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  private soon: ReturnType<typeof setTimeout> | undefined;

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly sites: LiveSites) {
    this.subscription = sites.onDidChange(() => {
      this.soon ??= setTimeout(() => {
        this.soon = undefined;
        this.changed.fire();
      }, PAUSE_MILLIS);
    });
  }

  dispose(): void {
    clearTimeout(this.soon);
    this.subscription.dispose();
    this.changed.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { fsPath } = document.uri;
    const { description } = this.sites;
    const functions = this.sites.functionsOf(fsPath);
    return functions
      .filter(({ line, liveBytes, rate }) => line <= document.lineCount && (liveBytes > 0 || rate > 0))
      .map((figures) => {
        const at = definitionLine((line) => document.lineAt(line - 1).text, figures.line, figures.name) - 1;
        return new vscode.CodeLens(new vscode.Range(at, 0, at, 0), {
          title: lensWords(figures, this.sites.historyOfFunction(fsPath, figures.name)),
          tooltip: "HeapAtlas: what is allocated below this function; a click opens the call sites",
          command: "heapatlas.openView",
          arguments: description === undefined ? [] : [description],
        });
      });
  }
}
