package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.swt.widgets.Display;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.HeatMap;
import org.heapatlas.eclipse.view.KeyFigures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long people wait for the plug-in in a workbench: rows of a table for tests/bench/RESULTS.md,
 * added to the file that HEAPATLAS_TABLE names. Run by {@code ./heapatlas bench eclipse}, never
 * among the tests, for it asserts no time.
 */
class WorkbenchTimes {
  private static final int OPENINGS = 7;
  private static final int STEPS = 200;
  private static final double STEP_BYTES = 256 * 1024;
  private static final long MINUTES = Long.parseLong(setting("HEAPATLAS_BENCH_MINUTES", "3"));
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_AGAIN_NANOS = 200_000;
  private static final long BEAT_MILLIS = 5;
  private static final double STALL_MILLIS = 100;

  @TempDir private Path folder;

  @AfterEach
  void endAll() throws Exception {
    Launches.endAll();
    Views.closeAll(Views.perspective());
  }

  private static String setting(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null ? otherwise : value;
  }

  @Test
  void firstMap() throws Exception {
    List<Double> fromLaunch = new ArrayList<>();
    List<Double> fromPerspective = new ArrayList<>();
    for (int i = 0; i < OPENINGS; i++) {
      WidgetView atlas = Views.show(Views.perspective(), "atlas");
      fromLaunch.add(
          millis(
              () -> Launches.redis(folder, "redis.sock"),
              () -> Views.shows(atlas, 1, HeatMap.class)));
      Views.closeAll(Views.perspective());
      WidgetView[] opened = new WidgetView[1];
      fromPerspective.add(
          millis(
              () -> opened[0] = Views.show(Views.perspective(), "atlas"),
              () -> Views.shows(opened[0], 1, HeatMap.class)));
      endAll();
    }
    say("launch to the first map of redis-server", fromLaunch);
    say("perspective opened to the map, of a session that runs", fromPerspective);
  }

  @Test
  void allocationToFigure() throws Exception {
    Path steps = folder.resolve("steps");
    assertEquals(0, new ProcessBuilder("mkfifo", steps.toString()).start().waitFor());
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    launch("allocate_on_demand.c");
    Until.holds("figures", () -> Views.shows(atlas, 0, KeyFigures.class));
    List<Double> latencies = new ArrayList<>();
    try (OutputStream pipe = Files.newOutputStream(steps, StandardOpenOption.WRITE)) {
      for (int i = 0; i < STEPS; i++) {
        double before = liveBytes(atlas);
        latencies.add(
            millis(
                () -> {
                  pipe.write(1);
                  pipe.flush();
                },
                () -> liveBytes(atlas) >= before + STEP_BYTES));
      }
    }
    say("allocation to the figure in the widget", latencies);
  }

  @Test
  void liveViews() throws Exception {
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    Views.show(Views.perspective(), "timeline");
    launch("churn.c");
    Until.holds("map", () -> Views.shows(atlas, 1, HeatMap.class));
    Beats beats = new Beats();
    long begin = System.nanoTime();
    long end = begin + TimeUnit.MINUTES.toNanos(MINUTES);
    double first = 0;
    long frames = 0;
    Frame newest = null;
    Thread beating = Thread.ofPlatform().daemon().start(beats);
    while (System.nanoTime() < end) {
      if (!Display.getCurrent().readAndDispatch()) LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      Frame shown = atlas.pane(1).frame().orElse(null);
      if (shown != newest) frames++;
      newest = shown;
      // What is loaded at first is not what grows.
      if (first == 0 && System.nanoTime() - begin > WARM_UP_NANOS) first = heapMegabytes();
    }
    beating.interrupt();
    double last = heapMegabytes();
    List<Double> waits = new ArrayList<>(beats.waits);
    say("wait of an event for the user interface's thread, views live", waits);
    row("longest such wait", "%.0f ms".formatted(Collections.max(waits)), "", "");
    long stalls = waits.stream().filter(wait -> wait > STALL_MILLIS).count();
    row("waits over 100 ms", Long.toString(stalls), "", Integer.toString(waits.size()));
    row(
        "frames of the map a second",
        "%.1f".formatted(frames / (MINUTES * 60.0)),
        "",
        Long.toString(frames));
    row(
        "the workbench's heap after 20 s of live views, and after %d min".formatted(MINUTES),
        "%.1f MB, %.1f MB".formatted(first, last),
        "",
        "");
  }

  /** How long an event waits until the thread of the user interface takes it. */
  private static final class Beats implements Runnable {
    private final Queue<Double> waits = new ConcurrentLinkedQueue<>();
    private final Display display = Display.getCurrent();

    @Override
    public void run() {
      try {
        while (true) {
          long sent = System.nanoTime();
          display.asyncExec(() -> waits.add((System.nanoTime() - sent) / 1e6));
          Thread.sleep(BEAT_MILLIS);
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Deed {
    void run() throws Exception;
  }

  /** The user interface's events go on until the condition holds, and what it holds of is drawn. */
  private static double millis(Deed deed, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    deed.run();
    while (!condition.call()) {
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(60)) {
        throw new AssertionError("not within 60 s");
      }
      if (!Display.getCurrent().readAndDispatch()) LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double liveBytes(WidgetView atlas) {
    return Views.data(atlas, 0).orElse(null) instanceof KeyFigures figures
        ? figures.figures().stream()
            .filter(figure -> figure.id().equals("liveBytes"))
            .mapToDouble(KeyFigures.Figure::value)
            .findFirst()
            .orElse(0)
        : 0;
  }

  private void launch(String source) throws Exception {
    Launches.launchInPlace(
        LaunchKind.PROGRAM,
        Map.of(
            LaunchAttributes.PROGRAM, DapSession.compiled(source, folder).toString(),
            LaunchAttributes.FOLDER, folder.toString()));
    Until.holds("a session", () -> Sessions.shared().current().isPresent());
  }

  private static double heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  private static void say(String what, List<Double> millis) throws Exception {
    List<Double> sorted = millis.stream().sorted().toList();
    row(
        what,
        "%.1f ms".formatted(sorted.get(sorted.size() / 2)),
        "%.1f ms".formatted(sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1)),
        Integer.toString(sorted.size()));
  }

  private static void row(String what, String median, String p99, String times) throws Exception {
    String line = String.format(Locale.ROOT, "| %s | %s | %s | %s |%n", what, median, p99, times);
    Files.writeString(
        Path.of(setting("HEAPATLAS_TABLE", "/dev/stderr")),
        line,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
