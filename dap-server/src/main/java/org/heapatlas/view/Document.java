package org.heapatlas.view;

import java.util.List;

/** A text to be read in order. It has no markup: what a block is says how it is drawn. */
public record Document(List<Block> blocks) implements WidgetData {
  /** {@code kind} says which of the other fields it has; the rest are null. */
  public record Block(
      String kind,
      String text,
      Integer level,
      List<HeatMap.Fact> facts,
      List<Table.StackLine> stack,
      List<Link> links) {
    /** {@code level} begins at 1, below the frame's title. */
    public static Block heading(int level, String text) {
      return new Block("heading", text, level, null, null, null);
    }

    public static Block paragraph(String text) {
      return new Block("paragraph", text, null, null, null, null);
    }

    public static Block code(String text) {
      return new Block("code", text, null, null, null, null);
    }

    public static Block facts(List<HeatMap.Fact> facts) {
      return new Block("facts", null, null, facts, null, null);
    }

    public static Block stack(List<Table.StackLine> stack) {
      return new Block("stack", null, null, null, stack, null);
    }

    public static Block links(List<Link> links) {
      return new Block("links", null, null, null, null, links);
    }
  }

  /** Asks for an action of the view; {@code text} says more of it, such as its risk. */
  public record Link(String title, String text, String action, String target) {}
}
