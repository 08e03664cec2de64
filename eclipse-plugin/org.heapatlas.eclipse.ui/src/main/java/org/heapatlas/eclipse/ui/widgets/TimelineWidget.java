package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Span;
import org.heapatlas.eclipse.view.Timeline;

/**
 * The timeline: the whole session in lanes, with the instant that the other views show. What can be
 * done is what the frame's actions say: a recording is moved by click, drag and keys, and any
 * session has a span to choose.
 */
final class TimelineWidget extends Widget<Timeline> {
  static final Color LIVE = Color.web("#009e73");

  /** While the cursor is dragged, an instant is asked for so often at most, in ns. */
  private static final long SEEK_PAUSE = 120_000_000L;

  private static final double LEAST_SPAN = 4;

  private record Drag(boolean seeks, double from, double to) {}

  private final WrapRow bar = new WrapRow(6, 2);
  private final Drawing lanes = new Drawing(this::paint);
  private final VBox box = new VBox(2, bar, lanes);
  private final StackPane node = new StackPane(box);
  private final Tip tip = new Tip(node);
  private final TextField place = new TextField();
  private final Memo barMemo = new Memo();
  private TimelinePainter painter;
  private Drag drag;
  private double pointer = -1;
  private int toldMark = -1;
  private int focusedMark = -1;
  private long asked;

  TimelineWidget(WidgetHost host) {
    super(host, Timeline.class);
    node.setAlignment(Pos.TOP_LEFT);
    place.setPromptText("12.5s, 4711, end");
    place.setPrefWidth(140);
    place.setStyle("-fx-font-size: 12px; -fx-padding: 3 7 3 7;");
    place.setMinWidth(140);
    place.setTooltip(
        new Tooltip(
            "Go to a time such as 12.5s, before the event of a number, or to begin or end"));
    place.setAccessibleText("Go to an instant");
    place.setOnAction(event -> goTo());
    lanes.setOnMouseMoved(this::onMoved);
    lanes.setOnMouseExited(event -> leave());
    lanes.setOnMousePressed(this::onPressed);
    lanes.setOnMouseDragged(this::onDragged);
    lanes.setOnMouseReleased(event -> onReleased());
    lanes.setOnKeyPressed(this::onKey);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    lanes.requestFocus();
  }

  @Override
  public String asText() {
    return TimelineModel.csv(data());
  }

  @Override
  protected void update(Frame before) {
    var time = frame().time();
    lanes.setVisible(time != null);
    if (time == null) return;
    double height = TimelinePainter.heightOf(data());
    lanes.setMinHeight(height);
    lanes.setPrefHeight(height);
    lanes.setMaxHeight(height);
    lanes.setAccessibleText("Time. " + TimelineModel.sentence(data(), time));
    if (barMemo.changed(
        time.live() ? "live" : time.now(),
        time.pace(),
        data().text(),
        data().span(),
        data().marks(),
        data().a(),
        data().b(),
        data().playback(),
        frame().actions(),
        theme())) {
      buildBar();
    }
    lanes.repaint();
  }

  private boolean can(String action) {
    return frame().offers(action);
  }

  // ---- the bar above the lanes

  private void buildBar() {
    bar.getChildren().setAll(TimelineBar.parts(host, frame(), data(), theme(), place));
  }

  // ---- the lanes

  private void paint(GraphicsContext context, double width, double height, double top) {
    painter = new TimelinePainter(data(), frame().time(), theme(), width);
    var span = drag == null || drag.seeks ? data().span() : ordered(drag);
    double cursor = drag != null && drag.seeks ? drag.to : frame().time().now();
    int focus = lanes.isFocused() ? focusedMark : -1;
    painter.paint(context, new TimelinePainter.State(span, cursor, pointer, toldMark, focus));
  }

  private static Span ordered(Drag drag) {
    return new Span(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to), "");
  }

  // ---- what the user does

  private void seek(double nanos) {
    asked = System.nanoTime();
    act("seek", "", Map.of("nanos", (long) Math.max(0, Math.rint(nanos))));
  }

  private void choose(double from, double to) {
    act("span", "", Map.of("from", (long) Math.rint(from), "to", (long) Math.rint(to)));
  }

  private void wholeTime() {
    act("span");
  }

  private double nanosAt(MouseEvent event) {
    return painter.scale().nanos(event.getX() - painter.left());
  }

  private void leave() {
    pointer = -1;
    toldMark = -1;
    tip.hide();
    lanes.repaint();
  }

  private void onMoved(MouseEvent event) {
    if (painter == null) return;
    toldMark = painter.markAt(event.getX(), event.getY());
    double x = event.getX() - painter.left();
    pointer = toldMark < 0 && x >= 0 && x <= painter.scale().width() ? x : -1;
    if (toldMark >= 0) tell(event, painter.groups().get(toldMark).lines());
    else if (pointer >= 0) {
      var lines = new ArrayList<String>();
      lines.add(Format.instant(nanosAt(event)));
      lines.addAll(TimelineModel.linesAt(data(), nanosAt(event)));
      tell(event, lines);
    } else tip.hide();
    lanes.repaint();
  }

  private void tell(MouseEvent event, List<String> lines) {
    var at = node.screenToLocal(event.getScreenX(), event.getScreenY());
    var labels = new ArrayList<Node>();
    for (var line : lines) {
      labels.add(labels.isEmpty() ? Parts.label(line, "strong") : Parts.label(line));
    }
    tip.show(at.getX(), at.getY(), labels);
  }

  private void onPressed(MouseEvent event) {
    if (event.getButton() != MouseButton.PRIMARY || painter == null) return;
    int mark = painter.markAt(event.getX(), event.getY());
    if (mark >= 0) {
      pressMark(mark);
      return;
    }
    boolean seeks = can("seek") && !event.isShiftDown();
    if (!can(seeks ? "seek" : "span")) return;
    double at = nanosAt(event);
    drag = new Drag(seeks, at, at);
    if (seeks) seek(at);
  }

  private void pressMark(int mark) {
    focusedMark = mark;
    if (can("mark")) act("mark", painter.groups().get(mark).next().id());
  }

  private void onDragged(MouseEvent event) {
    if (drag == null) return;
    pointer = Math.clamp(event.getX() - painter.left(), 0, painter.scale().width());
    drag = new Drag(drag.seeks, drag.from, nanosAt(event));
    if (drag.seeks && System.nanoTime() - asked > SEEK_PAUSE) seek(drag.to);
    lanes.repaint();
  }

  private void onReleased() {
    var done = drag;
    drag = null;
    if (done == null) return;
    lanes.repaint();
    if (done.seeks) {
      if (done.to != done.from) seek(done.to);
      return;
    }
    var span = ordered(done);
    var scale = painter.scale();
    if (scale.pixel(span.to()) - scale.pixel(span.from()) >= LEAST_SPAN) {
      choose(span.from(), span.to());
    }
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || painter == null) return;
    if (!onSpecialKey(event)) return;
    event.consume();
  }

  private boolean onSpecialKey(KeyEvent event) {
    int direction = event.getCode() == KeyCode.LEFT ? -1 : event.getCode() == KeyCode.RIGHT ? 1 : 0;
    double step = direction * painter.scale().step() * (event.isAltDown() ? 10 : 1);
    if (direction != 0 && event.isShiftDown()) return growSpan(step);
    if (direction != 0) return when(can("seek"), () -> seek(frame().time().now() + step));
    return switch (event.getCode()) {
      case HOME -> when(can("seek"), () -> act("seek", "begin"));
      case END -> when(can("seek"), () -> act("seek", "end"));
      case COMMA -> byKey(event.isShiftDown() ? "previousFinding" : "previous");
      case PERIOD -> byKey(event.isShiftDown() ? "nextFinding" : "next");
      case OPEN_BRACKET -> byKey("markA");
      case CLOSE_BRACKET -> byKey("markB");
      case C -> byKey("compare");
      case UP -> when(!painter.groups().isEmpty(), () -> focusMark(-1));
      case DOWN -> when(!painter.groups().isEmpty(), () -> focusMark(1));
      case SPACE -> when(can("play"), () -> play(event.isShiftDown()));
      case ENTER ->
          when(
              focusedMark >= 0 && focusedMark < painter.groups().size(),
              () -> pressMark(focusedMark));
      case ESCAPE -> when(data().span() != null, this::wholeTime);
      default -> false;
    };
  }

  private boolean byKey(String action) {
    return when(can(action), () -> act(action));
  }

  private void play(boolean backward) {
    if (frame().time().pace() != 0) act("pause");
    else act("play", "", Map.of("direction", backward ? "backward" : "forward"));
  }

  private static boolean when(boolean possible, Runnable deed) {
    if (possible) deed.run();
    return possible;
  }

  /** From mark to mark, up and down, for left and right are the time's. */
  private void focusMark(int step) {
    int last = painter.groups().size() - 1;
    focusedMark = Math.clamp(focusedMark < 0 ? (step > 0 ? 0 : last) : focusedMark + step, 0, last);
    lanes.setAccessibleText(String.join(", ", painter.groups().get(focusedMark).lines()));
    lanes.repaint();
  }

  /** One end stays where the span began, or at the cursor. */
  private boolean growSpan(double step) {
    if (!can("span")) return false;
    var time = frame().time();
    var span = data().span();
    double from = span != null ? span.from() : Math.min(time.now(), time.now() + step);
    double grown = span != null ? span.to() + step : Math.max(time.now(), time.now() + step);
    double to = Math.min(time.to(), grown);
    if (to > from) choose(Math.max(0, from), to);
    else wholeTime();
    return true;
  }

  private void goTo() {
    var text = place.getText().strip();
    if (text.isEmpty()) return;
    host.act(new Act("seek", text));
    place.clear();
  }
}
