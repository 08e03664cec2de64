package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.geometry.Point2D;
import javafx.scene.image.Image;
import javafx.scene.layout.Region;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
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

  /** These want more than the thing that they are about: a text, a number of rows. */
  private static final Set<String> WITH_DETAILS =
      Set.of("go", "show", "scroll", "window", "search", "write");

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

  /** Where the thing that has the cursor is, on the screen; empty where that has no place. */
  public Optional<Point2D> cursorPlace() {
    return Optional.empty();
  }

  /**
   * The frame's actions on a kind of thing that want to know nothing more than the thing.
   *
   * @param own what the widget offers in words of its own
   * @param deed is given the action's id
   */
  protected final List<Choice> offered(String on, Set<String> own, Consumer<String> deed) {
    return frame.actions().stream()
        .filter(action -> action.on().equals(on) && !own.contains(action.id()))
        .filter(action -> on.equals("row") || !WITH_DETAILS.contains(action.id()))
        .map(action -> new Choice(action.title(), () -> deed.accept(action.id())))
        .toList();
  }

  /** What can be done with bytes in any widget. */
  protected final List<Choice> onBytes(long address, AddressRange watched) {
    var wire = Address.toWire(address);
    return List.of(
        new Choice("Set watchpoint", () -> host.watch(watched)),
        new Choice("Copy address", () -> host.copyText(wire, wire)));
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
