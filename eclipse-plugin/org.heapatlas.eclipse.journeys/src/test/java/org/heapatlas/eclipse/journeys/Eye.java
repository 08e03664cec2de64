package org.heapatlas.eclipse.journeys;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.ToolBar;
import org.eclipse.swt.widgets.ToolItem;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.tests.Until;

/**
 * What a person sees: where on the screen a thing is that says what it is. Each look waits until
 * there is one and it stands still. Used off the windows' thread.
 */
final class Eye {
  /** Red, green and blue together. */
  private static final int DARK = 240;

  /** Wider than a letter's strokes, in pixels. */
  private static final int INSIDE = 5;

  private Eye() {}

  /** What the windows' thread answers. */
  static <T> T on(Callable<T> question) throws Exception {
    FutureTask<T> task = new FutureTask<>(question);
    PlatformUI.getWorkbench().getDisplay().syncExec(task);
    return task.get();
  }

  /** Waits for what the windows' thread is asked. */
  static void sees(String what, Callable<Boolean> condition) throws Exception {
    Until.holds(what, () -> on(condition));
  }

  /** A window by its title, in front. */
  static void window(String title) throws Exception {
    sees("the window '" + title + "'", () -> title.equals(front().getText()));
  }

  static Point button(String words) throws Exception {
    return middle("the button '" + words + "'", () -> control(Button.class, has(words)));
  }

  private static Predicate<Button> has(String words) {
    return button -> button.isEnabled() && plain(button.getText()).equals(words);
  }

  /** Without what underlines a letter. */
  private static String plain(String words) {
    return words.replace("&", "");
  }

  /** A field by the hint that it shows while it is empty. */
  static Point field(String hint) throws Exception {
    return middle(
        "the field '" + hint + "'",
        () -> control(Text.class, text -> text.isEnabled() && text.getMessage().startsWith(hint)));
  }

  /** The only field of a dialog. */
  static Point field() throws Exception {
    return middle("a field", () -> control(Text.class, Control::isEnabled));
  }

  /** The tab of a view or a page. */
  static Point tab(String title) throws Exception {
    return middle(
        "the tab '" + title + "'",
        () ->
            controls(CTabFolder.class)
                .flatMap(folder -> Arrays.stream(folder.getItems()).filter(CTabItem::isShowing))
                .filter(item -> plain(item.getText()).equals(title))
                .findFirst()
                .map(item -> item.getDisplay().map(item.getParent(), null, item.getBounds())));
  }

  /** A button of a tool bar, by what it says when the pointer rests on it. */
  static Point tool(String tip) throws Exception {
    return middle(
        "the tool '" + tip + "'",
        () ->
            controls(ToolBar.class)
                .flatMap(bar -> Arrays.stream(bar.getItems()))
                .filter(item -> item.isEnabled() && saysOf(item).startsWith(tip))
                .findFirst()
                .map(item -> item.getDisplay().map(item.getParent(), null, item.getBounds())));
  }

  private static String saysOf(ToolItem item) {
    return item.getToolTipText() == null ? "" : item.getToolTipText();
  }

  /** A row of a table or a tree, by the text that its first column begins with. */
  static Point row(String begins) throws Exception {
    return middle(
        "the row '" + begins + "'",
        () ->
            Stream.concat(
                    controls(Table.class).flatMap(Eye::rows),
                    controls(Tree.class).flatMap(Eye::rows))
                .filter(row -> row.text().startsWith(begins))
                .findFirst()
                .map(Row::bounds));
  }

  private record Row(String text, Rectangle bounds) {}

  private static Stream<Row> rows(Table table) {
    return Arrays.stream(table.getItems()).map(item -> row(table, item));
  }

  private static Row row(Table table, TableItem item) {
    return new Row(item.getText(0), item.getDisplay().map(table, null, item.getTextBounds(0)));
  }

  private static Stream<Row> rows(Tree tree) {
    return Arrays.stream(tree.getItems()).flatMap(Eye::withChildren).map(item -> row(tree, item));
  }

  private static Row row(Tree tree, TreeItem item) {
    return new Row(item.getText(), item.getDisplay().map(tree, null, item.getTextBounds(0)));
  }

  private static Stream<TreeItem> withChildren(TreeItem item) {
    return Stream.concat(
        Stream.of(item),
        item.getExpanded()
            ? Arrays.stream(item.getItems()).flatMap(Eye::withChildren)
            : Stream.empty());
  }

  /** The middle of what is found. */
  static Point middle(String what, Callable<Optional<Rectangle>> look) throws Exception {
    return middle(place(what, look));
  }

  static Point middle(Rectangle part) {
    return new Point(part.x + part.width / 2, part.y + part.height / 2);
  }

  /** Where what is looked for is, once it was twice in the same place. */
  static Rectangle place(String what, Callable<Optional<Rectangle>> look) throws Exception {
    Rectangle[] last = new Rectangle[1];
    Until.holds(
        what,
        () -> {
          Rectangle now = on(look).filter(found -> !found.isEmpty()).orElse(null);
          boolean still = now != null && now.equals(last[0]);
          last[0] = now;
          return still;
        });
    return last[0];
  }

  /** A place of a part of the screen that is dark, a little inside of where that begins. */
  static Point dark(Rectangle part) throws Exception {
    AtomicReference<Point> found = new AtomicReference<>();
    Until.holds(
        "something dark is drawn",
        () -> {
          darkIn(on(() -> photograph(part))).ifPresent(found::set);
          return found.get() != null;
        });
    return new Point(part.x + found.get().x, part.y + found.get().y);
  }

  private static Optional<Point> darkIn(ImageData seen) {
    for (int y = 0; y + INSIDE < seen.height; y++) {
      for (int x = 0; x + INSIDE < seen.width; x++) {
        if (light(seen, x, y) < DARK && light(seen, x + INSIDE, y + INSIDE) == light(seen, x, y)) {
          return Optional.of(new Point(x + INSIDE, y + INSIDE));
        }
      }
    }
    return Optional.empty();
  }

  private static int light(ImageData seen, int x, int y) {
    RGB colour = seen.palette.getRGB(seen.getPixel(x, y));
    return colour.red + colour.green + colour.blue;
  }

  private static ImageData photograph(Rectangle part) {
    Display display = Display.getCurrent();
    Image image = new Image(display, part.width, part.height);
    GC screen = new GC(display);
    screen.copyArea(image, part.x, part.y);
    screen.dispose();
    ImageData data = image.getImageData();
    image.dispose();
    return data;
  }

  private static <C extends Control> Optional<Rectangle> control(
      Class<C> type, Predicate<C> condition) {
    return controls(type)
        .filter(condition)
        .findFirst()
        .map(found -> found.getDisplay().map(found.getParent(), null, found.getBounds()));
  }

  /** In the window in front alone: others take nothing while a dialog is open. */
  private static <C extends Control> Stream<C> controls(Class<C> type) {
    return all(front()).filter(Control::isVisible).filter(type::isInstance).map(type::cast);
  }

  private static Stream<Control> all(Control from) {
    return from instanceof Composite composite
        ? Stream.concat(Stream.of(from), Arrays.stream(composite.getChildren()).flatMap(Eye::all))
        : Stream.of(from);
  }

  private static Shell front() {
    Shell active = Display.getCurrent().getActiveShell();
    return active == null
        ? PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell()
        : active;
  }
}
