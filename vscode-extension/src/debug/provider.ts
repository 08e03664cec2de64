// Launch configurations of our type: those that are offered, asked for, and checked before the adapter sees them.
// Main entry: ConfigurationProvider.
import * as vscode from "vscode";
import type { AdapterFactory } from "./adapter.ts";
import { DEBUG_TYPE } from "../session/sessions.ts";
import { ACTIVE, completed, following, problemOf, type Configuration } from "./configuration.ts";
import type { OtherDebuggers } from "./other-debuggers.ts";
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
const BESIDE = {
  type: DEBUG_TYPE,
  request: "attach",
  name: "HeapAtlas: beside the active debugger",
  attachTo: ACTIVE,
};
const REPLAY = {
  type: DEBUG_TYPE,
  request: "launch",
  name: "HeapAtlas: replay a recording",
  recording: "${command:heapatlas.pickRecording}",
};

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  constructor(
    private readonly adapter: AdapterFactory,
    private readonly others: OtherDebuggers,
  ) {}

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [LAUNCH, ATTACH, BESIDE, REPLAY];
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
      const whole = await this.withProcess(configuration);
      if (whole === undefined || !(await this.adapter.ready())) return undefined;
      return completed(whole) as vscode.DebugConfiguration;
    }
    const open = "Open launch.json";
    const chosen = await vscode.window.showErrorMessage(`HeapAtlas: ${problem}`, { modal: false }, open);
    if (chosen === open) await vscode.commands.executeCommand("workbench.action.debug.configure");
    return undefined;
  }

  /** Undefined: there is no other debugger, or nobody said which process is its program. */
  private async withProcess(configuration: vscode.DebugConfiguration): Promise<Configuration | undefined> {
    if (configuration["attachTo"] !== ACTIVE) return configuration;
    const other = await this.others.active();
    return other && following(configuration, other.pid, other.session);
  }
}

/** In the list of the debug view, also without a launch.json. */
export class OfferedConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [ATTACH, BESIDE, REPLAY];
  }
}
