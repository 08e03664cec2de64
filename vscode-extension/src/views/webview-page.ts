// What a webview may do, and its document. Main entries: webviewOptions, webviewPage. Called by bound-webview.ts.
import * as vscode from "vscode";
import { webviewDocument } from "./webview-document.ts";

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist", "webview")] };
}

export function webviewPage(webview: vscode.Webview, extension: vscode.Uri): string {
  return webviewDocument(webview.cspSource, (name) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString(),
  );
}
