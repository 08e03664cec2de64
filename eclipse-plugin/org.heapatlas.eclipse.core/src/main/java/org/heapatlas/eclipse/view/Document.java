package org.heapatlas.eclipse.view;

import java.util.List;

/**
 * A text to be read in order. It has no markup: each block is drawn by its kind, and text as it
 * stands.
 */
public record Document(List<Block> blocks) implements WidgetData {
  /** More than anybody reads. */
  private static final int MAX_BLOCKS = 2000;

  private static final int DEEPEST = 3;

  public sealed interface Block permits Heading, Paragraph, Code, Facts, Stack, Links {}

  /**
   * @param level from 1, below the frame's title, to 3
   */
  public record Heading(int level, String text) implements Block {}

  public record Paragraph(String text) implements Block {}

  public record Code(String text) implements Block {}

  public record Facts(List<Fact> facts) implements Block {}

  public record Stack(List<StackLine> stack) implements Block {}

  public record Links(List<Link> links) implements Block {}

  /** Asks for one of the frame's actions; text says more of it, such as its risk. */
  public record Link(String title, String text, String action, String target) {}

  static Document read(Json data) {
    var blocks = data.list("blocks", Document::readBlock);
    if (blocks.size() > MAX_BLOCKS) {
      throw data.unfit("blocks", "at most " + MAX_BLOCKS + " blocks", blocks.size());
    }
    return new Document(blocks);
  }

  private static Block readBlock(Json block) {
    var kind = block.string("kind");
    return switch (kind) {
      case "heading" ->
          new Heading(Math.clamp(block.integer("level"), 1, DEEPEST), block.string("text"));
      case "paragraph" -> new Paragraph(block.string("text"));
      case "code" -> new Code(block.string("text"));
      case "facts" -> new Facts(block.list("facts", Fact::read));
      case "stack" -> new Stack(block.list("stack", StackLine::read));
      case "links" ->
          new Links(
              block.list(
                  "links",
                  l ->
                      new Link(
                          l.string("title"),
                          l.string("text"),
                          l.string("action"),
                          l.string("target"))));
      default -> throw block.unfit("kind", "heading, paragraph, code, facts, stack or links", kind);
    };
  }
}
