package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Fact;
import org.heapatlas.eclipse.view.HeatMap.Detail;

/**
 * What stands behind the range that was inspected: facts, the parts that hold most of it, the
 * owner's stack.
 */
final class DetailPanel {
  interface Deeds {
    /** A part of what was inspected, by its address; nothing closes the details. */
    void inspect(String target);

    void drillInto(String from, String to);
  }

  private static final double WIDTH = 320;

  private DetailPanel() {}

  static Region of(Detail detail, WidgetHost host, Deeds deeds) {
    var title = Parts.wrapped(detail.title(), "strong");
    HBox.setHgrow(title, Priority.ALWAYS);
    title.setMaxWidth(Double.MAX_VALUE);
    var head =
        new HBox(8, title, Parts.tool("✕", "Close the details (Esc)", () -> deeds.inspect("")));
    var closer = Parts.button("Look closer", () -> deeds.drillInto(detail.from(), detail.to()));
    var box = new VBox(6, head, facts(detail.facts()), closer);
    if (!detail.parts().isEmpty()) {
      box.getChildren().add(Parts.label(detail.partsTitle(), "muted", "small", "strong"));
      for (var part : detail.parts()) {
        var link = Parts.link(part.title(), part.title(), () -> deeds.inspect(part.target()));
        link.getStyleClass().add("small");
        var amount = Parts.label(part.text(), "muted", "small");
        amount.setMinWidth(Region.USE_PREF_SIZE);
        box.getChildren().add(new HBox(8, link, Parts.spring(), amount));
      }
    }
    if (!detail.stack().isEmpty()) {
      box.getChildren().add(Parts.label("Allocated by", "muted", "small", "strong"));
      var stack = StackList.of(detail.stack(), host);
      stack.setStyle("-fx-background-color: -ha-panel; -fx-background-radius: 4;");
      box.getChildren().add(stack);
    }
    box.setStyle("-fx-padding: 0 4 8 12;");
    var scroll = new ScrollPane(box);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setPrefWidth(WIDTH);
    scroll.setMinWidth(WIDTH);
    scroll.setStyle("-fx-border-color: transparent transparent transparent -ha-border;");
    scroll.setAccessibleText(detail.title());
    return scroll;
  }

  static GridPane facts(List<Fact> facts) {
    var grid = new GridPane(12, 3);
    var words = new ColumnConstraints();
    words.setHgrow(Priority.ALWAYS);
    words.setMinWidth(0);
    var names = new ColumnConstraints();
    names.setMinWidth(Region.USE_PREF_SIZE);
    grid.getColumnConstraints().addAll(names, words);
    int row = 0;
    for (var fact : facts) {
      var title = Parts.label(fact.title(), "muted", "small");
      GridPane.setValignment(title, javafx.geometry.VPos.TOP);
      grid.addRow(row++, title, Parts.wrapped(fact.text(), "small"));
    }
    return grid;
  }
}
