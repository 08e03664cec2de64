// The table: virtual rows of a window that the server sends, sorted and filtered there. Main entry: <heapatlas-table>,
// registered for 'table'. Set up by widget-host.ts. Must hold: only rows in sight are in the document, however many the
// table has.
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { isMenuKey } from "./context-menu.ts";
import { formatExactly, formatCount } from "./format.ts";
import type { Cell, FrameOf, TableColumn, TableData, TableRow } from "./protocol.ts";
import { queryField } from "./query-field.ts";
import { registerRenderer } from "./registry.ts";
import { sourceLink, stackLines, stackStyle } from "./stack-lines.ts";
import { sparkBars, sparkBarStyle } from "./spark-bars.ts";
import {
  barShare,
  cellText,
  columnPeaks,
  filterWords,
  gridColumns,
  isNumeric,
  rowText,
  tableCsv,
  windowFor,
} from "./table-model.ts";
import { tableStyle } from "./table-style.ts";
import { tokens } from "./theme.ts";
import { ExportEvent, WidgetElement } from "./widget-element.ts";

const ROW_HEIGHT = 29;
const FILTER_DELAY = 200;

@customElement("heapatlas-table")
export class TableElement extends WidgetElement<"table"> {
  static override styles = [tokens, stackStyle, tableStyle, sparkBarStyle];

  @state() private expanded: ReadonlySet<string> = new Set();
  @state() private focused = 0;
  @query(".scroll") private scroller!: HTMLElement | null;
  @query("input") private filterBox!: HTMLInputElement | null;

  private virtual: Virtualizer<HTMLElement, HTMLElement> | undefined;
  private unmount: (() => void) | undefined;
  private asked = "";
  private place = "";
  private filterTimer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.filterTimer);
    this.unmount?.();
    this.unmount = undefined;
    this.virtual = undefined;
  }

  /** Puts the cursor into the filter box. */
  focusFilter(): void {
    this.filterBox?.focus();
  }

  override asText(): string {
    return this.data === undefined ? "" : tableCsv(this.data);
  }

  private get data(): TableData | undefined {
    return this.frame?.data;
  }

  /** Another place of the view, such as what lies behind a row, begins at its top. */
  protected override willUpdate(): void {
    const place = this.frame?.breadcrumbs.map(({ target }) => target).join(" ") ?? "";
    if (place === this.place) return;
    this.place = place;
    this.expanded = new Set();
    this.focused = 0;
    if (this.filterBox !== null) this.filterBox.value = "";
    if (this.scroller !== null) this.scroller.scrollTop = 0;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.virtual === undefined && this.scroller !== null) {
      this.virtual = new Virtualizer(this.virtualOptions());
      this.unmount = this.virtual._didMount();
      this.virtual._willUpdate();
      this.requestUpdate();
      return;
    }
    if (changed.has("frame")) {
      this.asked = "";
      this.revealSelected(changed.get("frame") as FrameOf<"table"> | undefined);
    }
    this.askForWindow();
  }

  /** Once, when it is asked for while the table stands there: a new page begins at its top. */
  private revealSelected(before: FrameOf<"table"> | undefined): void {
    const { site = "", reveal = 0 } = this.frame?.selection ?? {};
    const last = before?.selection;
    if (before === undefined || reveal === 0 || (last?.site === site && last.reveal > 0)) return;
    const opened = [...this.expanded].filter((row) => last === undefined || last.reveal === 0 || row !== last.site);
    this.expanded = new Set([...opened, site]);
    this.focused = reveal - 1;
    this.virtual?.scrollToIndex(reveal - 1, { align: "start" });
    void this.comeIntoSight();
  }

  /** The table grows with what opens in it, which is measured a frame later. */
  private async comeIntoSight(): Promise<void> {
    await this.updateComplete;
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    this.scrollIntoView({ block: "nearest" });
  }

  private virtualOptions(): Virtualizer<HTMLElement, HTMLElement>["options"] {
    const previous = this.virtual?.options;
    return {
      ...previous,
      count: this.data?.total ?? 0,
      getScrollElement: () => this.scroller,
      estimateSize: () => ROW_HEIGHT,
      getItemKey: (index: number) => this.rowAt(index)?.id ?? index,
      overscan: 8,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.requestUpdate(),
    } as Virtualizer<HTMLElement, HTMLElement>["options"];
  }

  private rowAt(index: number): TableRow | undefined {
    return this.data === undefined ? undefined : this.data.rows[index - this.data.offset];
  }

  private askForWindow(): void {
    const items = this.virtual?.getVirtualItems() ?? [];
    const [first, last] = [items[0], items.at(-1)];
    if (this.data === undefined || first === undefined || last === undefined) return;
    const window = windowFor(this.data, first.index, last.index);
    const key = JSON.stringify(window);
    if (window === undefined || key === this.asked) return;
    this.asked = key;
    this.act({ action: "window", arguments: { ...window } });
  }

  private sortBy(column: TableColumn): void {
    const { data } = this;
    // Figures are looked at from the largest, words from the first letter.
    const descending = data?.sort === column.id ? !data.descending : isNumeric(column);
    this.act({ action: "sort", target: column.id, arguments: { column: column.id, descending } });
  }

  private filter(text: string): void {
    clearTimeout(this.filterTimer);
    this.filterTimer = setTimeout(() => this.act({ action: "filter", arguments: { text } }), FILTER_DELAY);
  }

  /** Rows lead further where the frame says so. */
  private get leadsFurther(): boolean {
    return this.frame?.actions.some(({ id, on }) => id === "drill" && on === "row") ?? false;
  }

  private open(row: TableRow): void {
    if (this.leadsFurther) this.act({ action: "drill", target: row.id });
    else this.toggle(row);
  }

  private toggle(row: TableRow): void {
    const expanded = new Set(this.expanded);
    if (!expanded.delete(row.id)) expanded.add(row.id);
    this.expanded = expanded;
  }

  private openMenu(event: Event, row: TableRow, x: number, y: number): void {
    const { detail } = row;
    const text = row.cells[0]?.text ?? "";
    const what = filterWords(text);
    const line = detail.find(({ path }) => path !== "");
    this.menu(event, {
      on: "row",
      x,
      y,
      act: (action) => ({ action, target: row.id }),
      more: [
        ...(what === "" || !this.offers("filter")
          ? []
          : [{ title: `Filter by ‘${what}’`, run: () => this.filterBy(what) }]),
        ...(line === undefined ? [] : [{ title: "Open Source", run: () => this.openSource(line.path, line.line) }]),
        { title: "Copy Row", run: () => this.copyText(rowText(row, this.data), "The row") },
      ],
    });
  }

  private offers(action: string): boolean {
    return this.frame?.actions.some(({ id, on }) => id === action && on === "frame") ?? false;
  }

  private filterBy(text: string): void {
    if (this.filterBox !== null) this.filterBox.value = text;
    this.act({ action: "filter", arguments: { text } });
  }

  private onMenuKey(event: KeyboardEvent): void {
    const row = this.rowAt(this.focused);
    const box = this.renderRoot.querySelector(`[data-index="${this.focused}"]`)?.getBoundingClientRect();
    if (row !== undefined && box !== undefined) this.openMenu(event, row, box.left + 24, box.top + ROW_HEIGHT);
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.target instanceof HTMLButtonElement) return;
    if (isMenuKey(event)) {
      this.onMenuKey(event);
      return;
    }
    const total = this.data?.total ?? 0;
    const page = Math.max(1, Math.floor((this.scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -total,
      End: total,
    };
    const step = steps[event.key];
    const row = this.rowAt(this.focused);
    if (step !== undefined) this.focusRow(Math.min(Math.max(0, this.focused + step), total - 1));
    else if ((event.key === "Enter" || event.key === " ") && row !== undefined) this.open(row);
    else if (event.key === "Backspace" && event.target !== this.filterBox) this.goBack();
    else if (event.key === "ArrowRight" && row !== undefined && !this.expanded.has(row.id)) this.toggle(row);
    else if (event.key === "ArrowLeft" && row !== undefined && this.expanded.has(row.id)) this.toggle(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the breadcrumb before the last. */
  private goBack(): void {
    const before = this.frame?.breadcrumbs.at(-2);
    if (before !== undefined) this.act({ action: "back", target: before.target });
  }

  private focusRow(index: number): void {
    this.focused = index;
    this.virtual?.scrollToIndex(index);
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { data } = this;
    if (data === undefined) return nothing;
    this.virtual?.setOptions(this.virtualOptions());
    const columns = gridColumns(data.columns);
    const filterTitle = this.frame?.actions.find(({ id }) => id === "filter")?.title ?? "Filter";
    return html`
      ${this.offers("query") ? this.renderQuery(data.query) : nothing}
      <div class="bar">
        <input
          type="search"
          placeholder=${filterTitle}
          aria-label=${filterTitle}
          @input=${(event: InputEvent) => this.filter((event.target as HTMLInputElement).value)}
        />
        <span class="count" role="status">${formatCount(data.total)} ${data.total === 1 ? "row" : "rows"}</span>
      </div>
      <div class="scroll" @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}>
        <div class="table" role="treegrid" aria-rowcount=${data.total + 1} aria-label=${this.frame?.title ?? "Table"}>
          <div class="head" role="row" aria-rowindex="1" style=${styleMap({ gridTemplateColumns: columns })}>
            ${data.columns.map((column) => this.renderHead(column, data))}
          </div>
          ${data.total === 0 ? html`<div class="nothing">${this.frame?.empty || "No row matches."}</div>` : this.renderBody(data, columns)}
        </div>
      </div>
    `;
  }

  private renderQuery(sql: string): TemplateResult {
    const exported = this.exports && sql !== "" ? () => this.dispatchEvent(new ExportEvent(sql)) : undefined;
    return queryField(sql, (wanted) => this.act({ action: "query", arguments: { sql: wanted } }), exported);
  }

  private renderHead(column: TableColumn, data: TableData): TemplateResult {
    const sorted = data.sort === column.id;
    const order = sorted ? (data.descending ? "descending" : "ascending") : "none";
    const arrow = sorted ? (data.descending ? " ▾" : " ▴") : "";
    return html`<button
      role="columnheader"
      class="${isNumeric(column) ? "number" : ""} ${sorted ? "sorted" : ""}"
      aria-sort=${order}
      ?disabled=${!column.sortable}
      title=${column.sortable ? `${column.title}: sort` : column.title}
      @click=${() => this.sortBy(column)}
    >
      ${column.title}${arrow}
    </button>`;
  }

  private renderBody(data: TableData, columns: string): TemplateResult {
    const peaks = columnPeaks(data);
    const items = this.virtual?.getVirtualItems() ?? [];
    const width = this.scroller?.clientWidth ?? 0;
    return html`<div
      class="body"
      role="rowgroup"
      style=${styleMap({ height: `${this.virtual?.getTotalSize() ?? 0}px`, "--table-width": `${width}px` })}
    >
      ${repeat(
        items,
        (item) => item.key,
        (item) => this.renderRow(item.index, item.start, data, columns, peaks),
      )}
    </div>`;
  }

  private renderRow(
    index: number,
    top: number,
    data: TableData,
    columns: string,
    peaks: readonly number[],
  ): TemplateResult {
    const row = this.rowAt(index);
    const open = row !== undefined && this.expanded.has(row.id);
    const selected = row !== undefined && row.id !== "" && row.id === this.frame?.selection?.site;
    return html`<div
      class="row ${selected ? "selected" : ""} ${row?.muted === true ? "muted" : ""}"
      role="row"
      tabindex=${index === this.focused ? 0 : -1}
      data-index=${index}
      aria-rowindex=${index + 2}
      aria-expanded=${this.leadsFurther ? nothing : open}
      style=${styleMap({ transform: `translateY(${top}px)` })}
      @focus=${() => (this.focused = index)}
      @contextmenu=${(event: MouseEvent) => row !== undefined && this.openMenu(event, row, event.clientX, event.clientY)}
      ${ref((element) => element instanceof HTMLElement && this.virtual?.measureElement(element))}
    >
      <div
        class="cells"
        style=${styleMap({ gridTemplateColumns: columns })}
        @click=${() => row !== undefined && this.open(row)}
      >
        ${data.columns.map((column, at) => this.renderCell(row?.cells[at], column, peaks[at] ?? 0, at === 0 ? row : undefined))}
      </div>
      ${open ? html`${this.renderActions(row)}${stackLines(this, row.detail)}` : nothing}
    </div>`;
  }

  /** What can be done with a row, where that is more than to look into it. */
  private renderActions(row: TableRow): TemplateResult | typeof nothing {
    const actions = this.frame?.actions.filter(({ id, on }) => on === "row" && id !== "drill") ?? [];
    if (actions.length === 0) return nothing;
    return html`<div class="actions">
      ${actions.map(
        ({ id, title }) => html`<button @click=${() => this.act({ action: id, target: row.id })}>${title}</button>`,
      )}
    </div>`;
  }

  private twist(row: TableRow): string {
    if (this.leadsFurther) return "›";
    if (row.detail.length === 0) return "";
    return this.expanded.has(row.id) ? "▾" : "▸";
  }

  private renderCell(
    cell: Cell | undefined,
    column: TableColumn,
    peak: number,
    first: TableRow | undefined,
  ): TemplateResult {
    if (cell === undefined) return html`<div class="cell" role="gridcell"><div class="waiting"></div></div>`;
    const text = cellText(cell, column);
    const exact = cell.number === undefined ? text : formatExactly(cell.number, column.unit);
    const title = cell.path === "" ? exact : `${text}\n${cell.path}:${cell.line}`;
    const twist = first === undefined ? nothing : this.twist(first);
    const source = cell.path !== "" && cell.text === "";
    return html`<div class="cell ${isNumeric(column) ? "number" : ""}" role="gridcell" title=${title}>
      ${column.bar ? html`<span class="fill" style=${styleMap({ width: `${barShare(cell, peak) * 100}%` })}></span>` : nothing}
      ${first === undefined ? nothing : html`<span class="twist" aria-hidden="true">${twist}</span>`}
      ${
        cell.spark.length > 0
          ? html`${sparkBars(cell.spark)}<span class="visually-hidden">${text}</span>`
          : source
            ? sourceLink(this, cell.path, cell.line, -1)
            : html`<span class="text">${text}</span>`
      }
    </div>`;
  }
}
registerRenderer("table", "heapatlas-table");
