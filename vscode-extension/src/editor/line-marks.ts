// Live bytes behind the source lines that allocate them. Main entry: LineMarks.
import * as vscode from "vscode";
import type { LineFigures } from "./line-figures.ts";
import { figureWords } from "./line-words.ts";
import type { LiveSites } from "./live-sites.ts";

export class LineMarks implements vscode.Disposable {
  private readonly style = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3em", color: new vscode.ThemeColor("editorCodeLens.foreground"), fontStyle: "italic" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(private readonly sites: LiveSites) {
    this.subscriptions = [
      this.style,
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
      sites.onDidChange(() => this.draw()),
    ];
    this.draw();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const lines = this.sites.linesOf(editor.document.uri.fsPath);
      editor.setDecorations(this.style, lines === undefined ? [] : marks(editor.document, lines));
    }
  }
}

function marks(document: vscode.TextDocument, lines: ReadonlyMap<number, LineFigures>): vscode.DecorationOptions[] {
  return [...lines]
    .filter(([line, { liveBytes, rate }]) => line <= document.lineCount && (liveBytes > 0 || rate > 0))
    .map(([line, figures]) => {
      const { range } = document.lineAt(line - 1);
      return {
        range: new vscode.Range(range.end, range.end),
        renderOptions: { after: { contentText: figureWords(figures) } },
      };
    });
}
