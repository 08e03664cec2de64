// The views of one webview, below each other. Main entry: <heapatlas-slots>. Talks to the extension's host in messages
// (messages.ts), and puts frames together from what comes. Knows widget kinds through the registry alone, and no feature.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Frames } from "../client/frames.ts";
import { parseFrame, parsePushed, viewOf, type Frame, type Parameter } from "../widgets/protocol.ts";
import { reason } from "../widgets/reason.ts";
import { tokens } from "../widgets/theme.ts";
import {
  ActEvent,
  KeepEvent,
  NoticeEvent,
  OpenSourceEvent,
  type ExportEvent,
  type Kept,
  type WatchEvent,
} from "../widgets/widget-element.ts";
import type { FromWebview, SlotStyle, ToWebview } from "./messages.ts";

interface Host {
  postMessage(message: FromWebview): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

interface Slot {
  readonly title: string;
  readonly style: SlotStyle;
  readonly parameters: readonly Parameter[];
  readonly chosen: Readonly<Record<string, string>>;
  readonly frames: Frames;
  readonly frame: Frame | undefined;
  readonly failure: string;
}

const PROCESS = "process";
const LEAST_VIEWPORT = 160;

@customElement("heapatlas-slots")
export class Slots extends LitElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
        overflow: auto;
        background: var(--ha-ground);
      }
      heapatlas-widget-host {
        flex: 1 0 auto;
        height: 0;
        min-height: min(260px, 100vh);
      }
      heapatlas-widget-host[bare] {
        flex: none;
        height: auto;
        min-height: 0;
      }
      heapatlas-widget-host[plain] {
        margin: 6px 12px;
      }
      .banner {
        padding: 5px 12px;
        border-bottom: 1px solid var(--ha-border);
        background: var(--ha-panel);
        color: var(--ha-muted);
      }
      .picker {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 6px 12px 0;
        color: var(--ha-muted);
      }
      .picker select {
        min-width: 0;
        max-width: 100%;
        text-overflow: ellipsis;
      }
      .welcome {
        margin: auto;
        max-width: 42ch;
        padding: 16px;
        text-align: center;
        color: var(--ha-muted);
      }
      .welcome strong {
        display: block;
        margin-bottom: 6px;
        color: var(--ha-text);
      }
    `,
  ];

  @state() private slots: readonly (Slot | undefined)[] = [];
  @state() private banner = "";
  @state() private welcome: { readonly title: string; readonly text: string } | undefined;

  private readonly host = acquireVsCodeApi();
  private readonly onMessage = (event: MessageEvent<ToWebview>): void => this.receive(event.data);

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("message", this.onMessage);
    this.host.postMessage({
      kind: "ready",
      width: Math.max(innerWidth, LEAST_VIEWPORT),
      height: Math.max(innerHeight, LEAST_VIEWPORT),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("message", this.onMessage);
  }

  private receive(message: ToWebview): void {
    switch (message.kind) {
      case "view":
        this.begin(message);
        break;
      case "parameters":
        this.change(message.slot, { parameters: message.parameters });
        break;
      case "opened":
        this.slots[message.slot]?.frames.open(message.frame);
        this.showNewest(message.slot);
        break;
      case "pushed":
        this.push(message.slot, message.body);
        break;
      case "failed":
        this.change(message.slot, { failure: message.text });
        break;
      case "banner":
        this.banner = message.text;
        break;
      case "welcome":
        this.welcome = message;
        this.slots = [];
        this.remember(message.restored);
        break;
    }
  }

  private remember(view: string): void {
    if (view !== "") this.host.setState({ view });
  }

  private begin(view: ToWebview & { readonly kind: "view" }): void {
    const { slot, title, style, parameters, chosen, restored, ofOther } = view;
    this.welcome = undefined;
    this.remember(restored);
    const slots = [...this.slots];
    const frame = ofOther ? undefined : this.slots[slot]?.frame;
    slots[slot] = { title, style, parameters, chosen, frames: new Frames(), frame, failure: "" };
    this.slots = slots;
  }

  private push(slot: number, body: unknown): void {
    const frames = this.slots[slot]?.frames;
    if (frames === undefined) return;
    const outcome = frames.push(parsePushed(body));
    if (outcome === "newest") this.showNewest(slot);
    else if (outcome === "baseless") this.host.postMessage({ kind: "reopen" });
  }

  private showNewest(slot: number): void {
    const raw = this.slots[slot]?.frames.raw;
    if (raw === undefined) return;
    try {
      const frame = parseFrame(raw);
      this.tellSelection(slot, frame);
      this.change(slot, { frame, failure: "" });
    } catch (cause) {
      this.change(slot, { failure: reason(cause) });
    }
  }

  /** For the host's own menu, too, which finds it where the pointer is. */
  private tellSelection(slot: number, { selection }: Frame): void {
    const { from = "", to = "" } = selection ?? {};
    const before = this.slots[slot]?.frame?.selection;
    if (from === "" || (from === before?.from && to === before.to)) return;
    this.dataset["vscodeContext"] = JSON.stringify({ heapatlasSelected: true });
    this.host.postMessage({ kind: "selected", from, to });
  }

  private change(at: number, change: Partial<Slot>): void {
    this.slots = this.slots.map((slot, i) => (slot !== undefined && i === at ? { ...slot, ...change } : slot));
  }

  protected override render(): TemplateResult {
    if (this.welcome !== undefined) {
      return html`<div class="welcome" role="status"><strong>${this.welcome.title}</strong>${this.welcome.text}</div>`;
    }
    return html`${this.banner === "" ? nothing : html`<div class="banner" role="status">${this.banner}</div>`}
    ${this.slots.map((slot, at) => (slot === undefined ? nothing : this.renderSlot(slot, at)))}`;
  }

  private renderSlot(slot: Slot, at: number): TemplateResult {
    return html`${at === 0 ? this.renderProcesses(slot) : nothing}<heapatlas-widget-host
        .frame=${slot.frame}
        .failure=${slot.failure}
        .heading=${slot.title}
        ?bare=${slot.style === "bare"}
        ?plain=${slot.style === "plain"}
        ?stale=${this.banner !== ""}
        watches
        exports
        @heapatlas-export=${({ detail }: ExportEvent) => this.host.postMessage({ kind: "export", ...detail })}
        @heapatlas-watch=${({ detail }: WatchEvent) => this.host.postMessage({ kind: "watch", ...detail })}
        @heapatlas-act=${({ detail: act }: ActEvent) =>
          this.host.postMessage({ kind: "act", slot: at, act, show: viewOf(slot.frame, act) })}
        @heapatlas-notice=${(event: NoticeEvent) => this.host.postMessage({ kind: "notice", text: event.detail })}
        @heapatlas-keep=${(event: KeepEvent) => {
          event.preventDefault();
          void this.keep(event.detail);
        }}
        @heapatlas-open-source=${(event: OpenSourceEvent) => {
          event.preventDefault();
          this.host.postMessage({ kind: "source", ...event.detail });
        }}
      ></heapatlas-widget-host>`;
  }

  private async keep(kept: Kept): Promise<void> {
    if (kept.kind === "text") this.host.postMessage({ kind: "copy", text: kept.text, what: kept.what });
    else this.host.postMessage({ kind: "save", name: kept.name, base64: await base64Of(kept.blob) });
  }

  private renderProcesses(slot: Slot): TemplateResult | typeof nothing {
    const { values = [], titles = [] } = slot.parameters.find(({ name }) => name === PROCESS) ?? {};
    if (values.length < 2) return nothing;
    // Empty means the main one too, which is the first.
    const chosen = slot.chosen[PROCESS] || values[0];
    return html`<label class="picker"
      >${values.length} processes
      <select
        @change=${(event: Event) =>
          this.host.postMessage({
            kind: "choose",
            parameter: PROCESS,
            value: (event.target as HTMLSelectElement).value,
          })}
      >
        ${values.map(
          (value, i) => html`<option value=${value} ?selected=${value === chosen}>${titles[i] ?? value}</option>`,
        )}
      </select></label
    >`;
  }
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
