package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;

/**
 * What stands beside the pointer over a node of a flame graph or a graph.
 *
 * @param place empty where nothing is known of it
 */
record NodeWords(String title, String place, List<Tip.Figure> figures) {
  List<Node> parts() {
    var parts = new ArrayList<Node>();
    parts.add(Parts.wrapped(title, "mono"));
    if (!place.isEmpty()) parts.add(Parts.wrapped(place, "place"));
    parts.add(Tip.figures(figures));
    return parts;
  }
}
