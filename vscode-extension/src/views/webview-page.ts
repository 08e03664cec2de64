// The document of every webview: the renderers' bundle under a strict policy. Main entry: webviewPage. Nothing is loaded
// from elsewhere, and no script but our own runs.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist", "webview")] };
}

export function webviewPage(webview: vscode.Webview, extension: vscode.Uri): string {
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString();
  const nonce = randomBytes(16).toString("base64");
  // uPlot and lit set styles on elements, which no nonce covers.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `img-src ${webview.cspSource} data: blob:`,
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <link rel="stylesheet" href="${file("view.css")}" />
    <title>HeapAtlas</title>
  </head>
  <body>
    <heapatlas-slots></heapatlas-slots>
    <script nonce="${nonce}" type="module" src="${file("view.js")}"></script>
  </body>
</html>`;
}
