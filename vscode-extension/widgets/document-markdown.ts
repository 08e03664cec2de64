// A document as Markdown, for an issue or a message. Main entry: markdownOf. Called by document.ts. Pure; tested without a
// browser. What stands in a text stays text: what Markdown would read as markup is escaped.
import type { Block, DocumentData } from "./document-data.ts";
import { stackText } from "./table-model.ts";

export function markdownOf(title: string, data: DocumentData): string {
  return [`# ${escaped(title)}`, ...data.blocks.map(blockText)].join("\n\n") + "\n";
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level + 1)} ${escaped(block.text)}`;
    case "paragraph":
      return escaped(block.text);
    case "code":
      return fenced(block.text);
    case "facts":
      return block.facts.map(({ title, text }) => `- **${escaped(title)}**: ${escaped(text)}`).join("\n");
    case "stack":
      return fenced(stackText(block.stack));
    case "links":
      return block.links
        .map(({ title, text }) => `- ${escaped(title)}${text === "" ? "" : `: ${escaped(text)}`}`)
        .join("\n");
  }
}

/** The fence is longer than any that is in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, "\\$&").replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, "$1\\$2");
}
