// Builds what runs in a browser and in the editor, each into its folder of dist: the server's page, the webviews, the
// extension. Called by `npm run build`. `--watch` keeps building. The folders are never emptied: other tools keep stamps of
// their own in them.
import { copyFile, mkdir } from "node:fs/promises";
import * as esbuild from "esbuild";

const watch = process.argv.includes("--watch");
const common = {
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};
/** What the scene loads when it comes into sight; beside whatever has a scene. */
const stage = { in: "widgets/scene-stage.ts", out: "scene-stage" };
const page = {
  entryPoints: [{ in: "page/page.ts", out: "page" }, { in: "page/page.css", out: "page" }, stage],
  outdir: "dist/page",
  format: "esm",
};
const webview = {
  entryPoints: [{ in: "webview/view.ts", out: "view" }, { in: "webview/view.css", out: "view" }, stage],
  outdir: "dist/webview",
  format: "esm",
};
const extension = {
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension/extension.cjs",
  format: "cjs",
  platform: "node",
  external: ["vscode"],
};

await mkdir("dist/page", { recursive: true });
await copyFile("page/index.html", "dist/page/index.html");
for (const part of [page, webview, extension]) {
  const options = { ...common, ...part };
  if (watch) await (await esbuild.context(options)).watch();
  else await esbuild.build(options);
}
