// The document's data, typed and checked where it enters. Main entry: parseDocument. Called by protocol.ts; the types are
// read by the document. Its texts are drawn as they stand: there is no markup in them.
import { parseStackLine } from "./frame-data.ts";
import { ContractError, type JsonObject } from "./json.ts";
import type { Fact, StackLine } from "./protocol.ts";

/** Asks for one of the frame's actions. */
export interface Link {
  readonly title: string;
  /** More of it, such as its risk. */
  readonly text: string;
  readonly action: string;
  readonly target: string;
}

export type Block =
  /** `level` begins at 1, below the frame's title. */
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | { readonly kind: "stack"; readonly stack: readonly StackLine[] }
  | { readonly kind: "links"; readonly links: readonly Link[] };

export interface DocumentData {
  readonly blocks: readonly Block[];
}

/** More than anybody reads; a frame over it would only stall the page. */
const MAX_BLOCKS = 2000;

export function parseDocument(data: JsonObject): DocumentData {
  const blocks = data.list("blocks", parseBlock);
  if (blocks.length > MAX_BLOCKS) throw new ContractError("data.blocks", `at most ${MAX_BLOCKS} blocks`, blocks);
  return { blocks };
}

function parseBlock(block: JsonObject): Block {
  const kind = block.string("kind");
  switch (kind) {
    case "heading":
      return { kind, level: levelOf(block.number("level")), text: block.string("text") };
    case "paragraph":
    case "code":
      return { kind, text: block.string("text") };
    case "facts":
      return {
        kind,
        facts: block.list("facts", (fact) => ({ title: fact.string("title"), text: fact.string("text") })),
      };
    case "stack":
      return { kind, stack: block.list("stack", parseStackLine) };
    case "links":
      return { kind, links: block.list("links", parseLink) };
    default:
      throw new ContractError("data.blocks.kind", "heading, paragraph, code, facts, stack or links", kind);
  }
}

/** What is deeper is drawn as the deepest. */
function levelOf(level: number): 1 | 2 | 3 {
  return level <= 1 ? 1 : level === 2 ? 2 : 3;
}

function parseLink(link: JsonObject): Link {
  return {
    title: link.string("title"),
    text: link.string("text"),
    action: link.string("action"),
    target: link.string("target"),
  };
}
