// The menu of what lies under the pointer or the cursor: a tile, a row, a node, a byte. Main entries: MenuEvent, which a
// widget dispatches, and <heapatlas-context-menu>, which widget-host.ts sets up. What it offers is what the frame's actions
// say of that kind of thing, and what the widget adds by its own means. It knows no widget kind.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Act, FrameAction } from "./protocol.ts";
import { tokens } from "./theme.ts";

export interface MenuItem {
  readonly title: string;
  run(): void;
}

export interface Menu {
  /** What the frame calls the kind of thing that it is about. */
  readonly on: string;
  /** Where it opens, in the window. */
  readonly x: number;
  readonly y: number;
  /** The act of an action of the frame on that thing. */
  act(action: string): Act;
  readonly more: readonly MenuItem[];
  /** Where it is about bytes, which could be watched; their end is outside. */
  readonly memory?: { readonly from: string; readonly to: string } | undefined;
}

/** Whoever shows the menu prevents the browser's own. */
export class MenuEvent extends CustomEvent<Menu> {
  static readonly type = "heapatlas-menu";
  constructor(menu: Menu) {
    super(MenuEvent.type, { detail: menu, bubbles: true, composed: true, cancelable: true });
  }
}

/** These want more than the thing that they are about: a text, a number of rows. */
const WITH_DETAILS: ReadonlySet<string> = new Set(["go", "show", "scroll", "window", "search", "write"]);

/** Of a table's row the actions want nothing else than the row. */
export function menuActions(actions: readonly FrameAction[], on: string): readonly FrameAction[] {
  return actions.filter((action) => action.on === on && (on === "row" || !WITH_DETAILS.has(action.id)));
}

/** Asked for with the keyboard, in which case it is about what has the cursor. */
export function isMenuKey({ key, shiftKey }: KeyboardEvent): boolean {
  return key === "ContextMenu" || (key === "F10" && shiftKey);
}

@customElement("heapatlas-context-menu")
export class ContextMenu extends LitElement {
  static override styles = [
    tokens,
    css`
      [role="menu"] {
        position: fixed;
        z-index: 20;
        min-width: 160px;
        max-width: min(340px, 96vw);
        padding: 4px;
        border: 1px solid var(--ha-border);
        border-radius: 6px;
        background: var(--ha-float);
        box-shadow: 0 4px 14px rgb(0 0 0 / 25%);
      }
      button {
        display: block;
        width: 100%;
        overflow: hidden;
        border-color: transparent;
        background: none;
        text-align: left;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button:focus {
        background: var(--ha-accent-soft);
        outline: 1px solid var(--ha-accent);
        outline-offset: -1px;
      }
    `,
  ];

  @state() private items: readonly MenuItem[] = [];
  @state() private place = { x: 0, y: 0 };
  private focusedBefore: HTMLElement | undefined;
  private readonly onElsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.close(false);
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close(false);
  }

  open({ x, y }: Menu, items: readonly MenuItem[]): void {
    this.focusedBefore = focused();
    this.place = { x, y };
    this.items = items;
    addEventListener("pointerdown", this.onElsewhere, true);
    addEventListener("blur", this.onElsewhere);
    void this.updateComplete.then(() => this.settle());
  }

  /** Inside the window, with the first of it in focus. */
  private settle(): void {
    const box = this.renderRoot.querySelector("[role=menu]")?.getBoundingClientRect();
    if (box === undefined) return;
    const x = Math.max(0, Math.min(this.place.x, innerWidth - box.width - 4));
    const y = Math.max(0, Math.min(this.place.y, innerHeight - box.height - 4));
    this.place = { x, y };
    this.focusItem(0);
  }

  private close(back = true): void {
    removeEventListener("pointerdown", this.onElsewhere, true);
    removeEventListener("blur", this.onElsewhere);
    if (this.items.length > 0) this.items = [];
    if (back) this.focusedBefore?.focus({ preventScroll: true });
  }

  private get buttons(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("button")];
  }

  private focusItem(index: number): void {
    const { buttons } = this;
    buttons[(index + buttons.length) % Math.max(1, buttons.length)]?.focus({ preventScroll: true });
  }

  private onKeyDown(event: KeyboardEvent): void {
    const at = this.buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const step = steps[event.key];
    if (step !== undefined) this.focusItem(step);
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (event.key === "Enter" || event.key === " ") this.buttons[at]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(item: MenuItem): void {
    this.close();
    item.run();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.items.length === 0) return nothing;
    const { x, y } = this.place;
    return html`<div
      role="menu"
      aria-label="What can be done here"
      style=${styleMap({ left: `${x}px`, top: `${y}px` })}
      @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${this.items.map(
        (item) => html`<button role="menuitem" tabindex="-1" @click=${() => this.choose(item)}>${item.title}</button>`,
      )}
    </div>`;
  }
}

function focused(): HTMLElement | undefined {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : undefined;
}
