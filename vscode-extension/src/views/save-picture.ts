// A picture that a webview may not put on the clipboard, as a file. Main entry: savePicture. Called by bound-webview.ts.
import { Buffer } from "node:buffer";
import * as vscode from "vscode";
import { showNotice } from "./notice.ts";

/** Asks where to; an editor gives an extension no other way to hand on a picture. */
export async function savePicture(name: string, base64: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { "PNG picture": ["png"] },
    title: "The picture may not be copied here; store it",
  });
  if (file === undefined) return;
  await vscode.workspace.fs.writeFile(file, Buffer.from(base64, "base64"));
  showNotice(`The picture is stored as ${vscode.workspace.asRelativePath(file)}.`);
}
