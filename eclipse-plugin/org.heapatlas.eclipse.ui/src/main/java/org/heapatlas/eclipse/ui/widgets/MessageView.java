package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;

/** What stands in a widget's place: a message that says what to do, or that data are awaited. */
final class MessageView {
  private static final double WIDEST = 460;
  private static final String CODE = "    ";
  private static final String FAILED_ICON = "M12 3 2.5 20h19L12 3Z M12 10v5 M12 17.2v.3";
  private static final String NONE_ICON =
      "M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1 -2 2h-13a2 2 0 0 1 -2 -2v-11a2 2 0 0 1 2 -2Z"
          + " M3.5 9.5h17 M8.5 9.5v10";

  private MessageView() {}

  static Region failed(String text) {
    var view = message(FAILED_ICON, "This view could not be shown", text);
    view.getStyleClass().add("failed");
    return view;
  }

  static Region none(String text) {
    return message(NONE_ICON, "Nothing to show yet", text);
  }

  /**
   * @param cards as key figures stand, else as lines
   */
  static Region loading(String title, boolean cards) {
    var box = new VBox(10);
    box.setAccessibleRole(AccessibleRole.TEXT);
    box.setAccessibleText("Loading " + title);
    box.setStyle("-fx-padding: 6 0 6 0;");
    if (cards) {
      var row = new CardGrid();
      for (int i = 0; i < 5; i++) row.getChildren().add(skeleton(96));
      box.getChildren().add(row);
      return box;
    }
    var first = skeleton(18);
    first.setMaxWidth(260);
    box.getChildren().addAll(first, skeleton(18), skeleton(18), skeleton(18));
    box.getChildren().add(Parts.label("Waiting for the first data…", "muted", "small"));
    return box;
  }

  private static Region skeleton(double height) {
    var bone = new Region();
    bone.getStyleClass().add("skeleton");
    bone.setMinHeight(height);
    return bone;
  }

  private static Region message(String icon, String title, String text) {
    var box = new VBox();
    box.getStyleClass().add("message");
    box.setAlignment(Pos.CENTER);
    box.setMinHeight(120);
    box.setAccessibleRole(AccessibleRole.TEXT);
    box.setAccessibleText(title + ". " + text);
    var shape = Parts.shape(icon, "message-icon");
    VBox.setMargin(shape, new javafx.geometry.Insets(0, 0, 12, 0));
    box.getChildren().addAll(shape, Parts.label(title, "strong"));
    box.getChildren().addAll(paragraphs(text));
    return box;
  }

  /** Indented lines are code, as in a comment. */
  private static List<Node> paragraphs(String text) {
    var parts = new ArrayList<Node>();
    var lines = new ArrayList<String>();
    boolean code = false;
    for (var line : text.split("\n")) {
      boolean indented = line.startsWith(CODE);
      if (indented != code) addPart(parts, lines, code);
      code = indented;
      lines.add(indented ? line.substring(CODE.length()) : line.strip());
    }
    addPart(parts, lines, code);
    return parts;
  }

  private static void addPart(List<Node> parts, List<String> lines, boolean code) {
    var words = String.join("\n", lines).strip();
    lines.clear();
    if (words.isEmpty()) return;
    var label = Parts.wrapped(words, code ? "code" : "muted");
    if (!code) {
      label.setMaxWidth(WIDEST);
      label.setTextAlignment(TextAlignment.CENTER);
      label.setAlignment(Pos.CENTER);
    }
    parts.add(label);
  }
}
