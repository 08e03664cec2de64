// Memory as bytes. Main entry: <heapatlas-hex>, registered for 'hex'. Set up by widget-host.ts. The server sends the window
// that fits; the cursor is this widget's own, an address, so that it moves without waiting, and is named as the target of
// what is done with a byte. Must hold: nothing is written into a program before it was confirmed.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { isMenuKey } from "./context-menu.ts";
import { byteMenu } from "./memory-menu.ts";
import { AddressRange, toWire } from "./address.ts";
import { grid, type GridLook } from "./hex-grid.ts";
import { keyAction, type HexKey, type HexMove } from "./hex-keys.ts";
import { Edit, HexModel } from "./hex-model.ts";
import { confirmation, legend, onField, panel } from "./hex-panel.ts";
import { hexStyle } from "./hex-style.ts";
import { AskedWindow } from "./hex-window.ts";
import type { FrameAction } from "./protocol.ts";
import { registerRenderer } from "./registry.ts";
import { stackStyle } from "./stack-lines.ts";
import { canvasColours, tokens, watchTheme } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";

const ROW_HEIGHT = 20;
const ROWS_A_NOTCH = 3;
/** Sixteen columns with their letters need this many pixels. */
const WIDE = 600;
const LAST_ADDRESS = 2n ** 64n - 1n;
/** What these keys do, they do with the byte that has the focus. */
const OF_CELLS: ReadonlySet<HexKey["kind"]> = new Set(["digit", "enter", "erase"]);
/** Done by keys, fields and buttons of this widget's own; the frame's other actions on a byte are buttons. */
const OWN_ACTIONS: ReadonlySet<string> = new Set([
  "go",
  "show",
  "scroll",
  "follow",
  "back",
  "forward",
  "search",
  "write",
]);

@customElement("heapatlas-hex")
export class HexElement extends WidgetElement<"hex"> {
  static override styles = [tokens, stackStyle, hexStyle];

  @state() private cursor = 0n;
  /** Where a selection began that reaches to the cursor. */
  @state() private anchor: bigint | undefined;
  @state() private edit: Edit | undefined;
  @state() private shade: "dark" | "light" = "light";
  @query(".room") private room!: HTMLElement | null;
  @query(".go") private goField!: HTMLInputElement | null;
  @query(".search") private searchField!: HTMLInputElement | null;

  private model: HexModel | undefined;
  private visit = -1;
  private readonly asked = new AskedWindow();
  /** Rows that the wheel has turned since the last frame. */
  private turned = 0;
  private turning = false;
  private themed: { dispose(): void } | undefined;
  private readonly sized = new ResizeObserver(() => this.askForWindow());

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    if (this.hasUpdated && this.room !== null) this.sized.observe(this.room);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themed?.dispose();
    this.sized.disconnect();
  }

  override asText(): string {
    return this.model?.csv() ?? "";
  }

  private readTheme(): void {
    this.shade = canvasColours(this).shade;
  }

  protected override firstUpdated(): void {
    this.readTheme();
    if (this.room !== null) this.sized.observe(this.room);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("frame")) return;
    const data = this.frame?.data;
    this.model = data && new HexModel(data);
    if (data === undefined || this.model === undefined) return;
    this.asked.show({ columns: data.columns, rows: this.model.rows }, data.visit);
    if (data.visit === this.visit) return;
    this.visit = data.visit;
    this.cursor = data.at;
    this.anchor = undefined;
    this.edit = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("frame")) {
      this.turning = false;
      this.turn(0);
      this.askForWindow();
    }
    if (changed.has("cursor") || changed.has("frame")) this.focusCursor();
  }

  /** The focus is on the cursor's cell, wherever that is now. */
  private focusCursor(): void {
    const focused = this.shadowRoot?.activeElement;
    const index = this.model?.indexOf(this.cursor);
    if (index === undefined || !focused?.classList.contains("cell")) return;
    const cell = this.renderRoot.querySelector<HTMLElement>(`.cell[data-index="${index}"]`);
    if (cell !== focused) cell?.focus({ preventScroll: true });
  }

  private askForWindow(): void {
    const { clientWidth: width = 0, clientHeight: height = 0 } = this.room ?? {};
    if (width === 0 || height === 0) return;
    const window = { columns: width < WIDE ? 8 : 16, rows: Math.max(4, Math.floor(height / ROW_HEIGHT) - 1) };
    if (this.asked.wants(window)) this.act({ action: "window", arguments: window });
  }

  private can(action: string): FrameAction | undefined {
    return this.frame?.actions.find(({ id }) => id === action);
  }

  private actOnByte(action: string, details: Readonly<Record<string, string | number>> = {}): void {
    this.act({ action, target: toWire(this.cursor), arguments: details });
  }

  private moveTo(address: bigint, selecting = false): void {
    const before = this.cursor;
    this.cursor = address < 0n ? 0n : address > LAST_ADDRESS ? LAST_ADDRESS : address;
    this.anchor = selecting ? (this.anchor ?? before) : undefined;
    const { model } = this;
    if (model === undefined || model.indexOf(this.cursor) !== undefined) return;
    this.actOnByte("show");
  }

  private scrollRows(rows: number): void {
    this.actOnByte("scroll", { rows });
  }

  /** No more is asked for at once than one frame can answer. */
  private turn(rows: number): void {
    this.turned += rows;
    if (this.turned === 0 || this.turning) return;
    this.turning = true;
    this.scrollRows(this.turned);
    this.turned = 0;
  }

  /** The page scrolls on over bytes that nobody works on. */
  private onWheel(event: WheelEvent): void {
    if (!this.shadowRoot?.activeElement?.classList.contains("cell") || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    this.turn(Math.sign(event.deltaY) * ROWS_A_NOTCH);
  }

  private onPointer(event: PointerEvent): void {
    const index = Number((event.target as HTMLElement).dataset["index"] ?? Number.NaN);
    const { model } = this;
    if (
      model === undefined ||
      Number.isNaN(index) ||
      event.button > 0 ||
      (event.type === "pointermove" && event.buttons !== 1)
    )
      return;
    event.preventDefault();
    this.edit = undefined;
    this.moveTo(model.addressOf(index), event.shiftKey || event.type === "pointermove");
    this.renderRoot.querySelector<HTMLElement>(`.cell[data-index="${index}"]`)?.focus({ preventScroll: true });
  }

  private onDoubleClick(event: MouseEvent): void {
    const index = Number((event.target as HTMLElement).dataset["index"] ?? Number.NaN);
    if (this.model !== undefined && !Number.isNaN(index)) this.follow(this.model.wordAt(index));
  }

  /** Below the byte at the pointer, or at the cursor. */
  private openMenu(event: Event, cell: EventTarget | null | undefined): void {
    if (this.model === undefined || !(cell instanceof HTMLElement) || cell.dataset["index"] === undefined) return;
    const address = this.model.addressOf(Number(cell.dataset["index"]));
    const selected = this.anchor !== undefined && this.chosen.contains(address);
    if (!selected) this.moveTo(address);
    const memory = selected ? this.chosen : undefined;
    this.menu(
      event,
      byteMenu(address, memory, cell.getBoundingClientRect(), (text) => this.copyText(text, text)),
    );
  }

  private onKeyDown(event: KeyboardEvent): void {
    const { model } = this;
    if (isMenuKey(event)) this.openMenu(event, this.shadowRoot?.activeElement);
    const key = model && keyAction(event, model.data.columns);
    if (model === undefined || key === undefined) return;
    // In the panel beside the bytes they are the keys of what is focused there, and write nothing.
    if (OF_CELLS.has(key.kind) && (event.target as HTMLElement).closest(".cell") === null) return;
    if (!this.perform(key, model, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Answers whether the key had a meaning here. */
  private perform(key: HexKey, model: HexModel, selecting: boolean): boolean {
    switch (key.kind) {
      case "digit":
        return this.type(key.digit);
      case "go":
        this.goField?.select();
        return true;
      case "search":
        this.searchField?.select();
        return this.searchField !== null;
      case "enter":
        if (this.edit === undefined) this.follow(model.wordAt(model.indexOf(this.cursor) ?? 0));
        else this.write();
        return true;
      case "escape":
        this.anchor = undefined;
        this.edit = undefined;
        return true;
      case "erase":
        if (this.edit === undefined) this.actOnByte("back");
        else this.setEdit(this.edit.shortened());
        return true;
      case "back":
      case "forward":
        this.actOnByte(key.kind);
        return true;
      case "copy":
        this.copy(model);
        return true;
      default:
        this.move(key, model, selecting);
        return true;
    }
  }

  private move(key: HexMove, model: HexModel, selecting: boolean): void {
    const { columns, mapping } = model.data;
    const width = BigInt(columns);
    const row = this.cursor - (this.cursor % width);
    this.edit = undefined;
    switch (key.kind) {
      case "move":
        this.moveTo(this.cursor + key.by, selecting);
        break;
      case "page":
        this.page(key.by * model.rows, columns);
        break;
      case "row":
        this.moveTo(key.end ? row + width - 1n : row, selecting);
        break;
      case "mapping":
        if (mapping !== undefined) this.go(toWire(key.end ? mapping.to - 1n : mapping.from));
        break;
    }
  }

  private page(rows: number, columns: number): void {
    const by = BigInt(rows * columns);
    this.cursor = this.cursor + by < 0n || this.cursor + by > LAST_ADDRESS ? this.cursor : this.cursor + by;
    this.anchor = undefined;
    this.scrollRows(rows);
  }

  private go(place: string): void {
    if (place.trim() !== "") this.act({ action: "go", target: place, arguments: { at: toWire(this.cursor) } });
  }

  private follow(index: number): void {
    const { model } = this;
    if (model !== undefined) this.act({ action: "follow", target: toWire(model.addressOf(index)) });
  }

  private type(digit: string): boolean {
    if (this.can("write") === undefined) return false;
    this.setEdit((this.edit ?? new Edit(this.cursor, "")).typed(digit));
    return true;
  }

  /** The cursor is where the next digit goes. */
  private setEdit(edit: Edit | undefined): void {
    this.cursor = edit === undefined ? (this.edit?.at ?? this.cursor) : edit.at + BigInt(edit.digits.length >> 1);
    this.edit = edit;
    this.anchor = undefined;
  }

  private write(): void {
    if (this.edit?.isWhole !== true) return;
    this.act({ action: "write", target: toWire(this.edit.at), arguments: { bytes: this.edit.digits } });
    this.edit = undefined;
  }

  private get chosen(): AddressRange {
    return AddressRange.between(this.anchor ?? this.cursor, this.cursor);
  }

  private copy(model: HexModel): void {
    const { from, to } = this.chosen;
    const first = model.indexOf(from) ?? 0;
    const last = model.indexOf(to - 1n) ?? model.data.bytes.length - 1;
    const count = last - first + 1;
    this.copyText(model.copied(first, last), count === 1 ? "The byte" : `${count} bytes`);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === undefined) return nothing;
    const index = model.indexOf(this.cursor);
    const { why, note } = model.data;
    return html`
      ${this.renderBar(model)}
      ${
        this.edit === undefined
          ? nothing
          : confirmation(this.edit, model.data.program, {
              write: () => this.write(),
              discard: () => (this.edit = undefined),
            })
      }
      <div class="views" @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}>
        <div
          class="room"
          @wheel=${(event: WheelEvent) => this.onWheel(event)}
          @pointerdown=${(event: PointerEvent) => this.onPointer(event)}
          @pointermove=${(event: PointerEvent) => this.onPointer(event)}
          @contextmenu=${(event: MouseEvent) => this.openMenu(event, event.target)}
          @dblclick=${(event: MouseEvent) => this.onDoubleClick(event)}
        >
          ${grid(model, this.look(model, index), this.frame?.title ?? "Memory")}
        </div>
        ${panel(model, index, (at) => this.follow(at))}
      </div>
      <div class="status" role="status">${index === undefined ? "" : model.sentence(index)}</div>
      ${why === "" ? nothing : html`<p class="why">${"··"}: ${why}</p>`}
      ${note === "" ? nothing : html`<p class="why" role="status">${note}</p>`} ${legend(model, this.shade)}
    `;
  }

  private look(model: HexModel, cursor: number | undefined): GridLook {
    const { from, to } = this.chosen;
    const chosen =
      this.anchor === undefined
        ? undefined
        : { first: Number(from - model.data.from), last: Number(to - 1n - model.data.from) };
    return { cursor, chosen, edit: this.edit, shade: this.shade };
  }

  private renderBar(model: HexModel): TemplateResult {
    const others = (this.frame?.actions ?? []).filter(({ id, on }) => on === "byte" && !OWN_ACTIONS.has(id));
    return html`<div class="bar">
      <button
        aria-label="Back"
        title="Back (Alt+←)"
        ?disabled=${!this.can("back")}
        @click=${() => this.actOnByte("back")}
      >
        ←
      </button>
      <button
        aria-label="Forward"
        title="Forward (Alt+→)"
        ?disabled=${!this.can("forward")}
        @click=${() => this.actOnByte("forward")}
      >
        →
      </button>
      <input
        class="go"
        aria-label="Go to an address"
        placeholder="0x…, +16"
        title="Go to (Ctrl+G)"
        spellcheck="false"
        @keydown=${(event: KeyboardEvent) => onField(this.renderRoot, event, (text) => this.go(text))}
      />
      ${
        this.can("search") === undefined
          ? nothing
          : html`<input
              class="search"
              aria-label="Search bytes or text"
              placeholder='7f 45 or "text"'
              title="Search from the cursor on (Ctrl+F)"
              spellcheck="false"
              @keydown=${(event: KeyboardEvent) => onField(this.renderRoot, event, (text) => this.actOnByte("search", { text }))}
            />`
      }
      ${others.map(({ id, title }) => html`<button @click=${() => this.actOnByte(id)}>${title}</button>`)}
      <button class="quiet" title="Copy what is selected as hex (Ctrl+C)" @click=${() => this.copy(model)}>Copy</button>
    </div>`;
  }
}
registerRenderer("hex", "heapatlas-hex");
