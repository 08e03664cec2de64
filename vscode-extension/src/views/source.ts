// Shows a source line that a view names. Main entry: showSource. A path that debug information gives may be of the
// machine where the program was built: its end is looked for in the workspace then.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import * as vscode from "vscode";

const MOST_FILES = 50;

export async function showSource(path: string, line: number): Promise<void> {
  const uri = existsSync(path) ? vscode.Uri.file(path) : await inWorkspace(path);
  if (uri === undefined) {
    void vscode.window.showWarningMessage(
      `HeapAtlas: '${path}' is not on this machine, and no file of the workspace ends like it.`,
    );
    return;
  }
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  await vscode.window.showTextDocument(uri, {
    selection: new vscode.Range(at, at),
    viewColumn: vscode.ViewColumn.One,
    preview: true,
  });
}

/** The file whose path has the longest end in common with the one that is sought. */
async function inWorkspace(path: string): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(`**/${basename(path)}`, undefined, MOST_FILES);
  const common = (uri: vscode.Uri): number => commonEnd(uri.path, path);
  return found.reduce<vscode.Uri | undefined>(
    (best, uri) => (best !== undefined && common(best) >= common(uri) ? best : uri),
    undefined,
  );
}

function commonEnd(one: string, other: string): number {
  const [left, right] = [one.split("/").reverse(), other.split("/").reverse()];
  const differs = left.findIndex((part, at) => part !== right[at]);
  return differs === -1 ? left.length : differs;
}
