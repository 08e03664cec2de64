package org.heapatlas.eclipse.ui.widgets;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Document;
import org.heapatlas.eclipse.view.Document.Block;
import org.heapatlas.eclipse.view.StackLine;

/**
 * A document as Markdown, for an issue or a message. What stands in a text stays text: markup in it
 * is escaped. Pure.
 */
public final class DocumentMarkdown {
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]<>#|~]");
  private static final Pattern LISTED = Pattern.compile("(?m)^(\\s*)([-+]|\\d+\\.)(?=\\s)");
  private static final Pattern TICKS = Pattern.compile("`+");

  private DocumentMarkdown() {}

  public static String of(String title, Document data) {
    return Stream.concat(
                Stream.of("# " + escaped(title)),
                data.blocks().stream().map(DocumentMarkdown::text))
            .collect(Collectors.joining("\n\n"))
        + "\n";
  }

  private static String text(Block block) {
    return switch (block) {
      case Document.Heading heading ->
          "#".repeat(heading.level() + 1) + " " + escaped(heading.text());
      case Document.Paragraph paragraph -> escaped(paragraph.text());
      case Document.Code code -> fenced(code.text());
      case Document.Facts facts ->
          facts.facts().stream()
              .map(fact -> "- **" + escaped(fact.title()) + "**: " + escaped(fact.text()))
              .collect(Collectors.joining("\n"));
      case Document.Stack stack -> fenced(StackLine.textOf(stack.stack()));
      case Document.Links links ->
          links.links().stream()
              .map(
                  link ->
                      "- "
                          + escaped(link.title())
                          + (link.text().isEmpty() ? "" : ": " + escaped(link.text())))
              .collect(Collectors.joining("\n"));
    };
  }

  /** The fence is longer than any that is in the text. */
  private static String fenced(String text) {
    int longest =
        TICKS.matcher(text).results().mapToInt(run -> run.group().length()).max().orElse(0);
    var fence = "`".repeat(Math.max(2, longest) + 1);
    return fence + "\n" + text + "\n" + fence;
  }

  private static String escaped(String text) {
    var plain = MARKUP.matcher(text).replaceAll("\\\\$0");
    return LISTED.matcher(plain).replaceAll("$1\\\\$2");
  }
}
