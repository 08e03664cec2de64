package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.scene.image.Image;
import javafx.scene.layout.Region;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetData;

/**
 * The base of every renderer: draws frames of its kind that have data; {@link WidgetPane} draws the
 * rest. It knows no feature: what can be done is what the frame's actions say. Confined to the
 * JavaFX thread.
 *
 * @param <D> the data of its kind
 */
public abstract class Widget<D extends WidgetData> {
  /** What can be done with the thing that has the cursor. */
  public record Choice(String title, Runnable deed) {}

  protected final WidgetHost host;
  private final Class<D> type;
  private Frame frame;
  private Theme theme = Theme.LIGHT;
  private D data;

  protected Widget(WidgetHost host, Class<D> type) {
    this.host = host;
    this.type = type;
  }

  /** What is drawn, made once. */
  public abstract Region node();

  /** Draws the newest frame. {@code before}: the frame before it, or null. */
  protected abstract void update(Frame before);

  /** The data as they are copied. */
  public abstract String asText();

  /** What {@link #asText} is. */
  public String format() {
    return "CSV";
  }

  /** A picture of more than is in sight; without one the widget is pictured as it stands. */
  public Optional<Image> picture() {
    return Optional.empty();
  }

  /** Beside what the frame offers as a whole. */
  public List<Choice> choices() {
    return List.of();
  }

  /** Puts the keyboard's focus where the keys of the widget work. */
  public void focus() {
    node().requestFocus();
  }

  /** The frame must be of this widget's kind and have data. */
  public final void show(Frame next, Theme colours) {
    var before = frame;
    frame = next;
    theme = colours;
    data = type.cast(next.data());
    update(before);
  }

  protected final Frame frame() {
    return frame;
  }

  protected final Theme theme() {
    return theme;
  }

  protected final D data() {
    return data;
  }

  protected final void act(String action) {
    host.act(new Act(action));
  }

  protected final void act(String action, String target) {
    host.act(new Act(action, target));
  }

  protected final void act(String action, String target, Map<String, Object> arguments) {
    host.act(new Act(action, target, arguments));
  }

  /** One step back; false where all is shown already. */
  protected final boolean goBack() {
    var crumb = frame.back();
    crumb.ifPresent(c -> act("back", c.target()));
    return crumb.isPresent();
  }

  protected final void openSource(String path, int line, String of) {
    if (path.isEmpty()) host.notice("No source line is known of this " + of + ".");
    else host.openSource(path, line);
  }
}
