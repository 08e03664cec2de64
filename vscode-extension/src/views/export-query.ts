// A query's rows as a file, and how scripts read it. Main entry: exportQuery. Called where a view asks for it. The server
// writes the file, and shows its progress with a button to cancel it, as of any request of the debugger.
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { HeapSession } from "../session/heap-session.ts";

const KINDS = { "Comma-separated values": ["csv"], Parquet: ["parquet"], Spreadsheet: ["xlsx"], JSON: ["json"] };

export async function exportQuery(session: HeapSession, sql: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
  const file = await vscode.window.showSaveDialog({
    title: "Export the rows of the query",
    defaultUri: vscode.Uri.file(join(folder, "query.csv")),
    filters: KINDS,
  });
  if (file === undefined) return;
  const scripts = await session.exportQuery(sql, file.fsPath);
  const chosen = await vscode.window.showInformationMessage(
    `HeapAtlas: ${basename(file.fsPath)} is written.`,
    ...scripts.map(({ title, code }) => ({ title: `Copy for ${title}`, code })),
  );
  if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.code);
}
