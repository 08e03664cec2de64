// Launch configurations of our type: those that are offered, asked for, and checked before the adapter sees them.
// Main entry: ConfigurationProvider.
import * as vscode from "vscode";
import type { AdapterFactory } from "./adapter.ts";
import { DEBUG_TYPE } from "../session/sessions.ts";
import { completed, problemOf } from "./configuration.ts";
import { pickProgram } from "./pick.ts";

const LAUNCH = {
  type: DEBUG_TYPE,
  request: "launch",
  name: "HeapAtlas: watch a program",
  program: "${workspaceFolder}/program",
  args: [],
  cwd: "${workspaceFolder}",
};
const ATTACH = {
  type: DEBUG_TYPE,
  request: "attach",
  name: "HeapAtlas: attach to a process",
  pid: "${command:heapatlas.pickProcess}",
};
const REPLAY = {
  type: DEBUG_TYPE,
  request: "launch",
  name: "HeapAtlas: replay a recording",
  recording: "${command:heapatlas.pickRecording}",
};

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  constructor(private readonly adapter: AdapterFactory) {}

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [LAUNCH, ATTACH, REPLAY];
  }

  /** F5 without a launch.json asks for the program. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (configuration.type !== "") return configuration;
    const program = await pickProgram();
    if (program === undefined) return undefined;
    return { ...LAUNCH, program, cwd: folder?.uri.fsPath ?? "" };
  }

  /** Undefined: it was said what is wrong, and nothing starts. */
  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const problem = problemOf(configuration);
    if (problem === "") {
      return (await this.adapter.ready()) ? (completed(configuration) as vscode.DebugConfiguration) : undefined;
    }
    const open = "Open launch.json";
    const chosen = await vscode.window.showErrorMessage(`HeapAtlas: ${problem}`, { modal: false }, open);
    if (chosen === open) await vscode.commands.executeCommand("workbench.action.debug.configure");
    return undefined;
  }
}

/** In the list of the debug view, also without a launch.json. */
export class OfferedConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [ATTACH, REPLAY];
  }
}
