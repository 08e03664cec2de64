// What people do with watchpoints: set one, from an address, a variable or what a view has selected; change it; remove it.
// Main entry: watchpointCommands. Undefined answers of the editor's inputs mean that nothing is to be done.
import * as vscode from "vscode";
import type { Sessions } from "../session/sessions.ts";
import { showNotice } from "../views/notice.ts";
import type { WatchpointList } from "./watchpoint-list.ts";
import { placeOf, placeText, problemOfPlace, type Place, type Watchpoint } from "./watchpoint.ts";

/** What the menu of the variables hands on. */
interface ChosenVariable {
  readonly variable?: { readonly name?: string; readonly memoryReference?: string };
}

export function watchpointCommands(
  list: WatchpointList,
  sessions: Sessions,
): Readonly<Record<string, (...args: never[]) => Promise<void>>> {
  return {
    addWatchpoint: async () => await add(list, sessions),
    watchVariable: async (chosen: ChosenVariable) => await watchVariable(list, chosen),
    watchSelected: async () => await watchSelected(list, sessions, undefined),
    watchPlace: async (place: Place | string) => await watchSelected(list, sessions, place),
    editWatchpoint: async (watchpoint: Watchpoint) => await edit(list, watchpoint),
    removeWatchpoint: async ({ id }: Watchpoint) => await list.remove(id),
    removeAllWatchpoints: async () => await list.removeAll(),
  };
}

async function add(list: WatchpointList, sessions: Sessions): Promise<void> {
  const selected = sessions.current?.selected;
  const place = await askPlace("HeapAtlas: watch memory", typeof selected === "object" ? placeText(selected) : "");
  if (place !== undefined) await list.add(place);
}

async function watchVariable(list: WatchpointList, { variable }: ChosenVariable): Promise<void> {
  const place = await askPlace(`HeapAtlas: watch '${variable?.name ?? ""}'`, variable?.memoryReference ?? "");
  if (place !== undefined) await list.add(place, variable?.name);
}

/** What a view's menu hands on, or what is selected. */
async function watchSelected(
  list: WatchpointList,
  sessions: Sessions,
  place: Place | string | undefined,
): Promise<void> {
  const selected = place ?? sessions.current?.selected;
  if (typeof selected === "string") {
    void vscode.window.showErrorMessage(`HeapAtlas: ${selected}`);
    return;
  }
  if (selected === undefined) {
    void vscode.window.showInformationMessage(
      "HeapAtlas: No memory is selected; click on a block in the heap map, or look at an address's history, first.",
    );
    return;
  }
  await list.add(selected);
  showNotice(`HeapAtlas: ${placeText(selected)} is watched`);
}

async function askPlace(title: string, value: string): Promise<Place | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    prompt: "The address, and how many bytes from there: 0x7f001040 64",
    placeHolder: "0x… LENGTH",
    ignoreFocusOut: true,
    validateInput: (written) => (written.trim() === "" ? undefined : problemOfPlace(written)),
  });
  return text === undefined || text.trim() === "" ? undefined : placeOf(text);
}

async function edit(list: WatchpointList, watchpoint: Watchpoint): Promise<void> {
  const { id, name, condition, hitCondition } = watchpoint;
  const title = "HeapAtlas: change a watchpoint";
  const parts = [
    { label: "Condition", description: condition, field: "condition" },
    { label: "Hit count", description: hitCondition, field: "hitCondition" },
    { label: "Memory", description: placeText(watchpoint), field: "place" },
    { label: "Name", description: name, field: "name" },
  ] as const;
  const part = await vscode.window.showQuickPick(parts, { title });
  switch (part?.field) {
    case undefined:
      return;
    case "place": {
      const place = await askPlace(title, placeText(watchpoint));
      if (place !== undefined) await list.change(id, place);
      return;
    }
    case "condition":
    case "hitCondition":
    case "name": {
      const value = await vscode.window.showInputBox({ title, value: part.description, prompt: PROMPTS[part.field] });
      if (value !== undefined) await list.change(id, { [part.field]: value.trim() });
    }
  }
}

const PROMPTS = {
  condition: "Stops where it holds: size > 100 && kind == 'release'; empty: everywhere",
  hitCondition: "Stops at certain of its hits: 5, >= 5, % 5; empty: at each",
  name: "What it is called in the list; empty: its address",
} as const;
