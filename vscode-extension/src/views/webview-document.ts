// The document of every webview: the renderers' bundle under a strict policy. Main entry: webviewDocument. Nothing is loaded
// from elsewhere, and no script but our own runs. Called by webview-page.ts, and by the tests without an editor.
import { randomBytes } from "node:crypto";

/** `source`: where the editor says that a webview's files come from; `file`: the address of one of them. */
export function webviewDocument(source: string, file: (name: string) => string): string {
  const nonce = randomBytes(16).toString("base64");
  // uPlot and lit set styles on elements, which no nonce covers. A script's nonce covers what it imports.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'unsafe-inline'`,
    `img-src ${source} data: blob:`,
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
