// What the extension's host and a webview of it say to each other. A webview has slots, each with one view in it.
import type { Act, Parameter } from "../widgets/protocol.ts";

/** How a slot's view is shown: in a box with a head, as cards, or alone. */
export type SlotStyle = "framed" | "bare" | "plain";

export type ToWebview =
  /** Which view is in a slot from now on; what was in it shows until its first frame, unless that is of another session. */
  | {
      readonly kind: "view";
      readonly slot: number;
      /** What the webview is made of again when the window is reloaded; empty: nothing. */
      readonly restored: string;
      readonly title: string;
      readonly ofOther: boolean;
      readonly style: SlotStyle;
      readonly parameters: readonly Parameter[];
      /** What was chosen for a parameter. */
      readonly chosen: Readonly<Record<string, string>>;
    }
  /** A slot's view may be opened with other values by now: processes begin and end. */
  | { readonly kind: "parameters"; readonly slot: number; readonly parameters: readonly Parameter[] }
  | { readonly kind: "opened"; readonly slot: number; readonly frame: unknown }
  | { readonly kind: "pushed"; readonly slot: number; readonly body: unknown }
  | { readonly kind: "failed"; readonly slot: number; readonly text: string }
  /** What stands above the views; empty: nothing. What they show is old as long as it does. */
  | { readonly kind: "banner"; readonly text: string }
  /** Instead of views, where there is no session. */
  | { readonly kind: "welcome"; readonly title: string; readonly text: string; readonly restored: string };

export type FromWebview =
  /** It can take messages; the room of a view in it, in CSS pixels. */
  | { readonly kind: "ready"; readonly width: number; readonly height: number }
  /** show: the id of the view that is to be brought into sight once it was done; empty: none. */
  | { readonly kind: "act"; readonly slot: number; readonly act: Act; readonly show: string }
  /** A delta came without its base. */
  | { readonly kind: "reopen" }
  | { readonly kind: "choose"; readonly parameter: string; readonly value: string }
  /** Memory was selected; its end is outside. */
  | { readonly kind: "selected"; readonly from: string; readonly to: string }
  /** Memory is to be watched; its end is outside. */
  | { readonly kind: "watch"; readonly from: string; readonly to: string }
  /** All rows of a query are to be written into a file. */
  | { readonly kind: "export"; readonly sql: string }
  | { readonly kind: "source"; readonly path: string; readonly line: number }
  | { readonly kind: "notice"; readonly text: string }
  /** What the browser did not let be copied: text for the editor's clipboard, a picture in base64 for a file. */
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  | { readonly kind: "save"; readonly name: string; readonly base64: string };
