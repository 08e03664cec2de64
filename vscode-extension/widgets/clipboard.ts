// What is copied of any widget, once for all kinds. Main entries: copyText, copyPicture. Called by widget-host.ts. Where the
// browser does not let something be copied, whoever hosts the widgets is asked to keep it (KeepEvent); a page that nobody
// hosts stores a picture as a file.
import { reason } from "./reason.ts";
import { KeepEvent, NoticeEvent } from "./widget-element.ts";

/** Copies text and says so, or says why not. */
export async function copyText(from: EventTarget, text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(from, `${what} copied.`);
  } catch (cause) {
    if (from.dispatchEvent(new KeepEvent({ kind: "text", text, what })))
      say(from, `The browser did not let ${what} be copied (${reason(cause)}); allow clipboard access for this page.`);
  }
}

/** The promise goes to the clipboard as it is: a browser lets nothing be copied long after the press. */
export async function copyPicture(from: EventTarget, picture: Promise<Blob>, title: string): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    say(from, `The picture of ${title} copied.`);
  } catch {
    await keepPicture(from, picture, title);
  }
}

async function keepPicture(from: EventTarget, picture: Promise<Blob>, title: string): Promise<void> {
  try {
    const blob = await picture;
    const name = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "view"}.png`;
    if (!from.dispatchEvent(new KeepEvent({ kind: "picture", blob, name }))) return;
    store(blob, name);
    say(from, `The browser did not let the picture be copied; it is stored as ${name}.`);
  } catch (cause) {
    say(from, `The picture of ${title} could not be made: ${reason(cause)}.`);
  }
}

function store(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function say(from: EventTarget, sentence: string): void {
  from.dispatchEvent(new NoticeEvent(sentence));
}
