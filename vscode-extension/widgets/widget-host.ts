// The frame around every widget: title, breadcrumbs, actions, coverage, and what shows instead of data — loading, empty,
// failed; and what can be done with every widget: to copy it. Main entry: <heapatlas-widget-host .frame>. Used by the page
// and by webviews. Knows no widget kind: it asks the registry. What the user does comes out as ActEvent.
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { html as staticHtml, unsafeStatic } from "lit/static-html.js";
import { copyPicture, copyText } from "./clipboard.ts";
import { menuActions, type ContextMenu, type MenuEvent } from "./context-menu.ts";
import { elementPicture } from "./element-picture.ts";
import { formatCount } from "./format.ts";
import { WIDGET_ACTIONS, type Coverage, type Frame } from "./protocol.ts";
import type { WidgetKind } from "./widget-data.ts";
import { copyFormatOf, rendererOf } from "./registry.ts";
import { tokens } from "./theme.ts";
import { ActEvent, WatchEvent, WidgetElement, type CopyEvent } from "./widget-element.ts";
import { copyTools } from "./copy-tools.ts";
import { hostStyle } from "./widget-host-style.ts";

@customElement("heapatlas-widget-host")
export class WidgetHost extends LitElement {
  static override styles = [tokens, hostStyle];

  /** None while it is awaited. */
  @property({ attribute: false }) frame: Frame | undefined;
  /** The view's title until the frame brings its own. */
  @property() heading = "";
  /** Why no frame can come, if so. */
  @property() failure = "";
  /** Cards stand without a box of their own. */
  @property({ type: Boolean, reflect: true }) bare = false;
  /** The widget alone: it says itself what stands around others. */
  @property({ type: Boolean, reflect: true }) plain = false;
  /** The connection is lost: what shows is old. */
  @property({ type: Boolean, reflect: true }) stale = false;

  /** A message stands in the widget's place; it is as tall as its words. */
  @property({ type: Boolean, reflect: true }) telling = false;

  /** Whoever shows it sets watchpoints when a widget asks for one. */
  @property({ type: Boolean }) watches = false;

  /** … and writes files. */
  @property({ type: Boolean }) exports = false;

  @query("section") private section!: HTMLElement | null;
  @query("heapatlas-context-menu") private contextMenu!: ContextMenu | null;

  protected override willUpdate(): void {
    this.telling = this.failure !== "" || (this.frame !== undefined && this.frame.data === undefined);
  }

  /** The room that the widget has, for a server that sends no more than it can show. */
  viewport(): { readonly width: number; readonly height: number } {
    const content = this.renderRoot.querySelector(".content");
    return { width: content?.clientWidth ?? 0, height: content?.clientHeight ?? 0 };
  }

  private get widget(): WidgetElement<WidgetKind> | undefined {
    const element = this.renderRoot.querySelector(".content > *");
    return element instanceof WidgetElement ? (element as WidgetElement<WidgetKind>) : undefined;
  }

  private get name(): string {
    return this.frame?.title || this.heading;
  }

  private copyData(): void {
    const { widget, frame } = this;
    if (widget !== undefined && frame !== undefined)
      void copyText(this, widget.asText(), `${this.name} as ${copyFormatOf(frame.widget)}`);
  }

  private copyImage(): void {
    const { widget, section } = this;
    if (widget === undefined || section === null) return;
    widget.redraw();
    const picture = widget.picture() ?? elementPicture(section, (part) => part.matches(".copy, .visually-hidden"));
    void copyPicture(this, picture, this.name);
  }

  private get isEmpty(): boolean {
    return this.frame !== undefined && this.frame.empty !== "" && this.frame.data === undefined;
  }

  private act(action: string, target: string): void {
    this.dispatchEvent(new ActEvent({ action, target }));
  }

  private openMenu(event: MenuEvent): void {
    const { detail: menu } = event;
    const offered = menuActions(this.frame?.actions ?? [], menu.on).map(({ id, title }) => ({
      title,
      run: () => void this.dispatchEvent(new ActEvent(menu.act(id))),
    }));
    const { memory } = menu;
    const watch =
      memory !== undefined && this.watches
        ? [{ title: "Set Watchpoint", run: () => void this.dispatchEvent(new WatchEvent(memory.from, memory.to)) }]
        : [];
    const items = [...offered, ...watch, ...menu.more];
    if (items.length === 0) return;
    event.preventDefault();
    this.contextMenu?.open(menu, items);
  }

  protected override render(): TemplateResult {
    const title = this.name;
    return html`<section
      aria-label=${title}
      @heapatlas-menu=${(event: MenuEvent) => this.openMenu(event)}
      @heapatlas-copy=${({ detail }: CopyEvent) => void copyText(this, detail.text, detail.what)}
    >
      ${this.bare || this.plain ? nothing : this.renderHead(title)}
      <div class="content">${this.renderContent()}</div>
      ${this.bare ? html`<div class="under">${this.renderCoverage(this.frame?.coverage)} ${this.renderCopy()}</div>` : nothing}
      ${this.plain ? this.renderCopy() : nothing}
      <heapatlas-context-menu></heapatlas-context-menu>
    </section>`;
  }

  private renderCopy(): TemplateResult | typeof nothing {
    if (this.frame?.data === undefined || this.frame.error !== "" || this.failure !== "") return nothing;
    return copyTools(
      copyFormatOf(this.frame.widget),
      () => this.copyImage(),
      () => this.copyData(),
    );
  }

  private renderHead(title: string): TemplateResult {
    const crumbs = this.frame?.breadcrumbs ?? [];
    const actions = (this.frame?.actions ?? []).filter(({ id, on }) => on === "frame" && !WIDGET_ACTIONS.has(id));
    return html`<header>
      <h2>${title}</h2>
      ${
        crumbs.length < 2
          ? nothing
          : html`<nav aria-label="Where you are in ${title}">
              ${crumbs.map((crumb, at) =>
                at === crumbs.length - 1
                  ? html`<span class="here" aria-current="location">${crumb.title}</span>`
                  : html`<button class="crumb" @click=${() => this.act("back", crumb.target)}>${crumb.title}</button
                      ><span class="into" aria-hidden="true">›</span>`,
              )}
            </nav>`
      }
      <span class="end">
        ${this.renderProgress()} ${this.renderCoverage(this.frame?.coverage)}
        ${actions.map((action) => html`<button @click=${() => this.act(action.id, "")}>${action.title}</button>`)}
        ${this.renderCopy()}
      </span>
    </header>`;
  }

  private renderProgress(): TemplateResult | typeof nothing {
    const progress = this.frame?.progress;
    if (progress === undefined) return nothing;
    const share = `${Math.floor(progress.done * 100)} %`;
    return html`<span class="reading" role="status"
      ><progress max="1" value=${progress.done} aria-label=${progress.text}></progress>${share} ${progress.text}</span
    >`;
  }

  private renderContent(): TemplateResult {
    const { frame } = this;
    if (this.failure !== "") return message("failed", "This view could not be shown", this.failure);
    if (frame === undefined) return this.renderLoading();
    if (frame.error !== "") return message("failed", "This view could not be shown", frame.error);
    if (this.isEmpty) return message("none", "Nothing to show yet", frame.empty);
    const kind = frame.widget === "unknown" ? frame.kind : frame.widget;
    const tag = rendererOf(kind);
    if (tag === undefined) {
      return message(
        "failed",
        "This view could not be shown",
        `It is a '${kind}', which this page cannot draw; update HeapAtlas.`,
      );
    }
    if (frame.data === undefined)
      return message("none", "Nothing to show yet", "The server sent no data for this view.");
    const element = unsafeStatic(tag);
    return staticHtml`<${element} .frame=${frame} .exports=${this.exports}></${element}>`;
  }

  private renderLoading(): TemplateResult {
    return html`<div class="loading" role="status" aria-label="Loading ${this.heading}">
      ${
        this.bare
          ? html`<div class="cards">${Array.from({ length: 5 }, () => html`<i></i>`)}</div>`
          : html`<i class="short"></i><i></i><i></i><i></i><span>Waiting for the first data…</span>`
      }
    </div>`;
  }

  /** The whole sentence where there is room for it, below the key figures; elsewhere its gist. */
  private renderCoverage(coverage: Coverage | undefined): TemplateResult | typeof nothing {
    if (coverage === undefined || this.frame?.error !== "" || this.failure !== "") return nothing;
    const lost = coverage.lost > 0;
    const figures = coverage.sampled ? "an estimate" : lost ? `${formatCount(coverage.lost)} lost` : "none lost";
    const brief = [coverage.mode, figures].filter((note) => note !== "").join(", ");
    const sentence = coverage.text === "" ? brief : `${coverage.mode} · ${coverage.text}`;
    return html`<span class="coverage ${lost ? "lost" : ""}" title="What these figures stand on: ${sentence}">
      <span class="dot" aria-hidden="true"></span><span class="visually-hidden">Coverage: </span
      ><span class="text">${this.bare ? sentence : brief}</span>
    </span>`;
  }
}

function message(kind: "failed" | "none", title: string, text: string): TemplateResult {
  return html`<div class="message ${kind}" role=${kind === "failed" ? "alert" : "status"}>
    <svg viewBox="0 0 24 24" aria-hidden="true">${kind === "failed" ? failedIcon : noneIcon}</svg>
    <strong>${title}</strong>
    ${paragraphs(text)}
  </div>`;
}

/** Indented lines are code, as in a comment. */
function paragraphs(text: string): TemplateResult[] {
  const parts = text.split(/^((?: {4}.*\n?)+)/m).filter((part) => part.trim() !== "");
  return parts.map((part) =>
    part.startsWith("    ") ? html`<pre>${part.replace(/^ {4}/gm, "").trimEnd()}</pre>` : html`<p>${part.trim()}</p>`,
  );
}

const failedIcon = svg`<path d="M12 3 2.5 20h19L12 3Z"></path><path d="M12 10v5M12 17.2v.3"></path>`;
const noneIcon = svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2"></rect><path d="M3.5 9.5h17M8.5 9.5v10"></path>`;
