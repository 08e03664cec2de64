// The extension's entry: makes its parts and joins them. Nothing here waits, so that activation costs next to nothing.
import * as vscode from "vscode";
import { registerCommands } from "./commands.ts";
import { AdapterFactory } from "./debug/adapter.ts";
import { OtherDebuggers } from "./debug/other-debuggers.ts";
import { ConfigurationProvider, OfferedConfigurations } from "./debug/provider.ts";
import { FindingMarks } from "./editor/finding-marks.ts";
import { FunctionLenses } from "./editor/function-lenses.ts";
import { LineHovers } from "./editor/line-hovers.ts";
import { LineMarks } from "./editor/line-marks.ts";
import { LiveSites } from "./editor/live-sites.ts";
import { DEBUG_TYPE, Sessions } from "./session/sessions.ts";
import { FindingsTree } from "./sidebar/findings-tree.ts";
import { NodesTree } from "./sidebar/nodes-tree.ts";
import { RecordingsTree } from "./sidebar/recordings-tree.ts";
import { SessionItem } from "./sidebar/session-choice.ts";
import { StatusItem } from "./sidebar/status.ts";
import { ViewsTree } from "./sidebar/views-tree.ts";
import { WatchpointsTree } from "./sidebar/watchpoints-tree.ts";
import { openFirstView } from "./views/first-view.ts";
import { ofKind, SideView } from "./views/side-view.ts";
import { ViewTabs } from "./views/view-tabs.ts";
import { ServedWatchpoints } from "./watchpoints/served-watchpoints.ts";
import { WatchpointList } from "./watchpoints/watchpoint-list.ts";

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel("HeapAtlas", { log: true });
  const sessions = new Sessions(log);
  const adapter = new AdapterFactory(context);
  const tabs = new ViewTabs(sessions, extensionUri);
  const views = new ViewsTree(sessions);
  const recordings = new RecordingsTree();
  const findings = new FindingsTree(sessions, log);
  const listed = vscode.window.createTreeView("heapatlas.findings", { treeDataProvider: findings });
  const counted = findings.onDidChangeTreeData(() => {
    const { count: value } = findings;
    listed.badge = value === 0 ? undefined : { value, tooltip: value === 1 ? "1 finding" : `${value} findings` };
  });
  const nodes = new NodesTree(sessions, log);
  const watchpoints = new WatchpointList(context.workspaceState);
  const served = new ServedWatchpoints(watchpoints, log);
  const others = new OtherDebuggers();
  const offered = vscode.DebugConfigurationProviderTriggerKind.Dynamic;
  subscriptions.push(
    log,
    sessions,
    tabs,
    views,
    recordings,
    findings,
    listed,
    counted,
    nodes,
    served,
    others,
    new WatchpointsTree(watchpoints, served, sessions),
    new StatusItem(sessions, log),
    new SessionItem(sessions),
    new FindingMarks(findings, extensionUri),
    ...editorMarks(sessions, log),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, adapter),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, new ConfigurationProvider(adapter, others)),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, new OfferedConfigurations(), offered),
    vscode.window.registerTreeDataProvider("heapatlas.views", views),
    vscode.window.registerTreeDataProvider("heapatlas.recordings", recordings),
    vscode.window.registerTreeDataProvider("heapatlas.nodes", nodes),
    vscode.window.registerWebviewViewProvider("heapatlas.memory", memoryView(sessions, extensionUri)),
    vscode.window.registerWebviewViewProvider("heapatlas.time", timeView(sessions, extensionUri)),
    sessions.onCurrent((session) => void openFirstView(session, tabs, log)),
    ...registerCommands({ sessions, tabs, recordings, watchpoints, adapter, context }),
  );
}

/** What stands in the text of source files, all behind one setting. */
function editorMarks(sessions: Sessions, log: vscode.LogOutputChannel): { dispose(): void }[] {
  const sites = new LiveSites(sessions, log);
  const lenses = new FunctionLenses(sites);
  const files = { scheme: "file" };
  return [
    sites,
    lenses,
    new LineMarks(sites),
    vscode.languages.registerCodeLensProvider(files, lenses),
    vscode.languages.registerHoverProvider(files, new LineHovers(sites)),
  ];
}

function memoryView(sessions: Sessions, extension: vscode.Uri): SideView {
  const slots = [
    { style: "bare", pick: ofKind("keyFigures") },
    { style: "framed", pick: ofKind("heatmap") },
  ] as const;
  const text = "The figures of the heap and its map show here as soon as a session runs.";
  return new SideView(sessions, extension, slots, { title: "No program is watched", text });
}

function timeView(sessions: Sessions, extension: vscode.Uri): SideView {
  const text = "The whole session shows here, and the instant that every view is at.";
  return new SideView(sessions, extension, [{ style: "plain", pick: ofKind("timeline") }], {
    title: "No session",
    text,
  });
}
