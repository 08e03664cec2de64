// Builds the browser page into dist/page: index.html, page.js, page.css. Called by `npm run build`.
// `--watch` keeps building. The folder is never emptied: other tools keep stamps of their own in it.
import { copyFile, mkdir } from "node:fs/promises";
import * as esbuild from "esbuild";

const out = "dist/page";
const watch = process.argv.includes("--watch");
const options = {
  entryPoints: ["page/page.ts", "page/page.css"],
  outdir: out,
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};

await mkdir(out, { recursive: true });
await copyFile("page/index.html", `${out}/index.html`);
if (watch) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
