// What a hover says of a source line that allocates: its figures, their last minutes, who calls it. Main entry: LineHovers.
import * as vscode from "vscode";
import { callersOf } from "./function-figures.ts";
import { hoverText } from "./line-words.ts";
import type { LiveSites } from "./live-sites.ts";

const MOST_CALLERS = 5;
const COLOURS: Readonly<Record<vscode.ColorThemeKind, string>> = {
  [vscode.ColorThemeKind.Light]: "#0072b2",
  [vscode.ColorThemeKind.HighContrastLight]: "#0f4a85",
  [vscode.ColorThemeKind.Dark]: "#56b4e9",
  [vscode.ColorThemeKind.HighContrast]: "#6fc3ff",
};

export class LineHovers implements vscode.HoverProvider {
  constructor(private readonly sites: LiveSites) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { table } = this.sites;
    const { fsPath } = document.uri;
    const line = position.line + 1;
    const figures = this.sites.linesOf(fsPath)?.get(line);
    if (table === undefined || figures === undefined) return undefined;
    const text = new vscode.MarkdownString(
      hoverText(
        figures,
        this.sites.historyOfLine(fsPath, line),
        callersOf(table, fsPath, line, MOST_CALLERS),
        COLOURS[vscode.window.activeColorTheme.kind],
      ),
    );
    text.isTrusted = { enabledCommands: ["heapatlas.openView"] };
    return new vscode.Hover(text, document.lineAt(position.line).range);
  }
}
