// The commands that people give: from the palette, menus and lists. Main entry: registerCommands.
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { AdapterFactory } from "./debug/adapter.ts";
import { pickProcess, pickRecording } from "./debug/pick.ts";
import { toggleLiveSites } from "./editor/live-sites.ts";
import { playTime } from "./session/play.ts";
import { DEBUG_TYPE, type Sessions } from "./session/sessions.ts";
import type { Recording } from "./sidebar/recording.ts";
import type { RecordingsTree } from "./sidebar/recordings-tree.ts";
import { chooseSession } from "./sidebar/session-choice.ts";
import { chooseMode } from "./sidebar/status.ts";
import { reason } from "../widgets/reason.ts";
import { askQuery } from "./views/ask-query.ts";
import { inspectMemory, type OfVariable } from "./views/inspect-memory.ts";
import { showNotice } from "./views/notice.ts";
import { showSource } from "./views/source.ts";
import type { ViewTabs } from "./views/view-tabs.ts";
import { watchpointCommands } from "./watchpoints/commands.ts";
import type { WatchpointList } from "./watchpoints/watchpoint-list.ts";
import type { ViewDescription } from "../widgets/protocol.ts";

export interface Parts {
  readonly sessions: Sessions;
  readonly tabs: ViewTabs;
  readonly recordings: RecordingsTree;
  readonly watchpoints: WatchpointList;
  readonly adapter: AdapterFactory;
  readonly context: vscode.ExtensionContext;
}

const run = promisify(execFile);
const LARGEST_OUTPUT = 16 << 20;
const LARGEST_LOG = 1 << 20;

/** What a list or a menu hands on: its own item, a file, or nothing from the palette. */
type OfRecording = Recording | vscode.Uri | undefined;

export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { sessions, tabs, recordings } = parts;
  const on = (name: string, act: (...args: never[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`heapatlas.${name}`, act);
  const ofWatchpoints = Object.entries(watchpointCommands(parts.watchpoints, sessions));
  return [
    ...ofWatchpoints.map(([name, act]) => on(name, act)),
    on("chooseSession", async () => await chooseSession(sessions)),
    on("pickProcess", pickProcess),
    on("pickRecording", pickRecording),
    on("openView", async (view?: ViewDescription) => {
      const chosen = view ?? (await pickView(sessions));
      if (chosen !== undefined) tabs.show(chosen);
    }),
    on("showView", async (id: string) => await told(showView(id, parts))),
    on("inspectMemory", async (of?: OfVariable) => await told(inspectMemory(sessions, tabs, of))),
    on("query", async () => await told(askQuery(sessions, tabs, parts.context.globalState))),
    on("play", async () => await told(playTime(sessions.current, "forward"))),
    on("playBackward", async () => await told(playTime(sessions.current, "backward"))),
    on("pause", async () => await told(playTime(sessions.current, "pause"))),
    on("showSource", showSource),
    on("setMode", async () => await told(chooseMode(sessions.current))),
    on("toggleLines", toggleLiveSites),
    on("replay", async (which: OfRecording) => await replay(which)),
    on("debugProgram", async (program: vscode.Uri) => await debugProgram(program)),
    on("attach", async () => await attach()),
    on("refreshRecordings", () => recordings.refresh()),
    on("deleteRecording", async (recording: Recording) => await told(remove(recording, recordings))),
    on("compareRecording", async (recording: Recording) => await told(compare(recording, parts))),
    on("exportRecording", async (recording: Recording) => await told(exportTo(recording, parts))),
    on("doctor", async () => await told(doctor(parts))),
    on("collectLogs", async () => await told(collectLogs(parts))),
  ];
}

/** An error is said, never thrown at the editor. */
async function told(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const stderr = (cause as { readonly stderr?: unknown }).stderr;
    const text = typeof stderr === "string" && stderr.trim() !== "" ? stderr.trim() : String(cause);
    void vscode.window.showErrorMessage(`HeapAtlas: ${text.replace(/^heapatlas: |^Error: /, "")}`);
  }
}

async function pickView(sessions: Sessions): Promise<ViewDescription | undefined> {
  if (sessions.current === undefined) {
    void vscode.window.showInformationMessage("HeapAtlas: No session runs; start one with F5.");
    return undefined;
  }
  const items = (await sessions.current.views()).map((view) => ({
    label: view.title,
    description: view.feature,
    detail: view.description,
    view,
  }));
  return (await vscode.window.showQuickPick(items, { title: "HeapAtlas: open a view", matchOnDetail: true }))?.view;
}

/** A view that another one leads to. */
async function showView(id: string, { sessions, tabs }: Parts): Promise<void> {
  const view = (await sessions.current?.views())?.find((each) => each.id === id);
  if (view !== undefined) tabs.show(view);
}

async function start(configuration: Readonly<Record<string, unknown>> & { readonly name: string }): Promise<void> {
  await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
    type: DEBUG_TYPE,
    request: "launch",
    ...configuration,
  });
}

async function replay(which: OfRecording): Promise<void> {
  const folder = which === undefined ? await pickRecording() : "folder" in which ? which.folder : which.fsPath;
  if (folder !== undefined) await start({ name: `Replay ${basename(folder)}`, recording: folder });
}

async function debugProgram(program: vscode.Uri): Promise<void> {
  const { fsPath } = program;
  await start({ name: `Watch ${basename(fsPath)}`, program: fsPath, cwd: dirname(fsPath) });
}

async function attach(): Promise<void> {
  const pid = await pickProcess();
  if (pid !== undefined) await start({ name: `Attach to ${pid}`, request: "attach", pid: Number(pid) });
}

async function remove(recording: Recording, recordings: RecordingsTree): Promise<void> {
  const act = "Delete";
  const chosen = await vscode.window.showWarningMessage(
    `Delete the recording '${recording.name}'?`,
    { modal: true, detail: "Its folder goes to the trash where there is one." },
    act,
  );
  if (chosen !== act) return;
  const folder = vscode.Uri.file(recording.folder);
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
  } catch {
    // No trash here, as on a server: it was confirmed all the same.
    await vscode.workspace.fs.delete(folder, { recursive: true });
  }
  recordings.refresh();
}

async function serve(parts: Parts, title: string, subcommand: readonly string[]): Promise<string> {
  const { program, args } = await parts.adapter.command(subcommand);
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `HeapAtlas: ${title}`, cancellable: true },
    async (_progress, cancelled) => {
      const stopper = new AbortController();
      cancelled.onCancellationRequested(() => stopper.abort());
      return (await run(program, [...args], { maxBuffer: LARGEST_OUTPUT, signal: stopper.signal })).stdout;
    },
  );
}

async function showText(content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: "plaintext" }));
}

async function doctor(parts: Parts): Promise<void> {
  await showText(await serve(parts, "asking what this machine can do", ["doctor"]));
}

/** What somebody who is to help must know, in one document; nothing leaves the machine. */
async function collectLogs(parts: Parts): Promise<void> {
  const { extension, logUri } = parts.context;
  const { version } = extension.packageJSON as { readonly version: string };
  const doctor = await serve(parts, "asking what this machine can do", ["doctor"]).catch((cause: unknown) =>
    reason(cause),
  );
  const logs = await Promise.all(
    (await vscode.workspace.fs.readDirectory(logUri).then(undefined, () => []))
      .filter(([name]) => name.endsWith(".log"))
      .map(async ([name]) => await logText(vscode.Uri.joinPath(logUri, name))),
  );
  const head = `HeapAtlas ${version}, ${vscode.env.appName} ${vscode.version}, ${process.platform} ${process.arch}`;
  await showText([head, "", "# Doctor", doctor, "", "# Log", ...logs].join("\n"));
}

async function logText(log: vscode.Uri): Promise<string> {
  const text = Buffer.from(await vscode.workspace.fs.readFile(log)).toString("utf8");
  return text.slice(-LARGEST_LOG);
}

async function compare(recording: Recording, parts: Parts): Promise<void> {
  const other = await pickRecording();
  if (other === undefined) return;
  await showText(await serve(parts, "comparing two recordings", ["diff", recording.folder, other]));
}

/** The formats of the server's export, and how their files are named. */
const FORMATS: readonly (vscode.QuickPickItem & { readonly ending: string })[] = [
  { label: "pprof", description: "go tool pprof", ending: "pb.gz" },
  { label: "speedscope", description: "speedscope.app", ending: "speedscope.json" },
  { label: "perfetto", description: "Perfetto's page", ending: "perfetto-trace" },
  { label: "heaptrack", description: "heaptrack_print, heaptrack_gui", ending: "heaptrack" },
  { label: "collapsed", description: "flame graphs", ending: "folded" },
  { label: "csv", description: "tables and scripts", ending: "csv" },
  { label: "parquet", description: "pandas, DuckDB, Spark", ending: "parquet" },
];

async function exportTo(recording: Recording, parts: Parts): Promise<void> {
  const format = await vscode.window.showQuickPick(FORMATS, { title: `HeapAtlas: export '${recording.name}'` });
  if (format === undefined) return;
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(`${recording.folder}.${format.ending}`),
    title: `Export as ${format.label}`,
  });
  if (file === undefined) return;
  const words = ["export", recording.folder, "--to", format.label, "-o", file.fsPath];
  await serve(parts, `exporting '${recording.name}'`, words);
  showNotice(`HeapAtlas: ${basename(file.fsPath)} is written`);
}
