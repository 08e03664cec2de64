package org.heapatlas.eclipse.view;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The widget kinds of the contract, each with what reads its data. To add a kind is to add a line.
 */
public enum WidgetKind {
  HEAT_MAP("heatmap", HeatMap::read),
  TABLE("table", Table::read),
  KEY_FIGURES("keyFigures", KeyFigures::read),
  CHART("chart", Chart::read),
  TIMELINE("timeline", Timeline::read),
  FLAME_GRAPH("flameGraph", FlameGraph::read),
  GRAPH("graph", Graph::read),
  HEX("hex", Hex::read),
  DOCUMENT("document", Document::read),
  SCENE("scene", Scene::read);

  private final String wire;
  private final Function<Json, WidgetData> reader;

  WidgetKind(String wire, Function<Json, WidgetData> reader) {
    this.wire = wire;
    this.reader = reader;
  }

  /** As frames and views name it. */
  public String wire() {
    return wire;
  }

  static Optional<WidgetKind> named(String wire) {
    return Stream.of(values()).filter(kind -> kind.wire.equals(wire)).findFirst();
  }

  WidgetData read(Json data) {
    return reader.apply(data);
  }
}
