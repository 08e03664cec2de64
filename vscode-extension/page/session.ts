// The views that the page has open, and their newest frames. Main entry: Session. Called by app.ts.
// Must hold: a panel shows the frame with the highest sequence of its own handle; frames of closed handles are dropped; a
// delta without its base asks for a new full frame by opening the view again.
import { Channel, type ChannelState } from "../client/channel.ts";
import { Frames } from "../client/frames.ts";
import {
  parseActed,
  parseFrame,
  parseOpened,
  parsePushed,
  parseViews,
  type Act,
  type Frame,
  type FrameTime,
  type ViewDescription,
} from "../widgets/protocol.ts";
import { reason } from "../widgets/reason.ts";

export interface Panel {
  readonly view: ViewDescription;
  readonly handle: string;
  readonly frame: Frame | undefined;
  readonly failure: string;
}

/** A value that a parameter can take, and what people call it. */
export interface Choice {
  readonly value: string;
  readonly title: string;
}

export interface SessionListener {
  onChange(): void;
  onNotice(text: string): void;
}

const LIST_AGAIN = 5000;

export class Session {
  state: ChannelState = { kind: "connecting" };
  panels: readonly Panel[] = [];
  /** What the user chose for a parameter; the server's own choice where nothing stands. */
  parameters: Readonly<Record<string, string>> = {};

  private readonly channel: Channel;
  /** Of each handle, also of one whose open has not been answered yet. */
  private readonly frames = new Map<string, Frames>();
  private readonly closed = new Set<string>();
  /** The newest frame's time, and when it was first asked for. */
  private framed = { now: 0, at: 0 };

  constructor(
    url: string,
    token: string,
    private readonly listener: SessionListener,
    /** The room that a view has, asked once it stands on the page. */
    private readonly viewport: (view: string) => Promise<{ readonly width: number; readonly height: number }>,
  ) {
    this.channel = new Channel(url, token, {
      onState: (state) => this.changeState(state),
      onEvent: (event, body) => this.onEvent(event, body),
      onProblem: (sentence) => listener.onNotice(sentence),
    });
  }

  start(): void {
    this.channel.connect();
    setInterval(() => this.state.kind === "open" && !document.hidden && void this.list(), LIST_AGAIN);
  }

  /** All values that a parameter can take in any view. */
  valuesOf(parameter: string): readonly Choice[] {
    const choices = new Map<string, string>();
    for (const { view } of this.panels) {
      const { values = [], titles = [] } = view.parameters.find((p) => p.name === parameter) ?? {};
      values.forEach((value, at) => choices.set(value, titles[at] ?? value));
    }
    return [...choices].map(([value, title]) => ({ value, title }));
  }

  /** The newest frame's time. */
  get time(): FrameTime | undefined {
    const times = this.panels.flatMap(({ frame }) => (frame?.time === undefined ? [] : [frame.time]));
    return times.reduce<FrameTime | undefined>(
      (newest, time) => (newest && newest.now >= time.now ? newest : time),
      undefined,
    );
  }

  /** The program's time now: of a program that runs, what has passed since its newest frame as well. */
  clock(time: FrameTime): number {
    if (time.now !== this.framed.now) this.framed = { now: time.now, at: performance.now() };
    return time.live ? time.now + (performance.now() - this.framed.at) * 1e6 : time.now;
  }

  /** Connects at once instead of after the pause. */
  retry(): void {
    this.channel.retry();
  }

  async choose(parameter: string, value: string): Promise<void> {
    this.parameters = { ...this.parameters, [parameter]: value };
    await Promise.all(this.panels.map((panel) => this.reopen(panel)));
  }

  async act(panel: Panel, act: Act): Promise<void> {
    try {
      const body = await this.channel.request("heapatlas/act", {
        handle: panel.handle,
        action: act.action,
        target: act.target ?? "",
        arguments: act.arguments ?? {},
      });
      const { message, handle } = parseActed(body);
      if (message !== "") this.listener.onNotice(message);
      if (handle !== "" && handle !== panel.handle) this.replaceHandle(panel, handle);
    } catch (cause) {
      this.listener.onNotice(reason(cause));
    }
  }

  private changeState(state: ChannelState): void {
    this.state = state;
    if (state.kind === "open") {
      this.frames.clear();
      this.closed.clear();
      void this.list(true);
    }
    this.listener.onChange();
  }

  /** Asks for the views; opens the ones that are new, all of them after a new connection. */
  private async list(fresh = false): Promise<void> {
    try {
      const views = parseViews(await this.channel.request("heapatlas/views", {}));
      const before = new Map(this.panels.map((panel) => [panel.view.id, panel]));
      this.panels = views.map((view) => {
        const panel = before.get(view.id);
        return {
          view,
          handle: fresh ? "" : (panel?.handle ?? ""),
          frame: panel?.frame,
          failure: fresh ? "" : (panel?.failure ?? ""),
        };
      });
      this.listener.onChange();
      await Promise.all(
        this.panels.filter((panel) => fresh || !before.has(panel.view.id)).map((panel) => this.open(panel)),
      );
    } catch (cause) {
      if (this.state.kind === "open") this.listener.onNotice(reason(cause));
    }
  }

  private async open(panel: Panel): Promise<void> {
    try {
      const names = new Set(panel.view.parameters.map((parameter) => parameter.name));
      const parameters = Object.fromEntries(Object.entries(this.parameters).filter(([name]) => names.has(name)));
      const body = await this.channel.request("heapatlas/open", {
        view: panel.view.id,
        parameters,
        viewport: await this.viewport(panel.view.id),
      });
      const { handle, frame } = parseOpened(body);
      this.update(panel.view.id, { handle, failure: "" });
      this.framesOf(handle).open(frame);
      this.show(handle);
    } catch (cause) {
      this.update(panel.view.id, { failure: reason(cause) });
    }
  }

  private async reopen(panel: Panel): Promise<void> {
    const old = panel.handle;
    this.update(panel.view.id, { frame: undefined, handle: "" });
    await this.open(panel);
    await this.close(old);
  }

  private async close(handle: string): Promise<void> {
    if (handle === "") return;
    this.closed.add(handle);
    this.frames.delete(handle);
    try {
      await this.channel.request("heapatlas/close", { handle });
    } catch (cause) {
      this.listener.onNotice(reason(cause));
    }
  }

  private replaceHandle(panel: Panel, handle: string): void {
    void this.close(panel.handle);
    this.update(panel.view.id, { handle });
    this.show(handle);
  }

  private framesOf(handle: string): Frames {
    const known = this.frames.get(handle) ?? new Frames();
    this.frames.set(handle, known);
    return known;
  }

  private onEvent(event: string, body: unknown): void {
    if (event !== "heapatlas/frame") return;
    const pushed = parsePushed(body);
    if (this.closed.has(pushed.handle)) return;
    switch (this.framesOf(pushed.handle).push(pushed)) {
      case "newest":
        this.show(pushed.handle);
        break;
      case "baseless": {
        const panel = this.panels.find((candidate) => candidate.handle === pushed.handle);
        if (panel !== undefined) void this.reopen(panel);
        break;
      }
      case "old":
        break;
    }
  }

  private show(handle: string): void {
    const panel = this.panels.find((candidate) => candidate.handle === handle);
    const raw = this.framesOf(handle).raw;
    if (panel === undefined || raw === undefined) return;
    try {
      const frame = parseFrame(raw);
      this.update(panel.view.id, { frame, failure: "" });
    } catch (cause) {
      this.update(panel.view.id, { failure: reason(cause) });
    }
  }

  private update(id: string, change: Partial<Panel>): void {
    this.panels = this.panels.map((panel) => (panel.view.id === id ? { ...panel, ...change } : panel));
    this.listener.onChange();
  }
}
