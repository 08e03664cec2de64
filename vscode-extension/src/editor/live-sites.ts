// The call sites of the current session, by source line and by function, with their last minutes. Main entry: LiveSites.
// Called by what the editor shows of them: marks behind lines, lenses above functions, hovers. Follows nothing until a
// person switches it on: what stands in the text of others is never in the way unasked.
import * as vscode from "vscode";
import type { Frame, TableData, ViewDescription } from "../../widgets/protocol.ts";
import type { Sessions } from "../session/sessions.ts";
import { FollowedView } from "../views/followed-view.ts";
import { functionFigures, type FunctionFigures } from "./function-figures.ts";
import { History } from "./history.ts";
import { LiveClock } from "./live-clock.ts";
import { lineFigures, type LineFigures } from "./line-figures.ts";

const SETTING = "showLiveBytesOnLines";
const NOTE_MILLIS = 1000;

export class LiveSites implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly history = new History();
  private readonly subscription: vscode.Disposable;
  private readonly timer: ReturnType<typeof setInterval>;
  private view: FollowedView | undefined;
  private shown: TableData | undefined;
  private lines: ReturnType<typeof lineFigures>;
  private functions: ReturnType<typeof functionFigures>;
  private readonly clock = new LiveClock();

  readonly onDidChange = this.changed.event;

  /** The view that they are of; undefined while there is none. */
  description: ViewDescription | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`heapatlas.${SETTING}`)) this.follow();
    });
    this.timer = setInterval(() => this.noteAgain(), NOTE_MILLIS);
    this.follow();
  }

  dispose(): void {
    clearInterval(this.timer);
    this.view?.dispose();
    this.subscription.dispose();
    this.changed.dispose();
  }

  get table(): TableData | undefined {
    return this.shown;
  }

  linesOf(path: string): ReadonlyMap<number, LineFigures> | undefined {
    return this.lines?.get(path);
  }

  functionsOf(path: string): readonly FunctionFigures[] {
    return this.functions?.get(path) ?? [];
  }

  /** Live bytes over the last minutes. */
  historyOfLine(path: string, line: number): readonly number[] {
    return this.history.values(lineKey(path, line));
  }

  historyOfFunction(path: string, name: string): readonly number[] {
    return this.history.values(functionKey(path, name));
  }

  private follow(): void {
    this.view?.dispose();
    this.view = isOn()
      ? new FollowedView(
          this.sessions,
          (views) => this.pick(views),
          (frame) => this.show(frame),
          this.log,
        )
      : undefined;
    if (this.view === undefined) this.show(undefined);
  }

  /** Whatever table of the session names call sites. */
  private pick(views: readonly ViewDescription[]): ViewDescription | undefined {
    this.description = views.find(({ id, widget }) => id.endsWith(".sites") && widget === "table");
    return this.description;
  }

  private show(frame: Frame | undefined): void {
    const before = this.lines;
    this.shown = frame?.widget === "table" ? frame.data : undefined;
    this.lines = this.shown && lineFigures(this.shown);
    this.functions = this.shown && functionFigures(this.shown);
    const time = frame?.time;
    if (time?.live !== true) this.clock.stop();
    if (frame === undefined) this.history.clear();
    else if (time !== undefined) {
      const now = time.live ? this.clock.tell(time.now, performance.now()) : time.now;
      this.history.note(now, this.figures());
    }
    if (before !== undefined || this.lines !== undefined) this.changed.fire();
  }

  /** While nothing changes no frame comes, and time goes on. */
  private noteAgain(): void {
    const now = this.clock.at(performance.now());
    if (now !== undefined) this.history.note(now, this.figures());
  }

  private *figures(): Iterable<readonly [string, number]> {
    for (const [path, lines] of this.lines ?? []) {
      for (const [line, { liveBytes }] of lines) yield [lineKey(path, line), liveBytes];
    }
    for (const [path, functions] of this.functions ?? []) {
      for (const { name, liveBytes } of functions) yield [functionKey(path, name), liveBytes];
    }
  }
}

export async function toggleLiveSites(): Promise<void> {
  await configuration().update(SETTING, !isOn(), vscode.ConfigurationTarget.Global);
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("heapatlas");
}

function isOn(): boolean {
  return configuration().get<boolean>(SETTING, false);
}

function lineKey(path: string, line: number): string {
  return `${path}:${line}`;
}

function functionKey(path: string, name: string): string {
  return `${path} ${name}`;
}
