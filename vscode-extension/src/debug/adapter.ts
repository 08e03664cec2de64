// Starts the debug adapter of a session. Main entry: AdapterFactory. What it writes to stderr goes into the log.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { findJava, type JavaSearch } from "./java.ts";
import { runsFromSources, serverCommand, sourceScript, type Command } from "./server-files.ts";
import { unpacked } from "./unpack.ts";

const GET_JAVA = "https://adoptium.net";

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  private readonly extension: vscode.Uri;
  private readonly storage: string;
  private readonly version: string;
  /** What was found, and for which setting: a start asks twice, and each look starts a Java. */
  private found: { readonly setting: string; readonly java: string } | undefined;

  constructor({ extensionUri, globalStorageUri, extension }: vscode.ExtensionContext) {
    this.extension = extensionUri;
    this.storage = globalStorageUri.fsPath;
    this.version = String((extension.packageJSON as { readonly version: unknown }).version);
  }

  async createDebugAdapterDescriptor(): Promise<vscode.DebugAdapterDescriptor> {
    const { program, args } = await this.command(["dap"]);
    return new vscode.DebugAdapterExecutable(program, [...args]);
  }

  /** The server's command line with one of its subcommands. Throws when no Java can run it. */
  async command(subcommand: readonly string[]): Promise<Command> {
    const folder = this.extension.fsPath;
    if (runsFromSources(folder)) return { program: sourceScript(folder), args: subcommand };
    const search = await this.java();
    if ("missing" in search) throw new Error(search.missing);
    return await serverCommand(await this.unpacked(), search.found, subcommand);
  }

  /** Whether a session can start; if not, that was said, with what to do. */
  async ready(): Promise<boolean> {
    if (runsFromSources(this.extension.fsPath)) return true;
    const search = await this.java();
    if ("found" in search) return true;
    await offerJava(search.missing);
    return false;
  }

  /** A second or two when a version is used first. */
  private async unpacked(): Promise<string> {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "HeapAtlas: making the server ready" },
      async () => await unpacked(this.extension.fsPath, this.storage, this.version),
    );
  }

  private async java(): Promise<JavaSearch> {
    const setting = vscode.workspace.getConfiguration("heapatlas").get<string>("java.home", "");
    if (this.found?.setting === setting && existsSync(this.found.java)) return { found: this.found.java };
    const bundled = join(await this.unpacked(), "runtime");
    const search = await findJava({ setting, bundled, environment: process.env });
    if ("found" in search) this.found = { setting, java: search.found };
    return search;
  }
}

async function offerJava(missing: string): Promise<void> {
  const [setting, download] = ["Name a Java Folder", "Get Java"];
  const chosen = await vscode.window.showErrorMessage(`HeapAtlas: ${missing}`, setting, download);
  if (chosen === setting) await vscode.commands.executeCommand("workbench.action.openSettings", "heapatlas.java.home");
  if (chosen === download) await vscode.env.openExternal(vscode.Uri.parse(GET_JAVA));
}
