import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markdownOf } from "../widgets/document-markdown.ts";
import { parseFrame } from "../widgets/protocol.ts";
import { report } from "./sample-report.ts";

describe("a document as Markdown", () => {
  it("has its headings below the title, its stacks as code and its facts as a list", () => {
    const frame = parseFrame(report());
    assert.ok(frame.widget === "document" && frame.data);
    const text = markdownOf(frame.title, frame.data);
    assert.match(text, /^# Report\n\n## double-free of 0x55d0c2a10480/);
    assert.match(text, /\n- \*\*When\*\*: 12\.504118 s\n/);
    assert.match(text, /\n```\n#0 SessionCache::drop\\?_idle/);
    assert.match(text, /\n### What can be done\n\n#### Go to the release\n/);
  });

  it("keeps as text what would be markup", () => {
    const text = markdownOf("a", {
      blocks: [
        { kind: "paragraph", text: "*b* [c](d) <e> `f`\n- g\n1. h" },
        { kind: "code", text: "```" },
      ],
    });
    assert.equal(text, "# a\n\n\\*b\\* \\[c\\](d) \\<e\\> \\`f\\`\n\\- g\n\\1. h\n\n````\n```\n````\n");
  });
});
