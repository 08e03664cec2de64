package org.heapatlas.eclipse.tests.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import javafx.application.Platform;
import javafx.embed.swt.FXCanvas;
import javafx.event.Event;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.MenuItem;
import javafx.scene.image.Image;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.heapatlas.eclipse.ui.widgets.WidgetHost;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetKind;

/** A widget without a view around it: what it is shown, what is done with it, what it asks for. */
final class Bench implements WidgetHost {
  static final double WIDTH = 900;
  static final double HEIGHT = 480;

  final List<Act> acts = new ArrayList<>();
  final List<String> copied = new ArrayList<>();
  final List<Image> pictures = new ArrayList<>();
  final List<String> sources = new ArrayList<>();
  final List<AddressRange> watched = new ArrayList<>();
  final WidgetPane pane;

  Bench(WidgetKind kind) {
    pane = new WidgetPane(this, Samples.lookOf(kind));
  }

  /** The sample of a kind, laid out. */
  static Bench showing(WidgetKind kind) {
    return showing(kind, Samples.frame(kind));
  }

  static Bench showing(WidgetKind kind, Frame frame) {
    var bench = new Bench(kind);
    bench.show(frame);
    return bench;
  }

  void show(Frame frame) {
    pane.setFrame(frame);
    Darkroom.layOut(pane, WIDTH, HEIGHT);
  }

  /** On the JavaFX thread, which in a workbench is that of its windows. */
  static void onFx(Callable<?> test) throws Exception {
    start();
    if (Platform.isFxApplicationThread()) {
      test.call();
      return;
    }
    var task = new FutureTask<>(test);
    Platform.runLater(task);
    task.get();
  }

  private static void start() {
    var display = Display.getCurrent();
    if (display == null) {
      try {
        Platform.startup(() -> {});
      } catch (IllegalStateException running) {
        // Another test has started it.
        assert running.getMessage() != null;
      }
    } else if (!Platform.isFxApplicationThread()) {
      // It starts JavaFX on the thread of the workbench's windows.
      new FXCanvas(new Shell(display), SWT.NONE).setScene(new Scene(new StackPane()));
    }
  }

  @Override
  public void act(Act act) {
    acts.add(act);
  }

  @Override
  public void openSource(String path, int line) {
    sources.add(path + ":" + line);
  }

  @Override
  public void watch(AddressRange bytes) {
    watched.add(bytes);
  }

  @Override
  public void export(String sql) {
    copied.add(sql);
  }

  @Override
  public void notice(String sentence) {
    copied.add(sentence);
  }

  @Override
  public void copyText(String text, String what) {
    copied.add(text);
  }

  @Override
  public void copyPicture(Image picture, String title) {
    pictures.add(picture);
  }

  /** What was asked for, without the windows that widgets ask for by themselves. */
  List<Act> asked() {
    return acts.stream().filter(act -> !act.action().equals("window")).toList();
  }

  /** The canvas that takes pointer and keys. */
  Node drawing() {
    return pane.lookup(".drawing");
  }

  void press(KeyCode... codes) {
    for (var code : codes) {
      Event.fireEvent(
          drawing(), new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false));
      Darkroom.layOut(pane, WIDTH, HEIGHT);
    }
  }

  /** With Shift, by which what is selected grows. */
  void extend(KeyCode... codes) {
    for (var code : codes) {
      Event.fireEvent(
          drawing(), new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, true, false, false, false));
      Darkroom.layOut(pane, WIDTH, HEIGHT);
    }
  }

  void type(String letters) {
    for (var letter : letters.split("")) {
      Event.fireEvent(
          drawing(),
          new KeyEvent(
              KeyEvent.KEY_TYPED, letter, "", KeyCode.UNDEFINED, false, false, false, false));
    }
    Darkroom.layOut(pane, WIDTH, HEIGHT);
  }

  /** Presses, releases and clicks at a place of the canvas. */
  void click(double x, double y, int times) {
    for (int count = 1; count <= times; count++) {
      fire(MouseEvent.MOUSE_PRESSED, x, y, count);
      fire(MouseEvent.MOUSE_RELEASED, x, y, count);
      fire(MouseEvent.MOUSE_CLICKED, x, y, count);
      Darkroom.layOut(pane, WIDTH, HEIGHT);
    }
  }

  /** Presses the other button, with which the menu comes up. */
  void pressForMenu(double x, double y) {
    fire(MouseEvent.MOUSE_PRESSED, x, y, 1, MouseButton.SECONDARY);
    Darkroom.layOut(pane, WIDTH, HEIGHT);
  }

  /** The titles in the menu of what has the cursor. */
  List<String> menu() {
    return pane.menuItems().stream().map(MenuItem::getText).filter(Objects::nonNull).toList();
  }

  void choose(String title) {
    pane.menuItems().stream()
        .filter(item -> title.equals(item.getText()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The menu has no '%s': %s".formatted(title, menu())))
        .fire();
  }

  void point(double x, double y) {
    fire(MouseEvent.MOUSE_MOVED, x, y, 0);
    Darkroom.layOut(pane, WIDTH, HEIGHT);
  }

  private void fire(javafx.event.EventType<MouseEvent> type, double x, double y, int count) {
    boolean moved = type == MouseEvent.MOUSE_MOVED;
    fire(type, x, y, count, moved ? MouseButton.NONE : MouseButton.PRIMARY);
  }

  private void fire(
      javafx.event.EventType<MouseEvent> type, double x, double y, int count, MouseButton button) {
    Point2D at = drawing().localToScene(x, y);
    boolean primary = button == MouseButton.PRIMARY;
    Event.fireEvent(
        drawing(),
        new MouseEvent(
            type, at.getX(), at.getY(), at.getX(), at.getY(), button, count, false, false, false,
            false, primary, false, false, false, false, true, null));
  }
}
