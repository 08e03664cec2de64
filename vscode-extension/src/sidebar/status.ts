// The status bar's item: how much is recorded, how fast events come, what was lost. Main entry: StatusItem. A click lets a
// person change the mode.
import * as vscode from "vscode";
import { formatCount, formatDuration } from "../../widgets/format.ts";
import type { Frame, FrameTime } from "../../widgets/protocol.ts";
import { wayOf, wayWords, type Way } from "../../widgets/time-sign.ts";
import type { HeapSession } from "../session/heap-session.ts";
import type { Sessions } from "../session/sessions.ts";
import { FollowedView } from "../views/followed-view.ts";
import { showNotice } from "../views/notice.ts";
import { ofKind } from "../views/side-view.ts";

const EVENTS = "eventsPerSecond";

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("heapatlas.status", vscode.StatusBarAlignment.Left, 50);
  private readonly view: FollowedView;

  constructor(
    private readonly sessions: Sessions,
    log: vscode.LogOutputChannel,
  ) {
    this.item.name = "HeapAtlas";
    this.item.command = "heapatlas.setMode";
    this.view = new FollowedView(sessions, ofKind("keyFigures"), (frame) => this.show(frame), log);
  }

  dispose(): void {
    this.view.dispose();
    this.item.dispose();
  }

  private show(frame: Frame | undefined): void {
    if (frame?.widget !== "keyFigures" || frame.data === undefined) {
      this.item.hide();
      return;
    }
    const { coverage, time, data } = frame;
    const events = data.figures.find(({ id }) => id === EVENTS)?.value ?? 0;
    const lost = coverage?.lost ?? 0;
    const replayed = time?.replayed === true ? time : undefined;
    const state = time?.live === false ? endOf(time) : (coverage?.mode ?? "");
    const rate = time?.live === true ? `${formatCount(events)}/s` : "";
    this.item.text = [
      replayed === undefined ? `$(pulse) ${state}` : replayWords(replayed),
      rate,
      lost > 0 ? `${formatCount(lost)} lost` : "",
    ]
      .filter((part) => part !== "")
      .join(" · ");
    this.item.tooltip = `HeapAtlas, ${this.sessions.current?.name ?? ""}: ${coverage?.text ?? ""}`;
    this.item.backgroundColor =
      lost > 0 || (replayed?.pace ?? 0) < 0 ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.item.show();
  }
}

const WAY_ICONS: Readonly<Partial<Record<Way, string>>> = {
  still: "debug-pause",
  forward: "play",
  backward: "debug-reverse-continue",
};

/** That time stands still, or which way it runs, cannot be missed. */
function replayWords(time: FrameTime): string {
  return `$(${WAY_ICONS[wayOf(time)] ?? "pulse"}) ${wayWords(time)} · ${formatDuration(time.now)}`;
}

function endOf({ end }: FrameTime): string {
  return end === "" ? "ended" : `ended, ${end}`;
}

const MODES: readonly vscode.QuickPickItem[] = [
  { label: "full", description: "every allocation and release, each with its whole call stack" },
  { label: "full-no-stacks", description: "every allocation and release" },
  { label: "sampled", description: "a Poisson sample by bytes, scaled without bias" },
  { label: "off", description: "nothing, until it is switched on again" },
];

/** The map begins anew with a mode, which is said before one is chosen. */
export async function chooseMode(session: HeapSession | undefined): Promise<void> {
  if (session === undefined || session.replayed) {
    const why = session === undefined ? "No HeapAtlas session runs." : "A recording has been recorded as it was.";
    void vscode.window.showInformationMessage(`HeapAtlas: ${why} The mode is changed while a program runs.`);
    return;
  }
  const chosen = await vscode.window.showQuickPick(MODES, {
    title: "HeapAtlas: how much is recorded",
    placeHolder: "A switch begins the heap map anew",
  });
  if (chosen === undefined) return;
  const answer = await session.ask(`mode ${chosen.label}`);
  showNotice(`HeapAtlas: ${answer}`);
}
