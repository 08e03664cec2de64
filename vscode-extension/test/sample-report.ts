// A finding's report as a document, for the sample frames. Main entry: report. Called by widget-samples.ts and by the
// contract's tests.

export function report(): object {
  const stack = (...functions: readonly string[]): object[] =>
    functions.map((name, at) => ({
      function: name,
      path: at < 3 ? "/usr/src/cache/session_cache.cc" : "",
      line: at < 3 ? 120 + at * 37 : 0,
      module: at < 3 ? "cache-server" : "/usr/lib/x86_64-linux-gnu/libc.so.6",
    }));
  const heading = (level: number, text: string): object => ({ kind: "heading", level, text });
  return {
    widget: "document",
    title: "Report",
    coverage: { mode: "full", lost: 0, text: "every event since the program started" },
    actions: [{ id: "choose", title: "Show its report", on: "link" }],
    data: {
      blocks: [
        heading(1, "double-free of 0x55d0c2a10480, 40 B, in SessionCache::drop_idle"),
        {
          kind: "facts",
          facts: [
            { title: "Kind", text: "double-free" },
            { title: "Severity", text: "error, confidence 100 %" },
            { title: "When", text: "12.504118 s" },
            { title: "Thread", text: "evict (2744)" },
            { title: "Address", text: "0x55d0c2a10480" },
          ],
        },
        heading(2, "What happened"),
        {
          kind: "paragraph",
          text: "Thread 2744 released 0x55d0c2a10480, which thread 2741 had released 4.1 ms before; <b>nothing</b> lived there.",
        },
        heading(2, "Who did it"),
        {
          kind: "stack",
          stack: stack(
            "SessionCache::drop_idle(std::chrono::seconds)",
            "SessionCache::tick",
            "main",
            "__libc_start_call_main",
          ),
        },
        heading(2, "Who allocated it"),
        { kind: "stack", stack: stack("SessionCache::open(std::string_view)", "Server::accept", "main") },
        heading(2, "What can be done"),
        heading(3, "Go to the release"),
        { kind: "paragraph", text: "Risk: none" },
        { kind: "code", text: "seek 48211" },
        heading(2, "Look further"),
        {
          kind: "links",
          links: [
            { title: "Next finding", text: "invalid-free, at 27.000000 s", action: "choose", target: "3" },
            { title: "History of 0x55d0c2a10480", action: "look", target: "0x55d0c2a10480" },
          ],
        },
      ],
    },
  };
}
