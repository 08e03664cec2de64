// The ways to the bytes of memory: an address that is typed, or a variable's. Main entry: inspectMemory.
import * as vscode from "vscode";
import type { Sessions } from "../session/sessions.ts";
import { ofKind } from "./side-view.ts";
import type { ViewTabs } from "./view-tabs.ts";

/** What the editor hands on from the list of variables. */
export interface OfVariable {
  readonly sessionId?: string;
  readonly variable?: { readonly memoryReference?: string };
}

/** A reference is an address, with the number of its process behind it where that is not the main one. */
const REFERENCE = /^(0x[0-9a-f]+)(?:@(\d+))?$/i;

export async function inspectMemory(sessions: Sessions, tabs: ViewTabs, of: OfVariable | undefined): Promise<void> {
  // The list may be of another session than the one that views follow.
  if (of?.sessionId !== undefined) sessions.choose(of.sessionId);
  const session = sessions.current;
  if (session === undefined) {
    void vscode.window.showInformationMessage("HeapAtlas: No session runs; start one with F5.");
    return;
  }
  const reference = of?.variable?.memoryReference;
  const place = reference ?? (await askForAddress());
  if (place === undefined) return;
  const [, address = place, process = ""] = REFERENCE.exec(place) ?? [];
  // An address that is typed is one of the process that is looked at.
  if (reference !== undefined && process !== (session.chosen["process"] ?? "")) session.choose("process", process);
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
