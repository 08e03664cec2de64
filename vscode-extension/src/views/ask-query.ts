// A question in SQL: one that is typed, or one of the last. Main entry: askQuery. The answer is a view in a
// tab, where it can be asked again in other words.
import * as vscode from "vscode";
import type { Sessions } from "../session/sessions.ts";
import { queriesAfter } from "./last-queries.ts";
import type { ViewTabs } from "./view-tabs.ts";

const KEPT = "heapatlas.queries";
const VIEW = "session.query";
const TABLES = "show tables";

interface Item extends vscode.QuickPickItem {
  readonly sql: string;
}

export async function askQuery(sessions: Sessions, tabs: ViewTabs, memory: vscode.Memento): Promise<void> {
  const session = sessions.current;
  if (session === undefined) {
    void vscode.window.showInformationMessage("HeapAtlas: No session runs; start one with F5, or replay a recording.");
    return;
  }
  const view = (await session.views()).find(({ id }) => id === VIEW);
  if (view === undefined) throw new Error("This server answers no queries; update HeapAtlas.");
  const last = memory.get<readonly string[]>(KEPT, []);
  const sql = await pick(last);
  if (sql === undefined) return;
  await memory.update(KEPT, queriesAfter(last, sql));
  tabs.show(view, { action: "query", arguments: { sql } });
}

/** What is typed stands first, above the last ones. */
async function pick(last: readonly string[]): Promise<string | undefined> {
  const input = vscode.window.createQuickPick<Item>();
  input.title = "HeapAtlas: query in SQL";
  input.placeholder = "SELECT function, live_bytes FROM sites ORDER BY live_bytes DESC LIMIT 10";
  input.matchOnDetail = true;
  const old: readonly Item[] = [
    ...last.map((sql) => ({ label: sql.replace(/\s+/g, " "), description: "asked before", sql })),
    { label: TABLES, description: "what can be asked", sql: TABLES },
  ];
  const offer = (): void => {
    const sql = input.value.trim();
    input.items = sql === "" ? old : [{ label: sql, description: "ask", sql, alwaysShow: true }, ...old];
  };
  offer();
  try {
    return await new Promise<string | undefined>((resolve) => {
      input.onDidChangeValue(offer);
      input.onDidAccept(() => resolve(input.selectedItems[0]?.sql));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
