// Lets a person choose what a configuration leaves open. Main entries: pickProcess, pickRecording, pickProgram; undefined
// when nothing was chosen.
import * as vscode from "vscode";
import { formatBytes } from "../../widgets/format.ts";
import { recordingsOfWorkspace } from "../sidebar/recordings-tree.ts";
import { processes } from "./processes.ts";

const ATTACH = "HeapAtlas: attach to a process";

export async function pickProcess(title?: unknown): Promise<string | undefined> {
  const items = (await processes()).map(({ pid, name, command }) => ({
    label: name,
    description: String(pid),
    detail: command,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    // As a command's variable it is called with the configuration.
    title: typeof title === "string" ? title : ATTACH,
    placeHolder: "Name, number or command line",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.description;
}

export async function pickRecording(): Promise<string | undefined> {
  const found = (await recordingsOfWorkspace()).map(({ folder, name, program, bytes }) => ({
    label: name,
    description: formatBytes(bytes),
    detail: program,
    folder,
  }));
  const elsewhere = { label: "$(folder-opened) Choose a folder…", description: "", detail: "", folder: "" };
  const chosen = await vscode.window.showQuickPick([...found, elsewhere], {
    title: "HeapAtlas: replay a recording",
    placeHolder: found.length === 0 ? "There is no recording in this workspace" : "A recording of this workspace",
    matchOnDetail: true,
  });
  return chosen === elsewhere ? await chooseFolder() : chosen?.folder;
}

async function chooseFolder(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: "A folder that HeapAtlas has recorded",
    openLabel: "Replay",
  });
  return chosen?.[0]?.fsPath;
}

export async function pickProgram(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title: "The program to watch", openLabel: "Watch" });
  return chosen?.[0]?.fsPath;
}
