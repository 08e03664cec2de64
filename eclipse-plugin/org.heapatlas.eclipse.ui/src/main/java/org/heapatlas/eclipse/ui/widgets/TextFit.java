package org.heapatlas.eclipse.ui.widgets;

import java.util.LinkedHashMap;
import java.util.Map;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** How wide words are, and as much of them as there is room for. Confined to the JavaFX thread. */
final class TextFit {
  private record Words(String text, Font font) {}

  private static final int MOST_KEPT = 8192;
  private static final String CUT = "…";
  private static final Text PROBE = new Text();
  private static final Map<Words, Double> WIDTHS =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Words, Double> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private TextFit() {}

  static double width(String text, Font font) {
    return WIDTHS.computeIfAbsent(new Words(text, font), TextFit::measure);
  }

  private static double measure(Words words) {
    PROBE.setFont(words.font);
    PROBE.setText(words.text);
    return PROBE.getLayoutBounds().getWidth();
  }

  /** Cut with an ellipsis where it is wider than its room. */
  static String fit(String text, Font font, double room) {
    if (text.isEmpty() || width(text, font) <= room) return text;
    int low = 0;
    int high = text.length() - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (width(text.substring(0, middle) + CUT, font) <= room) low = middle;
      else high = middle - 1;
    }
    return low == 0 ? "" : text.substring(0, low) + CUT;
  }
}
