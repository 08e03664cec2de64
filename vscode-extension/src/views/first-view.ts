// What a session shows by itself when it begins. Main entry: openFirstView.
import * as vscode from "vscode";
import type { HeapSession } from "../session/heap-session.ts";
import { ofKind } from "./side-view.ts";
import type { ViewTabs } from "./view-tabs.ts";

const seen = new WeakSet<HeapSession>();

/** The heap map, once a session, unless the setting says otherwise or views are open already. */
export async function openFirstView(
  session: HeapSession | undefined,
  tabs: ViewTabs,
  log: vscode.LogOutputChannel,
): Promise<void> {
  if (session === undefined || seen.has(session)) return;
  seen.add(session);
  if (!vscode.workspace.getConfiguration("heapatlas").get<boolean>("openMapOnStart", true)) return;
  if (tabs.any) return;
  try {
    const map = ofKind("heatmap")(await session.views());
    if (map !== undefined) tabs.show(map);
  } catch (cause) {
    log.warn(`the heap map could not be opened: ${String(cause)}`);
  }
}
