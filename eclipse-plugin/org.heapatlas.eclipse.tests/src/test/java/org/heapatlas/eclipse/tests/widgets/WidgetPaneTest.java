package org.heapatlas.eclipse.tests.widgets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import org.heapatlas.eclipse.ui.widgets.Theme;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.WidgetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every widget kind must do, whatever it shows: each with its sample frame, in the four
 * themes.
 */
class WidgetPaneTest {
  private static final String EMPTY = "No program is watched yet. Start one with ./heapatlas run.";
  private static final String ERROR = "The collector ended; start it again.";
  private static final List<Theme> THEMES =
      List.of(Theme.LIGHT, Theme.DARK, Theme.CONTRAST_DARK, Theme.CONTRAST_LIGHT);

  /** A picture of words alone has shades of them. */
  private static final int LEAST_COLOURS = 12;

  @ParameterizedTest
  @EnumSource(WidgetKind.class)
  void everyKindDrawsItsSampleInEveryThemeAndSize(WidgetKind kind) throws Exception {
    Bench.onFx(
        () -> {
          var bench = new Bench(kind);
          bench.pane.setFrame(Samples.frame(kind));
          for (var theme : THEMES) {
            bench.pane.setTheme(theme);
            var wide = Darkroom.photograph(bench.pane, Bench.WIDTH, Bench.HEIGHT);
            assertTrue(Darkroom.coloursOf(wide) > LEAST_COLOURS, "wide, " + theme.ground());
            var narrow = Darkroom.photograph(bench.pane, 320, 560);
            assertTrue(Darkroom.coloursOf(narrow) > LEAST_COLOURS, "narrow, " + theme.ground());
          }
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource(WidgetKind.class)
  void everyKindSaysWhatToDoWhereThereIsNothing(WidgetKind kind) throws Exception {
    Bench.onFx(
        () -> {
          var bench = new Bench(kind);
          bench.show(Samples.without(kind, "empty", EMPTY));
          assertTrue(words(bench).anyMatch(EMPTY::equals));
          bench.show(Samples.without(kind, "error", ERROR));
          assertTrue(words(bench).anyMatch(ERROR::equals));
          bench.show(null);
          assertFalse(words(bench).anyMatch(ERROR::equals));
          bench.pane.setFailure("It is gone.");
          assertTrue(words(bench).anyMatch("It is gone."::equals));
          bench.show(Samples.frame(kind));
          assertFalse(words(bench).anyMatch("It is gone."::equals));
          return null;
        });
  }

  private static Stream<String> words(Bench bench) {
    return bench.pane.lookupAll(".label").stream()
        .filter(Label.class::isInstance)
        .map(label -> ((Label) label).getText());
  }

  @ParameterizedTest
  @EnumSource(WidgetKind.class)
  void everyKindIsCopiedAsTextAndAsAPicture(WidgetKind kind) throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(kind);
          bench.pane.copyData();
          assertTrue(bench.copied.getFirst().lines().count() > 5);
          bench.pane.copyPicture();
          assertTrue(Darkroom.coloursOf(bench.pictures.getFirst()) > LEAST_COLOURS);
          return null;
        });
  }

  @Test
  void buttonsStayWhileFramesGoOnComing() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.HEAT_MAP);
          var before = buttons(bench);
          bench.show(Samples.frame(WidgetKind.HEAT_MAP));
          assertEquals(before, buttons(bench));
          return null;
        });
  }

  private static List<Button> buttons(Bench bench) {
    return bench.pane.lookupAll(".button").stream().map(Button.class::cast).toList();
  }

  private static void pressButton(Bench bench, String words) {
    buttons(bench).stream()
        .filter(button -> words.equals(button.getText()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no button '" + words + "'."))
        .fire();
  }

  @Test
  void aTileIsLookedAtCloserByKeyAndByPointer() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.HEAT_MAP);
          bench.press(KeyCode.END, KeyCode.ENTER);
          assertEquals(
              new Act(
                  "drill",
                  "0x7ffd1ca20000",
                  Map.of("from", "0x7ffd1ca20000", "to", "0x7ffd1ca21000")),
              bench.asked().getLast());
          bench.click(600, 60, 2);
          assertEquals(2, bench.asked().size());
          assertEquals("drill", bench.asked().getLast().action());
          bench.press(KeyCode.BACK_SPACE);
          assertEquals(new Act("back", "all"), bench.asked().getLast());
          bench.press(KeyCode.M);
          assertEquals(
              new Act("metric", "live", Map.of("metric", "live")), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aTileIsInspectedWhereTheFrameOffersIt() throws Exception {
    Bench.onFx(
        () -> {
          var actions = JsonParser.parseString("[{id: 'inspect', title: 'Inspect', on: 'tile'}]");
          var bench =
              Bench.showing(
                  WidgetKind.HEAT_MAP, Samples.with(WidgetKind.HEAT_MAP, "actions", actions));
          bench.click(600, 60, 1);
          assertEquals("inspect", bench.asked().getLast().action());
          bench.press(KeyCode.SPACE);
          assertEquals(bench.asked().getFirst(), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aTableIsSortedAndItsRowsOpen() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.TABLE);
          pressButton(bench, "Allocations");
          assertEquals(
              new Act("sort", "count", Map.of("column", "count", "descending", true)),
              bench.asked().getLast());
          bench.press(KeyCode.DOWN, KeyCode.ENTER);
          assertTrue(
              buttons(bench).stream()
                  .anyMatch(each -> "Copy stack".equals(each.getText()) && each.getWidth() > 0),
              "the stack has no room");
          pressButton(bench, "Copy stack");
          assertTrue(bench.copied.getLast().startsWith("#0 dictAdd at /usr/src/redis/src/sds.c:"));
          bench.click(290, 14, 1);
          assertEquals("/usr/src/redis/src/sds.c:266", bench.sources.getLast());
          return null;
        });
  }

  @Test
  void aRowLeadsFurtherWhereTheFrameOffersIt() throws Exception {
    Bench.onFx(
        () -> {
          var actions = JsonParser.parseString("[{id: 'drill', title: 'Look', on: 'row'}]");
          var bench =
              Bench.showing(WidgetKind.TABLE, Samples.with(WidgetKind.TABLE, "actions", actions));
          bench.click(60, 14 + 29, 1);
          assertEquals(new Act("drill", "site-1"), bench.asked().getLast());
          bench.press(KeyCode.DOWN, KeyCode.ENTER);
          assertEquals(new Act("drill", "site-2"), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aRecordingIsMovedByKeyAndByPointer() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.TIMELINE);
          bench.press(KeyCode.PERIOD);
          assertEquals(new Act("next"), bench.asked().getLast());
          bench.press(KeyCode.HOME);
          assertEquals(new Act("seek", "begin"), bench.asked().getLast());
          bench.click(440, 50, 1);
          var seek = bench.asked().getLast();
          assertEquals("seek", seek.action());
          assertEquals(29.75e9, ((Number) seek.arguments().get("nanos")).doubleValue(), 1e9);
          return null;
        });
  }

  @Test
  void aFlameGraphIsZoomedByKeyAndByPointer() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.FLAME_GRAPH);
          bench.press(KeyCode.DOWN, KeyCode.ENTER);
          assertEquals(new Act("drill", "8"), bench.asked().getLast());
          bench.click(100, 50, 1);
          assertEquals(new Act("drill", "8.36"), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aNodeOfAGraphLeadsFurther() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.GRAPH);
          bench.press(KeyCode.RIGHT, KeyCode.ENTER);
          assertEquals(new Act("drill", "2"), bench.asked().getLast());
          bench.press(KeyCode.LEFT, KeyCode.ENTER);
          assertEquals(new Act("drill", "1"), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void bytesAreWrittenOnceTheyWereConfirmed() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.HEX);
          bench.press(KeyCode.RIGHT);
          bench.type("f0");
          assertTrue(bench.asked().isEmpty());
          bench.press(KeyCode.ENTER);
          assertEquals(
              List.of(new Act("write", "0x55d0c2a01021", Map.of("bytes", "f0"))), bench.asked());
          return null;
        });
  }

  @Test
  void nothingIsWrittenWhereTheFrameDoesNotOfferIt() throws Exception {
    Bench.onFx(
        () -> {
          var none = JsonParser.parseString("[]");
          var bench = Bench.showing(WidgetKind.HEX, Samples.with(WidgetKind.HEX, "actions", none));
          bench.type("f0");
          bench.press(KeyCode.ENTER);
          assertTrue(bench.asked().stream().noneMatch(act -> act.action().equals("write")));
          return null;
        });
  }

  @Test
  void aDocumentsLinksAskForTheirActions() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.DOCUMENT);
          pressButton(bench, "Next finding");
          assertEquals(new Act("choose", "3"), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aBoxOfASceneLeadsFurther() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.SCENE);
          bench.press(KeyCode.PAGE_DOWN, KeyCode.ENTER);
          assertEquals("drill", bench.asked().getLast().action());
          pressButton(bench, "All mappings");
          assertEquals(new Act("scope"), bench.asked().getLast());
          return null;
        });
  }

  @Test
  void aChartAsksForTheSpanThatIsZoomedIntoWhereTheFrameOffersIt() throws Exception {
    Bench.onFx(
        () -> {
          var actions = JsonParser.parseString("[{id: 'range', title: 'Range', on: 'frame'}]");
          var bench =
              Bench.showing(WidgetKind.CHART, Samples.with(WidgetKind.CHART, "actions", actions));
          bench.press(KeyCode.PLUS);
          assertEquals("range", bench.asked().getLast().action());
          bench.press(KeyCode.ESCAPE);
          assertEquals(new Act("range", Map.of()), bench.asked().getLast());
          return null;
        });
  }
}
