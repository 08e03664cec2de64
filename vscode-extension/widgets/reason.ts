// What went wrong, in words, of whatever was thrown. Main entry: reason.

export function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
