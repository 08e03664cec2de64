// The ways to the bytes of memory: an address that is typed, or a variable's. Main entry: inspectMemory.
import * as vscode from "vscode";
import type { HeapSession } from "../session/heap-session.ts";
import { ofKind } from "./side-view.ts";
import type { ViewTabs } from "./view-tabs.ts";

/** What the editor hands on from the list of variables. */
export interface OfVariable {
  readonly variable?: { readonly memoryReference?: string };
}

/** A reference is an address, with the number of its process behind it where that is not the main one. */
const REFERENCE = /^(0x[0-9a-f]+)(?:@(\d+))?$/i;

export async function inspectMemory(
  session: HeapSession | undefined,
  tabs: ViewTabs,
  of: OfVariable | undefined,
): Promise<void> {
  if (session === undefined) {
    void vscode.window.showInformationMessage("HeapAtlas: No session runs; start one with F5.");
    return;
  }
  const place = of?.variable?.memoryReference ?? (await askForAddress());
  if (place === undefined) return;
  const [, address = place, process] = REFERENCE.exec(place) ?? [];
  if (process !== undefined) session.choose("process", process);
  const view = ofKind("hex")(await session.views());
  if (view === undefined) throw new Error("This server has no view of memory; update HeapAtlas.");
  tabs.show(view, { action: "go", target: address });
}

async function askForAddress(): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: "HeapAtlas: inspect memory",
    prompt: "An address, or one with an offset",
    placeHolder: "0x7f0000001000+16",
    validateInput: (text) =>
      /^\s*0x[0-9a-f]+\s*([+-]\s*(0x[0-9a-f]+|\d+)\s*)?$/i.test(text) ? undefined : "Write it as 0x… or 0x…+16.",
  });
}
