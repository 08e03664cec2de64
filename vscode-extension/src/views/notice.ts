// One sentence about what was just done, for a while in the status bar. Main entry: showNotice.
import * as vscode from "vscode";

const SHOWN_MILLIS = 6000;

export function showNotice(sentence: string): void {
  vscode.window.setStatusBarMessage(sentence, SHOWN_MILLIS);
}
