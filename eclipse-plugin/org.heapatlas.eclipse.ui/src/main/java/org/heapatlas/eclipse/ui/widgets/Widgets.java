package org.heapatlas.eclipse.ui.widgets;

import org.heapatlas.eclipse.view.WidgetKind;

/** Which renderer draws which widget kind. To add a kind is to add a class and a line here. */
final class Widgets {
  private Widgets() {}

  static Widget<?> create(WidgetKind kind, WidgetHost host) {
    return switch (kind) {
      case HEAT_MAP -> new HeatMapWidget(host);
      case TABLE -> new TableWidget(host);
      case KEY_FIGURES -> new KeyFiguresWidget(host);
      case CHART -> new ChartWidget(host);
      case TIMELINE -> new TimelineWidget(host);
      case FLAME_GRAPH -> new FlameGraphWidget(host);
      case GRAPH -> new GraphWidget(host);
      case HEX -> new HexWidget(host);
      case DOCUMENT -> new DocumentWidget(host);
      case SCENE -> new SceneWidget(host);
    };
  }
}
