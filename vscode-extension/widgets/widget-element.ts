// The base of every renderer: takes a frame of its kind, tells its host what the user did. Main entry: WidgetElement.
// Renderers extend it; widget-host.ts sets `frame` and listens to ActEvent. Must hold: a renderer only draws frames that
// have data; the host draws the rest.
import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import { MenuEvent, type Menu } from "./context-menu.ts";
import type { Act, FrameOf } from "./protocol.ts";
import type { WidgetKind } from "./widget-data.ts";
import { recordsCsv } from "./records-csv.ts";

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

/** The user asks for a watchpoint on the bytes of a range, whose end is outside. */
export class WatchEvent extends CustomEvent<{ readonly from: string; readonly to: string }> {
  static readonly type = "heapatlas-watch";
  constructor(from: string, to: string) {
    super(WatchEvent.type, { detail: { from, to }, bubbles: true, composed: true });
  }
}

/** The user asks for all rows of a query in a file. */
export class ExportEvent extends CustomEvent<{ readonly sql: string }> {
  static readonly type = "heapatlas-export";
  constructor(sql: string) {
    super(ExportEvent.type, { detail: { sql }, bubbles: true, composed: true });
  }
}

/** One sentence for the user about what was just done. */
export class NoticeEvent extends CustomEvent<string> {
  static readonly type = "heapatlas-notice";
  constructor(text: string) {
    super(NoticeEvent.type, { detail: text, bubbles: true, composed: true });
  }
}

/** The user asks for text on the clipboard. */
export class CopyEvent extends CustomEvent<{ readonly text: string; readonly what: string }> {
  static readonly type = "heapatlas-copy";
  constructor(text: string, what: string) {
    super(CopyEvent.type, { detail: { text, what }, bubbles: true, composed: true });
  }
}

/** What the browser did not let be copied. */
export type Kept =
  | { readonly kind: "text"; readonly text: string; readonly what: string }
  | { readonly kind: "picture"; readonly blob: Blob; readonly name: string };

/** Whoever can keep it in another way does, and prevents what would be done without it. */
export class KeepEvent extends CustomEvent<Kept> {
  static readonly type = "heapatlas-keep";
  constructor(kept: Kept) {
    super(KeepEvent.type, { detail: kept, bubbles: true, composed: true, cancelable: true });
  }
}

export abstract class WidgetElement<K extends WidgetKind> extends LitElement {
  @property({ attribute: false }) frame: FrameOf<K> | undefined;
  /** Whoever shows it writes files when a widget asks for one. */
  @property({ type: Boolean }) exports = false;

  /** Its data in the format that it is registered with. A kind that has better words for them has its own. */
  asText(): string {
    const data: object | undefined = this.frame?.data;
    return data === undefined ? "" : recordsCsv(data);
  }

  /** A picture of more than is in sight; without one the widget is pictured as it stands. */
  picture(): Promise<Blob> | undefined {
    return undefined;
  }

  /** Draws again what a browser forgets once it was shown: a WebGL canvas. */
  redraw(): void {
    // Most kinds have none.
  }

  protected act(act: Act): void {
    this.dispatchEvent(new ActEvent(act));
  }

  /** Opens the menu of one thing; the browser's own stays where there is nothing in it. */
  protected menu(event: Event, menu: Menu): void {
    if (this.dispatchEvent(new MenuEvent(menu))) return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected notice(text: string): void {
    this.dispatchEvent(new NoticeEvent(text));
  }

  /** Where nobody can open a source file, its place is copied. */
  openSource(path: string, line: number): void {
    const place = `${path}:${line}`;
    if (this.dispatchEvent(new OpenSourceEvent(path, line))) this.copyText(place, place);
  }

  copyText(text: string, what: string): void {
    this.dispatchEvent(new CopyEvent(text, what));
  }
}
