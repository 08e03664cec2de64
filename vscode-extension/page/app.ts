// The browser page: connects, lists the views, lays them out, and turns what the user does into requests.
// Main entry: <heapatlas-app>, set up by page.ts. Knows widget kinds only through layout.ts and no feature.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { formatDuration } from "../widgets/format.ts";
import { viewOf, type Act } from "../widgets/protocol.ts";
import { tokens } from "../widgets/theme.ts";
import { timeSign, timeSignStyle } from "../widgets/time-sign.ts";
import { ActEvent, NoticeEvent } from "../widgets/widget-element.ts";
import type { WidgetHost } from "../widgets/widget-host.ts";
import { appStyle } from "./app-style.ts";
import { arrange, isTall, placeOf } from "./layout.ts";
import { Session, type Panel } from "./session.ts";
import { shortcutOf, shortcutsOverlay } from "./shortcuts.ts";
import { currentTheme, toggleTheme } from "./theme-choice.ts";

const NOTICE_TIME = 6000;
const LEAST_VIEWPORT = 160;

@customElement("heapatlas-app")
export class App extends LitElement {
  static override styles = [tokens, timeSignStyle, appStyle];

  @state() private notice = "";
  @query("dialog") private overlay!: HTMLDialogElement | null;
  @query("select.process") private processPicker!: HTMLSelectElement | null;

  private readonly token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  private readonly session = new Session(
    channelUrl(),
    this.token,
    { onChange: () => this.requestUpdate(), onNotice: (text) => this.say(text) },
    (view) => this.viewportOf(view),
  );
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly onKey = (event: KeyboardEvent): void => this.onShortcut(event);
  /** Another token in the address is another session. */
  private readonly onHash = (): void => location.reload();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.onKey);
    addEventListener("hashchange", this.onHash);
    if (this.token !== "") this.session.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.onKey);
    removeEventListener("hashchange", this.onHash);
    clearInterval(this.clock);
  }

  private async viewportOf(view: string): Promise<{ readonly width: number; readonly height: number }> {
    await this.updateComplete;
    const host = this.renderRoot.querySelector<WidgetHost>(`heapatlas-widget-host[data-view="${CSS.escape(view)}"]`);
    await host?.updateComplete;
    const { width, height } = host?.viewport() ?? { width: 0, height: 0 };
    return { width: Math.max(width, LEAST_VIEWPORT), height: Math.max(height, LEAST_VIEWPORT) };
  }

  private say(text: string): void {
    this.notice = text;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (this.notice = ""), NOTICE_TIME);
  }

  private onShortcut(event: KeyboardEvent): void {
    const shortcut = shortcutOf(event);
    if (shortcut === undefined || this.overlay?.open === true) return;
    event.preventDefault();
    switch (shortcut.command) {
      case "help":
        this.overlay?.showModal();
        break;
      case "theme":
        this.switchTheme();
        break;
      case "process":
        this.processPicker?.focus();
        break;
      case "filter":
        this.focusInside((root) => root.querySelector<HTMLElement>("input[type=search]"));
        break;
      case "panel":
        this.focusPanel(shortcut.index);
        break;
    }
  }

  /** The first element that a widget on the page offers. */
  private focusInside(find: (root: ParentNode) => HTMLElement | null, index?: number): void {
    for (const host of index === undefined ? this.hosts : this.hosts.slice(index, index + 1)) {
      const widget = host.shadowRoot?.querySelector(".content > *");
      const found = widget?.shadowRoot ? find(widget.shadowRoot) : null;
      if (found === null) continue;
      found.focus();
      found.scrollIntoView({ block: "nearest" });
      return;
    }
  }

  private get hosts(): readonly WidgetHost[] {
    return [...this.renderRoot.querySelectorAll<WidgetHost>("heapatlas-widget-host")];
  }

  private focusPanel(index: number): void {
    this.hosts[index]?.scrollIntoView({ block: "start" });
    this.focusInside((root) => root.querySelector<HTMLElement>("[tabindex='0'], button, input"), index);
  }

  private switchTheme(): void {
    toggleTheme();
    this.requestUpdate();
  }

  protected override updated(): void {
    // The clock runs while the program does, and counts down the seconds until the next try.
    const counting = this.session.state.kind === "lost" || this.session.state.kind === "open";
    if (counting && this.clock === undefined) this.clock = setInterval(() => this.requestUpdate(), 500);
    if (!counting && this.clock !== undefined) {
      clearInterval(this.clock);
      this.clock = undefined;
    }
  }

  protected override render(): TemplateResult {
    return html`
      ${this.renderBar()} ${this.renderBanner()}
      <main>${this.renderMain()}</main>
      ${this.renderPanels(arrange(this.session.panels, (panel) => panel.view.widget).time, "timebar")}
      <div class="notice ${this.notice === "" ? "" : "shown"}" role="status" aria-live="polite">${this.notice}</div>
      ${shortcutsOverlay(() => this.requestUpdate())}
    `;
  }

  private renderBar(): TemplateResult {
    const dark = currentTheme() === "dark";
    return html`<header class="top">
      <span class="brand"
        ><i aria-hidden="true"><b></b><b></b><b></b><b></b></i>
        <h1>HeapAtlas</h1></span
      >
      ${this.renderProcesses()} ${this.renderTime()}
      <span class="end">
        <button
          class="quiet"
          title="Light or dark (t)"
          aria-label=${dark ? "Light theme" : "Dark theme"}
          @click=${() => this.switchTheme()}
        >
          ${dark ? "☀" : "☾"}<span class="word"> ${dark ? "Light" : "Dark"}</span>
        </button>
        <button
          class="quiet"
          title="Keyboard shortcuts (?)"
          aria-label="Keyboard shortcuts"
          @click=${() => this.overlay?.showModal()}
        >
          ?
        </button>
      </span>
    </header>`;
  }

  private renderProcesses(): TemplateResult | typeof nothing {
    const values = this.session.valuesOf("process");
    if (values.length < 2) return this.renderSubject();
    const chosen = this.session.parameters["process"] ?? values[0]?.value ?? "";
    return html`<label class="picker"
      ><span>${values.length} processes</span>
      <select
        class="process"
        @change=${(event: Event) => void this.session.choose("process", (event.target as HTMLSelectElement).value)}
      >
        ${values.map(({ value, title }) => html`<option value=${value} ?selected=${value === chosen}>${title}</option>`)}
      </select></label
    >`;
  }

  /** What the page is about, where there is nothing to choose: the title of the key figures. */
  private renderSubject(): TemplateResult | typeof nothing {
    const figures = this.session.panels.find((panel) => placeOf(panel.view.widget) === "figures")?.frame;
    const title = figures?.data === undefined ? "" : figures.title;
    return title === "" ? nothing : html`<strong class="subject" title=${title}>${title}</strong>`;
  }

  private renderTime(): TemplateResult | typeof nothing {
    const { time } = this.session;
    if (this.session.state.kind !== "open") return nothing;
    if (time === undefined) return html`<span class="time">connected</span>`;
    const now = formatDuration(this.session.clock(time));
    if (time.live) return html`<span class="time"><i class="live on" aria-hidden="true"></i>live · ${now}</span>`;
    if (time.replayed) {
      return html`<span class="time replayed">${timeSign(time)} replayed · ${now} of ${formatDuration(time.to)}</span>`;
    }
    const end = time.end === "" ? "" : `, ${time.end}`;
    return html`<span class="time ended" role="status"
      ><i class="live" aria-hidden="true"></i>ended after ${now}${end}; these are its last figures</span
    >`;
  }

  private renderBanner(): TemplateResult | typeof nothing {
    const { state } = this.session;
    if (this.session.panels.length === 0 || (state.kind !== "lost" && state.kind !== "connecting")) return nothing;
    return html`<div class="banner" role="alert">
      <span
        >The connection to HeapAtlas was lost, or its session has ended; what you see are the last figures that came.
        ${retryText(state.kind === "lost" ? state.retryAt : 0)}</span
      >
      <button @click=${() => this.session.retry()}>Try now</button>
    </div>`;
  }

  private renderMain(): TemplateResult {
    const { state, panels } = this.session;
    if (this.token === "") {
      return bigMessage(
        "This address has no token",
        "Open the whole address that heapatlas printed; it ends with #token=…",
      );
    }
    if (state.kind === "refused") {
      return bigMessage(
        "HeapAtlas refused this page's token",
        "It is of an earlier session. Open the address that heapatlas printed last.",
      );
    }
    if (panels.length === 0) {
      return state.kind === "lost"
        ? bigMessage(
            "HeapAtlas does not answer",
            `Is the session still running? Start one with ./heapatlas demo. ${retryText(state.retryAt)}`,
          )
        : bigMessage("Connecting to HeapAtlas…", "");
    }
    const places = arrange(panels, (panel) => panel.view.widget);
    return html`
      ${this.renderPanels(places.figures, "figures")}
      <div class="pictures ${places.wide.length === 0 || places.side.length === 0 ? "single" : ""}">
        ${this.renderPanels(places.wide, "wide")} ${this.renderPanels(places.side, "side")}
      </div>
      ${this.renderPanels(places.below, "below")} ${this.renderPanels(places.tall, "below tall")}
    `;
  }

  private async act(panel: Panel, act: Act): Promise<void> {
    await this.session.act(panel, act);
    const view = viewOf(panel.frame, act);
    if (view !== "") this.focusPanel(this.hosts.findIndex((host) => host.dataset["view"] === view));
  }

  private renderPanels(panels: readonly Panel[], place: string): TemplateResult | typeof nothing {
    if (panels.length === 0) return nothing;
    return html`<div class=${place}>
      ${repeat(
        panels,
        (panel) => panel.view.id,
        (panel) =>
          html`<heapatlas-widget-host
            data-view=${panel.view.id}
            data-widget=${panel.view.widget}
            .frame=${panel.frame}
            .failure=${panel.failure}
            .heading=${panel.view.title}
            ?bare=${place === "figures"}
            ?plain=${place === "timebar"}
            ?data-tall=${isTall(panel.view.widget)}
            ?stale=${this.session.state.kind !== "open"}
            @heapatlas-act=${(event: ActEvent) => void this.act(panel, event.detail)}
            @heapatlas-notice=${(event: NoticeEvent) => this.say(event.detail)}
          ></heapatlas-widget-host>`,
      )}
    </div>`;
  }
}

function channelUrl(): string {
  const url = new URL("/channel", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  return url.href;
}

function retryText(retryAt: number): string {
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again now.";
}

function bigMessage(title: string, text: string): TemplateResult {
  return html`<div class="big" role="status">
    <strong>${title}</strong>
    <p>${text}</p>
  </div>`;
}
