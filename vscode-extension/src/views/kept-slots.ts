// What each slot of a webview shows, kept by the host: a webview that was hidden has forgotten it, and a session that has
// ended cannot be asked again. Main entry: KeptSlots. Pure. Must hold: as the webview does, it leaves out frames that come
// without their base.
import { Frames } from "../../client/frames.ts";
import { parseFrame, parsePushed } from "../../widgets/protocol.ts";
import type { ToWebview } from "../../webview/messages.ts";

type View = ToWebview & { readonly kind: "view" };

interface Kept {
  readonly view: View;
  readonly frames: Frames;
}

export class KeptSlots {
  private readonly slots = new Map<number, Kept>();

  /** Whether any frame has come. */
  get any(): boolean {
    return [...this.slots.values()].some(({ frames }) => frames.raw !== undefined);
  }

  /** How the program ended, as the frames say it; empty where they do not. */
  get end(): string {
    for (const { frames } of this.slots.values()) {
      try {
        const end = frames.raw === undefined ? undefined : parseFrame(frames.raw).time?.end;
        if (end !== undefined && end !== "") return end;
      } catch {
        // The webview says what is wrong with that frame.
      }
    }
    return "";
  }

  /** Whether a slot was told of these and no other values already. */
  offers(slot: number, parameters: View["parameters"]): boolean {
    return JSON.stringify(this.slots.get(slot)?.view.parameters) === JSON.stringify(parameters);
  }

  /** Listens to what the webview is told. */
  hear(message: ToWebview): void {
    switch (message.kind) {
      case "view":
        // An earlier frame is good until the first one of this opening.
        this.slots.set(message.slot, { view: message, frames: new Frames(this.frameFor(message)) });
        break;
      case "parameters":
        this.change(message.slot, { parameters: message.parameters });
        break;
      case "opened":
        this.slots.get(message.slot)?.frames.open(message.frame);
        break;
      case "pushed":
        this.slots.get(message.slot)?.frames.push(parsePushed(message.body));
        break;
      case "failed":
      case "banner":
        break;
      case "welcome":
        this.slots.clear();
        break;
    }
  }

  /** What brings a webview that knows nothing to where it was. */
  messages(): readonly ToWebview[] {
    const kept = [...this.slots.entries()].filter(([, { frames }]) => frames.raw !== undefined);
    return kept.flatMap(([slot, { view, frames }]): ToWebview[] => [
      { ...view, ofOther: true },
      { kind: "opened", slot, frame: frames.raw },
    ]);
  }

  private change(slot: number, change: Partial<View>): void {
    const kept = this.slots.get(slot);
    if (kept !== undefined) this.slots.set(slot, { ...kept, view: { ...kept.view, ...change } });
  }

  private frameFor({ slot, ofOther }: View): unknown {
    return ofOther ? undefined : this.slots.get(slot)?.frames.raw;
  }
}
