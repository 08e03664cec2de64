// A webview bound to a session: opens the views that belong into its slots, hands frames in and actions out.
// Main entries: BoundWebview.bind, hide. Called by the editor tabs, the sidebar and the panel, which differ in their slots
// alone. Must hold: what is not in sight has no view open, so that it costs the server nothing; answers of an earlier
// binding are dropped.
import * as vscode from "vscode";
import type { FromWebview, SlotStyle, ToWebview } from "../../webview/messages.ts";
import type { Act, ViewDescription } from "../../widgets/protocol.ts";
import type { HeapSession, Viewport } from "../session/heap-session.ts";
import { placeOfRange } from "../watchpoints/watchpoint.ts";
import { reason } from "../../widgets/reason.ts";
import { exportQuery } from "./export-query.ts";
import { KeptSlots } from "./kept-slots.ts";
import { showNotice } from "./notice.ts";
import { savePicture } from "./save-picture.ts";
import { showSource } from "./source.ts";
import { webviewOptions, webviewPage } from "./webview-page.ts";

/** Which of a session's views goes into a slot, and how it is shown. */
export interface Slot {
  readonly style: SlotStyle;
  readonly pick: (views: readonly ViewDescription[]) => ViewDescription | undefined;
}

export interface Welcome {
  readonly title: string;
  readonly text: string;
}

/** One attempt to fill all slots. */
interface Opening {
  readonly session: HeapSession;
  readonly viewport: Viewport;
  readonly turn: number;
  readonly views: readonly ViewDescription[];
  readonly ofOther: boolean;
}

const UNSEEN: Welcome = {
  title: "The session ended before this view could show it",
  text: 'To look at a program after its end, write "record": "FOLDER" into its launch configuration and replay that.',
};

export class BoundWebview implements vscode.Disposable {
  private session: HeapSession | undefined;
  /** What is heard of the session. */
  private heard: readonly { dispose(): void }[] = [];
  private viewport: Viewport | undefined;
  /** The session whose frames are shown. */
  private shown: HeapSession | undefined;
  private readonly kept = new KeptSlots();
  /** The session of the last binding to one, which may have ended by now. */
  private last: HeapSession | undefined;
  /** The handle of the view in each slot. */
  private readonly opened = new Map<number, string>();
  /** What is to be done once the first slot's view is open. */
  private waiting: Act | undefined;
  /** Of the opening in force. */
  private turn = 0;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly webview: vscode.Webview,
    extension: vscode.Uri,
    private readonly slots: readonly Slot[],
    private readonly welcome: Welcome,
    /** What the webview is to be made of again after a reload; empty: it is no tab. */
    private readonly restored: string,
  ) {
    webview.options = webviewOptions(extension);
    this.subscription = webview.onDidReceiveMessage((message: FromWebview) => void this.hear(message));
    webview.html = webviewPage(webview, extension);
  }

  /** From now on it shows this session; none: what is there stays, and is said to be over. */
  bind(session: HeapSession | undefined): void {
    this.closeAll();
    this.listenTo(session);
    this.session = session;
    this.last = session ?? this.last;
    if (session !== undefined) this.openAll();
    else if (this.viewport !== undefined && this.hasLast) this.sayOver();
    else this.showLast();
  }

  private listenTo(session: HeapSession | undefined): void {
    for (const each of this.heard) each.dispose();
    this.heard =
      session === undefined
        ? []
        : [session.onChoice(() => this.reopenAll()), session.onViews((views) => this.offerValues(views))];
  }

  /** A process that began after a view was opened can be chosen in it, too. */
  private offerValues(views: readonly ViewDescription[]): void {
    for (const slot of this.opened.keys()) {
      const parameters = this.slots[slot]?.pick(views)?.parameters ?? [];
      if (this.kept.offers(slot, parameters)) continue;
      this.post({ kind: "parameters", slot, parameters });
    }
  }

  /** Whether what it holds is of the session that ran last: that of an earlier one would be taken for it. */
  private get hasLast(): boolean {
    return this.kept.any && this.shown === this.last;
  }

  /** What there was when the session ended; it stays, also when the webview is hidden and comes back. */
  private showLast(): void {
    if (!this.hasLast) {
      this.post({ kind: "welcome", ...(this.last === undefined ? this.welcome : UNSEEN), restored: this.restored });
      return;
    }
    for (const message of this.kept.messages()) this.post(message);
    this.sayOver();
  }

  private sayOver(): void {
    const { end } = this.kept;
    const how = end === "" ? "" : ` (${end})`;
    this.post({ kind: "banner", text: `The session has ended${how}; these are its last figures.` });
  }

  /** Its content is gone until it says that it is ready again. */
  hide(): void {
    this.viewport = undefined;
    this.closeAll();
  }

  dispose(): void {
    this.closeAll();
    this.listenTo(undefined);
    this.subscription.dispose();
  }

  private post(message: ToWebview): void {
    this.kept.hear(message);
    void this.webview.postMessage(message);
  }

  /** What fails is said, for the webview waits for no answer. */
  private async hear(message: FromWebview): Promise<void> {
    try {
      await this.receive(message);
    } catch (cause) {
      void vscode.window.showErrorMessage(`HeapAtlas: ${reason(cause)}`);
    }
  }

  private async receive(message: FromWebview): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.viewport = { width: message.width, height: message.height };
        if (this.session === undefined) this.showLast();
        else this.reopenAll();
        break;
      case "act":
        await this.act(message.slot, message.act);
        if (message.show !== "") await vscode.commands.executeCommand("heapatlas.showView", message.show);
        break;
      case "reopen":
        this.reopenAll();
        break;
      case "choose":
        this.session?.choose(message.parameter, message.value);
        break;
      case "selected":
        this.session?.select(placeOfRange(message.from, message.to, this.session.chosen["process"]));
        break;
      case "watch": {
        const place = placeOfRange(message.from, message.to, this.session?.chosen["process"]);
        await vscode.commands.executeCommand("heapatlas.watchPlace", place);
        break;
      }
      case "export":
        if (this.session !== undefined) await exportQuery(this.session, message.sql);
        break;
      case "source":
        await showSource(message.path, message.line);
        break;
      case "notice":
        showNotice(message.text);
        break;
      case "copy":
        await vscode.env.clipboard.writeText(message.text);
        showNotice(`${message.what} copied.`);
        break;
      case "save":
        await savePicture(message.name, message.base64);
        break;
    }
  }

  /** Acts on the view of the first slot, as soon as it is open. */
  perform(act: Act): void {
    this.waiting = act;
    this.performWaiting();
  }

  private performWaiting(): void {
    const act = this.waiting;
    if (act === undefined || !this.opened.has(0)) return;
    this.waiting = undefined;
    void this.act(0, act);
  }

  private async act(slot: number, act: Act): Promise<void> {
    const handle = this.opened.get(slot);
    if (handle === undefined || this.session === undefined) return;
    try {
      const message = await this.session.act(handle, act);
      if (message !== "") showNotice(message);
    } catch (cause) {
      void vscode.window.showErrorMessage(`HeapAtlas: ${reason(cause)}`);
    }
  }

  private reopenAll(): void {
    this.closeAll();
    this.openAll();
  }

  private closeAll(): void {
    this.turn++;
    const session = this.session;
    for (const handle of this.opened.values()) {
      // A server that is gone has closed it.
      session?.close(handle).catch(() => undefined);
    }
    this.opened.clear();
  }

  private openAll(): void {
    const { session, viewport } = this;
    if (session === undefined || viewport === undefined) return;
    void this.open(session, viewport, this.turn);
  }

  private async open(session: HeapSession, viewport: Viewport, turn: number): Promise<void> {
    try {
      const views = await session.views();
      if (turn !== this.turn) return;
      const ofOther = session !== this.shown;
      this.shown = session;
      this.post({ kind: "banner", text: "" });
      await Promise.all(
        this.slots.map((slot, at) => this.openSlot({ session, viewport, turn, views, ofOther }, slot, at)),
      );
    } catch (cause) {
      if (turn === this.turn) this.post({ kind: "banner", text: reason(cause) });
    }
  }

  private async openSlot(opening: Opening, { pick, style }: Slot, slot: number): Promise<void> {
    const { session, viewport, turn, views, ofOther } = opening;
    const view = pick(views);
    if (view === undefined) return;
    const { title, parameters } = view;
    this.post({
      kind: "view",
      slot,
      restored: this.restored,
      title,
      ofOther,
      style,
      parameters,
      chosen: session.chosen,
    });
    try {
      const { handle, frame } = await session.open(view, viewport, (body) => {
        if (turn === this.turn) this.post({ kind: "pushed", slot, body });
      });
      if (turn === this.turn) {
        this.opened.set(slot, handle);
        this.post({ kind: "opened", slot, frame });
        this.performWaiting();
      } else {
        await session.close(handle);
      }
    } catch (cause) {
      if (turn === this.turn) this.post({ kind: "failed", slot, text: reason(cause) });
    }
  }
}
