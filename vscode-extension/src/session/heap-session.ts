// One debug session of ours, as views see it: it lists them, opens them, and hands on their frames. Main entry:
// HeapSession. Bulk data never goes through the debug protocol, which takes seconds for a megabyte: the first view that is
// opened brings the address of the server's channel, and everything else goes over that.
import type * as vscode from "vscode";
import { Channel } from "../../client/channel.ts";
import { JsonObject } from "../../widgets/json.ts";
import { parseActed, parseOpened, parsePushed, parseViews } from "../../widgets/protocol.ts";
import type { Act, PushedFrame, ViewDescription } from "../../widgets/protocol.ts";
import type { Place } from "../watchpoints/watchpoint.ts";

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** The lines of a script that read a file of rows; title: what the script is for. */
export interface RowScript {
  readonly title: string;
  readonly code: string;
}

/** What a frame is for: the view that was opened under this handle. */
export type FrameListener = (pushed: PushedFrame) => void;

const PATIENCE_MILLIS = 30_000;

export class HeapSession {
  private channel: Promise<Channel> | undefined;
  private readonly listeners = new Map<string, FrameListener>();
  /** Frames that came ahead of the answer that opens their view. */
  private readonly early = new Map<string, PushedFrame[]>();
  private readonly closed = new Set<string>();
  private readonly choiceListeners = new Set<() => void>();
  private readonly viewsListeners = new Set<(views: readonly ViewDescription[]) => void>();
  private choices: Readonly<Record<string, string>> = {};
  private selection: Place | string | undefined;
  private over = false;

  constructor(
    private readonly session: vscode.DebugSession,
    private readonly report: (sentence: string) => void,
  ) {}

  get id(): string {
    return this.session.id;
  }

  get name(): string {
    return this.session.name;
  }

  /** The memory that was selected last in a view, or why it cannot be watched. */
  get selected(): Place | string | undefined {
    return this.selection;
  }

  select(place: Place | string): void {
    this.selection = place;
  }

  /** Whether it replays a recording. */
  get replayed(): boolean {
    return this.session.configuration["recording"] !== undefined;
  }

  /** What was chosen for parameters, the process above all; every view of the session goes by it. */
  get chosen(): Readonly<Record<string, string>> {
    return this.choices;
  }

  choose(parameter: string, value: string): void {
    this.choices = { ...this.choices, [parameter]: value };
    for (const listener of this.choiceListeners) listener();
  }

  onChoice(listener: () => void): { dispose(): void } {
    this.choiceListeners.add(listener);
    return { dispose: () => void this.choiceListeners.delete(listener) };
  }

  /** Whoever asks, all listeners hear what there is by now. */
  async views(): Promise<ViewDescription[]> {
    const views = parseViews(await this.request("heapatlas/views", {}));
    for (const listener of this.viewsListeners) listener(views);
    return views;
  }

  onViews(listener: (views: readonly ViewDescription[]) => void): { dispose(): void } {
    this.viewsListeners.add(listener);
    return { dispose: () => void this.viewsListeners.delete(listener) };
  }

  /** What the debug console answers. */
  async ask(expression: string): Promise<string> {
    const answer: unknown = await this.session.customRequest("evaluate", { expression, context: "repl" });
    return JsonObject.of(answer, "evaluate").string("result");
  }

  /** All rows of a query, in the format that the file's name ends with; and what reads them. */
  async exportQuery(sql: string, path: string): Promise<readonly RowScript[]> {
    const answer: unknown = await this.session.customRequest("heapatlas/exportQuery", { sql, path });
    return JsonObject.of(answer, "exportQuery").list("scripts", (script) => ({
      title: script.string("title"),
      code: script.string("code"),
    }));
  }

  /** The first frame is undefined when it comes by itself. */
  async open(
    view: ViewDescription,
    viewport: Viewport,
    listener: FrameListener,
  ): Promise<{ readonly handle: string; readonly frame: unknown }> {
    const opened = parseOpened(
      await this.request("heapatlas/open", { view: view.id, parameters: this.parametersOf(view), viewport }),
    );
    this.listeners.set(opened.handle, listener);
    for (const pushed of this.early.get(opened.handle) ?? []) listener(pushed);
    this.early.delete(opened.handle);
    return opened;
  }

  /** What was done, in words; may be empty. */
  async act(handle: string, { action, target = "", arguments: details = {} }: Act): Promise<string> {
    const body = await this.request("heapatlas/act", { handle, action, target, arguments: details });
    return parseActed(body).message;
  }

  async close(handle: string): Promise<void> {
    this.listeners.delete(handle);
    this.closed.add(handle);
    if (!this.over) await this.request("heapatlas/close", { handle });
  }

  /** The debug session has ended. */
  end(): void {
    this.over = true;
    this.listeners.clear();
    this.channel?.then(
      (channel) => channel.close(),
      () => undefined, // it was never there
    );
  }

  private isOver(): boolean {
    return this.over;
  }

  private parametersOf(view: ViewDescription): Readonly<Record<string, string>> {
    const names = new Set(view.parameters.map(({ name }) => name));
    return Object.fromEntries(Object.entries(this.choices).filter(([name]) => names.has(name)));
  }

  private async request(name: string, args: unknown): Promise<unknown> {
    if (this.isOver()) throw new Error("This HeapAtlas session has ended; start it again.");
    this.channel ??= this.connect();
    try {
      return await (await this.channel).request(name, args);
    } catch (cause) {
      if (!this.isOver()) throw cause;
      throw new Error("This HeapAtlas session has ended; start it again.", { cause });
    }
  }

  private async connect(): Promise<Channel> {
    try {
      return await this.entered(await this.address());
    } catch (cause) {
      this.channel = undefined; // the next request tries again
      throw cause;
    }
  }

  /** Only an opened view says it; any will do. */
  private async address(): Promise<{ readonly url: string; readonly token: string }> {
    const listed: unknown = await this.session.customRequest("heapatlas/views", {});
    const figures = parseViews(listed).find(({ widget }) => widget === "keyFigures");
    if (figures === undefined) throw new Error("The HeapAtlas server has no view that this extension can begin with.");
    const answer = JsonObject.of(
      await this.session.customRequest("heapatlas/open", { view: figures.id, parameters: {} }),
      "open",
    );
    await this.session.customRequest("heapatlas/close", { handle: answer.string("handle") });
    const channel = answer.object("channel");
    if (channel === undefined) throw new Error("The HeapAtlas server says no address for its views; update it.");
    return { url: channel.string("url"), token: channel.string("token") };
  }

  private async entered({ url, token }: { readonly url: string; readonly token: string }): Promise<Channel> {
    return await new Promise<Channel>((resolve, reject) => {
      const late = setTimeout(() => {
        channel.close();
        reject(new Error("The HeapAtlas server does not answer on its channel; start the session again."));
      }, PATIENCE_MILLIS);
      const channel = new Channel(url, token, {
        onState: (state) => {
          if (state.kind !== "open") return;
          clearTimeout(late);
          resolve(channel);
        },
        onEvent: (event, body) => event === "heapatlas/frame" && this.receive(parsePushed(body)),
        onProblem: (sentence) => this.report(sentence),
      });
      channel.connect();
    });
  }

  private receive(pushed: PushedFrame): void {
    if (this.closed.has(pushed.handle)) return;
    const listener = this.listeners.get(pushed.handle);
    if (listener !== undefined) listener(pushed);
    else this.early.set(pushed.handle, [...(this.early.get(pushed.handle) ?? []), pushed]);
  }
}
