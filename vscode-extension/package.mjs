// Makes the two VSIX files: one for every system, which needs a Java, and one for linux-x64 with a runtime in it. Called by
// `npm run package`, in a checkout whose server and native side are built; HEAPATLAS_NATIVE names another folder of the
// native side's programs. Both carry the server, its page, and the native programs of linux-x64. What is large is stored as
// *.zst, which src/debug/unpack.ts takes apart: a third less than the package's own compression makes of it.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createVSIX } from "@vscode/vsce";

const run = promisify(execFile);

const here = import.meta.dirname;
const root = join(here, "..");
const stage = join(here, "dist", "vsix");
const server = join(stage, "server");
const native = process.env["HEAPATLAS_NATIVE"] ?? join(root, "native-bridge", "build", "bin");
const NATIVE_PROGRAMS = ["heapatlas-collector", "heapatlas-launch", "libheapatlas-runtime.so"];
const TARGET = "linux-x64";
const DUCKDB = "libduckdb_java.so_linux_amd64";
/** What the server's class files need; what its libraries name beyond that they never reach. */
const MODULES =
  "java.base,java.logging,java.naming,java.net.http,java.sql,java.xml,jdk.unsupported,jdk.crypto.ec,java.management";

const { version } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));

await rm(stage, { recursive: true, force: true });
await stageExtension();
await stageServer();
await pack(`heapatlas-${version}.vsix`);
await stageRuntime();
await pack(`heapatlas-${TARGET}-${version}.vsix`, TARGET);

async function stageExtension() {
  await mkdir(stage, { recursive: true });
  for (const part of ["dist/extension", "dist/webview", "media", "walkthrough", "README.md", "CHANGELOG.md"]) {
    await cp(join(here, part), join(stage, part), { recursive: true, filter: (name) => !name.endsWith(".ts") });
  }
  await cp(join(root, "LICENSE"), join(stage, "LICENSE"));
  const manifest = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  // Everything is bundled, and what is bundled is no ES module.
  for (const left of ["scripts", "devDependencies", "dependencies", "type", "private"]) delete manifest[left];
  await writeFile(join(stage, "package.json"), JSON.stringify(manifest, null, 2));
}

async function stageServer() {
  await cp(join(here, "dist", "page"), join(server, "page"), { recursive: true });
  await mkdir(join(server, "native"), { recursive: true });
  for (const program of NATIVE_PROGRAMS) {
    const to = join(server, "native", program);
    await cp(join(native, program), to);
    await run("strip", ["--strip-all", to]);
  }
  const app = join(root, "dap-server", "target", "app");
  const jars = (await readdir(app)).filter((name) => name.endsWith(".jar"));
  const sizes = new Map();
  for (const jar of jars) sizes.set(jar, (await stat(join(app, jar))).size);
  // The largest first, as many at a time as there are cores: compressing is nearly all of what packing takes.
  jars.sort((a, b) => sizes.get(a) - sizes.get(b));
  const worker = async () => {
    for (let jar = jars.pop(); jar !== undefined; jar = jars.pop()) {
      const to = join(server, "app", jar);
      await cp(join(app, jar), to);
      await shrinkJar(to);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/**
 * Native parts of systems that none of ours is for make half of the libraries' weight. What is left is stored as it is, for
 * zstd makes less of it than jars do, and a native library lies beside its jar, whose JDBC driver looks there too.
 */
async function shrinkJar(jar) {
  const classes = await mkdtemp(join(stage, "jar-"));
  await run("unzip", ["-q", "-o", jar, "-d", classes]);
  for (const name of await readdir(classes, { recursive: true })) {
    const path = join(classes, name);
    const isNative = /\.(so|dll|dylib|jnilib)(_\w+)?$/.test(name);
    if (isNative && /aarch_?64|arm64|osx|macos|windows|riscv|ppc/.test(name)) await rm(path);
    else if (name === DUCKDB) await compressed(path, join(server, "app", "libduckdb_java.so"));
  }
  await rm(jar);
  await run("zip", ["-q", "-0", "-r", jar, "."], { cwd: classes });
  await rm(classes, { recursive: true });
  await compressed(jar, jar);
}

/** Moves a file to where it is unpacked from; stripped, when it is a native library. */
async function compressed(from, to) {
  if (to.endsWith(".so")) await run("strip", ["--strip-all", from]);
  await run("zstd", ["-q", "-19", "--long=27", "--rm", from, "-o", `${to}.zst`]);
}

async function stageRuntime() {
  const home = (await run(join(root, ".mvn", "jdk"))).stdout.trim();
  const words = ["--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages"];
  await run(join(home, "bin", "jlink"), [...words, "--output", join(stage, "runtime")]);
  await run("strip", ["--strip-all", join(stage, "runtime", "lib", "server", "libjvm.so")]);
  const modules = join(stage, "runtime", "lib", "modules");
  await compressed(modules, modules);
}

async function pack(name, target) {
  const packagePath = join(here, "dist", name);
  await createVSIX({
    cwd: stage,
    packagePath,
    target,
    dependencies: false,
    allowMissingRepository: true,
    // The pictures lie in the package.
    rewriteRelativeLinks: false,
    skipLicense: false,
  });
}
