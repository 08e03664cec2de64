package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.Insets;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Document;
import org.heapatlas.eclipse.view.Document.Block;
import org.heapatlas.eclipse.view.Document.Link;
import org.heapatlas.eclipse.view.Frame;

/**
 * The document: headings, paragraphs, facts, call stacks, code and links. Every text is drawn as it
 * stands.
 */
final class DocumentWidget extends Widget<Document> {
  private static final double WIDEST = 860;

  private final VBox article = new VBox();
  private final ScrollPane node = new ScrollPane(article);
  private final Memo memo = new Memo();

  DocumentWidget(WidgetHost host) {
    super(host, Document.class);
    article.setPadding(new Insets(0, 4, 12, 4));
    article.setFillWidth(true);
    node.setFitToWidth(true);
    node.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    node.setMinSize(0, 0);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public String format() {
    return "Markdown";
  }

  @Override
  public String asText() {
    return DocumentMarkdown.of(frame().title(), data());
  }

  @Override
  protected void update(Frame before) {
    if (before != null && !before.place().equals(frame().place())) node.setVvalue(0);
    node.setAccessibleText(frame().title());
    if (!memo.changed(data(), theme())) return;
    article.getChildren().clear();
    for (var block : data().blocks()) {
      var drawn = draw(block);
      if (drawn instanceof Region region) region.setMaxWidth(WIDEST);
      article.getChildren().add(drawn);
    }
  }

  private Node draw(Block block) {
    return switch (block) {
      case Document.Heading heading -> heading(heading);
      case Document.Paragraph paragraph -> spaced(Parts.wrapped(paragraph.text()));
      case Document.Code code -> spaced(Parts.wrapped(code.text(), "code"));
      case Document.Facts facts -> spaced(facts(facts));
      case Document.Stack stack -> spaced(stack(stack));
      case Document.Links links -> spaced(links(links));
    };
  }

  private static <R extends Region> R spaced(R region) {
    VBox.setMargin(region, new Insets(0, 0, 8, 0));
    return region;
  }

  private static Region heading(Document.Heading heading) {
    var label = Parts.wrapped(heading.text());
    int size = heading.level() == 1 ? 17 : heading.level() == 2 ? 14 : 13;
    double above = heading.level() == 1 ? 4 : heading.level() == 2 ? 14 : 8;
    label.setStyle("-fx-font-weight: bold; -fx-font-size: " + size + "px;");
    VBox.setMargin(label, new Insets(above, 0, 6, 0));
    return label;
  }

  private static GridPane facts(Document.Facts facts) {
    var grid = new GridPane(18, 4);
    var names = new ColumnConstraints();
    names.setMinWidth(Region.USE_PREF_SIZE);
    var words = new ColumnConstraints();
    words.setHgrow(Priority.ALWAYS);
    words.setMinWidth(0);
    grid.getColumnConstraints().addAll(names, words);
    int row = 0;
    for (var fact : facts.facts()) {
      var title = Parts.label(fact.title(), "muted");
      GridPane.setValignment(title, VPos.TOP);
      grid.addRow(row++, title, Parts.wrapped(fact.text()));
    }
    return grid;
  }

  private Region stack(Document.Stack stack) {
    var list = StackList.of(stack.stack(), host);
    list.setStyle("-fx-background-color: -ha-panel; -fx-background-radius: 5;");
    return list;
  }

  private VBox links(Document.Links links) {
    var box = new VBox(4);
    for (var link : links.links()) box.getChildren().add(link(link));
    return box;
  }

  private Region link(Link link) {
    var button = Parts.link(link.title(), link.title(), () -> act(link.action(), link.target()));
    button.setUnderline(true);
    var row = new WrapRow(12, 0, button);
    if (!link.text().isEmpty()) row.getChildren().add(Parts.label(link.text(), "muted"));
    return row;
  }
}
