// Live bytes behind the source lines that allocate them. Main entry: LineMarks. Off until a person switches it on: what
// stands in the text of others is never in the way unasked.
import * as vscode from "vscode";
import { formatBytes, formatCount } from "../../widgets/format.ts";
import type { Frame, ViewDescription } from "../../widgets/protocol.ts";
import type { Sessions } from "../session/sessions.ts";
import { FollowedView } from "../views/followed-view.ts";
import { lineFigures, type LineFigures } from "./line-figures.ts";

const SETTING = "showLiveBytesOnLines";

export class LineMarks implements vscode.Disposable {
  private readonly style = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3em", color: new vscode.ThemeColor("editorCodeLens.foreground"), fontStyle: "italic" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private readonly subscriptions: readonly { dispose(): void }[];
  private view: FollowedView | undefined;
  private files: ReturnType<typeof lineFigures>;

  constructor(
    private readonly sessions: Sessions,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      this.style,
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`heapatlas.${SETTING}`)) this.follow();
      }),
    ];
    this.follow();
  }

  dispose(): void {
    this.view?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private follow(): void {
    this.view?.dispose();
    this.view = isOn() ? new FollowedView(this.sessions, sitesView, (frame) => this.show(frame), this.log) : undefined;
    if (this.view === undefined) this.show(undefined);
  }

  private show(frame: Frame | undefined): void {
    const before = this.files;
    this.files = frame?.widget === "table" && frame.data !== undefined ? lineFigures(frame.data) : undefined;
    if (before !== undefined || this.files !== undefined) this.draw();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const lines = this.files?.get(editor.document.uri.fsPath);
      editor.setDecorations(this.style, lines === undefined ? [] : marks(editor.document, lines));
    }
  }
}

export async function toggleLineMarks(): Promise<void> {
  await configuration().update(SETTING, !isOn(), vscode.ConfigurationTarget.Global);
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("heapatlas");
}

function isOn(): boolean {
  return configuration().get<boolean>(SETTING, false);
}

/** Whatever table of the session names call sites. */
function sitesView(views: readonly ViewDescription[]): ViewDescription | undefined {
  return views.find(({ id, widget }) => id.endsWith(".sites") && widget === "table");
}

function marks(document: vscode.TextDocument, lines: ReadonlyMap<number, LineFigures>): vscode.DecorationOptions[] {
  return [...lines]
    .filter(([line, { liveBytes, rate }]) => line <= document.lineCount && (liveBytes > 0 || rate > 0))
    .map(([line, figures]) => {
      const { range } = document.lineAt(line - 1);
      return {
        range: new vscode.Range(range.end, range.end),
        renderOptions: { after: { contentText: words(figures) } },
        hoverMessage: hover(figures),
      };
    });
}

function words({ liveBytes, liveAllocations, rate }: LineFigures): string {
  const live = `${formatBytes(liveBytes)} in ${formatCount(liveAllocations)}`;
  return rate > 0 ? `${live} · ${formatCount(rate)}/s` : live;
}

function hover({ liveBytes, liveAllocations, rate, callSites }: LineFigures): vscode.MarkdownString {
  const sites = callSites === 1 ? "1 call site" : `${callSites} call sites`;
  const text = new vscode.MarkdownString(
    `**HeapAtlas**: ${formatBytes(liveBytes)} live in ${formatCount(liveAllocations)} allocations, ` +
      `${formatCount(rate)} a second, by ${sites} below this line. Counted are the call sites with the most live bytes.\n\n` +
      "[Open a view](command:heapatlas.openView)",
  );
  text.isTrusted = { enabledCommands: ["heapatlas.openView"] };
  return text;
}
