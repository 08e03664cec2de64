// The base of every renderer: takes a frame of its kind, tells its host what the user did. Main entry: WidgetElement.
// Renderers extend it; widget-host.ts sets `frame` and listens to ActEvent. Must hold: a renderer only draws frames that
// have data; the host draws the rest.
import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Act, FrameOf, WidgetKind } from "./protocol.ts";
import { reason } from "./reason.ts";

/** The user asks for an action on the frame. */
export class ActEvent extends CustomEvent<Act> {
  static readonly type = "heapatlas-act";
  constructor(act: Act) {
    super(ActEvent.type, { detail: act, bubbles: true, composed: true });
  }
}

/** The user asks to see a source line. */
export class OpenSourceEvent extends CustomEvent<{ readonly path: string; readonly line: number }> {
  static readonly type = "heapatlas-open-source";
  constructor(path: string, line: number) {
    super(OpenSourceEvent.type, { detail: { path, line }, bubbles: true, composed: true, cancelable: true });
  }
}

/** One sentence for the user about what was just done. */
export class NoticeEvent extends CustomEvent<string> {
  static readonly type = "heapatlas-notice";
  constructor(text: string) {
    super(NoticeEvent.type, { detail: text, bubbles: true, composed: true });
  }
}

export abstract class WidgetElement<K extends WidgetKind> extends LitElement {
  @property({ attribute: false }) frame: FrameOf<K> | undefined;

  protected act(act: Act): void {
    this.dispatchEvent(new ActEvent(act));
  }

  protected notice(text: string): void {
    this.dispatchEvent(new NoticeEvent(text));
  }

  /** Where nobody can open a source file, its place is copied. */
  openSource(path: string, line: number): void {
    const place = `${path}:${line}`;
    if (this.dispatchEvent(new OpenSourceEvent(path, line))) void this.copyText(place, place);
  }

  /** Copies text and says so, or says why not. */
  async copyText(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.notice(`${what} copied.`);
    } catch (cause) {
      this.notice(
        `The browser did not let ${what} be copied (${reason(cause)}); allow clipboard access for this page.`,
      );
    }
  }
}
