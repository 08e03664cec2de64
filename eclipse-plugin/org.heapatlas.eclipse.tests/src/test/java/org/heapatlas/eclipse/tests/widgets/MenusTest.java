package org.heapatlas.eclipse.tests.widgets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import javafx.scene.input.KeyCode;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetKind;
import org.junit.jupiter.api.Test;

/** The menu is about the thing under the pointer or the cursor, in every widget alike. */
class MenusTest {
  private static Frame with(WidgetKind kind, String actions) {
    return Samples.with(kind, "actions", JsonParser.parseString(actions));
  }

  @Test
  void aTileIsWatchedAskedAboutAndCopied() throws Exception {
    Bench.onFx(
        () -> {
          var bench =
              Bench.showing(
                  WidgetKind.HEAT_MAP,
                  with(
                      WidgetKind.HEAT_MAP,
                      "[{id: 'drill', on: 'tile'}, {id: 'ask', title: 'Query this', on: 'tile'},"
                          + " {id: 'search', title: 'Search', on: 'tile'}]"));
          bench.press(KeyCode.END);
          assertEquals(
              List.of("Look closer", "Query this", "Set watchpoint", "Copy address"),
              bench.menu().subList(0, 4));
          assertFalse(bench.menu().contains("Search"), "it wants a text");
          bench.choose("Query this");
          assertEquals(
              new Act(
                  "ask",
                  "0x7ffd1ca20000",
                  Map.of("from", "0x7ffd1ca20000", "to", "0x7ffd1ca21000")),
              bench.asked().getLast());
          bench.choose("Set watchpoint");
          assertEquals(new AddressRange(0x7ffd1ca20000L, 0x7ffd1ca21000L), bench.watched.getLast());
          bench.choose("Copy address");
          assertEquals("0x7ffd1ca20000", bench.copied.getLast());
          return null;
        });
  }

  /** Before the button is released: the menu comes up at its press. */
  @Test
  void aRowsMenuIsAboutTheRowThatIsPressed() throws Exception {
    Bench.onFx(
        () -> {
          var bench =
              Bench.showing(
                  WidgetKind.TABLE,
                  with(
                      WidgetKind.TABLE,
                      "[{id: 'ask', title: 'Query this', on: 'row'},"
                          + " {id: 'filter', title: 'Filter', on: 'frame'}]"));
          bench.pressForMenu(60, 14 + 29);
          bench.choose("Query this");
          assertEquals(new Act("ask", "site-1"), bench.asked().getLast());
          var filter = bench.menu().stream().filter(t -> t.startsWith("Filter by")).findFirst();
          bench.choose(filter.orElseThrow());
          var text = bench.asked().getLast().arguments().get("text").toString();
          assertEquals("Filter by ‘" + text + "’", filter.get());
          assertTrue(text.indexOf('←') < 0 && !text.isBlank(), text);
          bench.choose("Open the source");
          assertFalse(bench.sources.isEmpty());
          bench.choose("Copy the row");
          assertTrue(bench.copied.getLast().startsWith(text), bench.copied.getLast());
          assertTrue(bench.copied.getLast().contains("\t"));
          return null;
        });
  }

  @Test
  void aByteOrWhatIsSelectedAroundItIsWatched() throws Exception {
    Bench.onFx(
        () -> {
          var bench = Bench.showing(WidgetKind.HEX);
          bench.press(KeyCode.RIGHT);
          bench.choose("Set watchpoint");
          var word = bench.watched.getLast();
          assertEquals(Long.BYTES, word.length());
          bench.choose("Copy address");
          assertEquals(Address.toWire(word.from()), bench.copied.getLast());
          bench.extend(KeyCode.RIGHT, KeyCode.RIGHT);
          bench.choose("Set watchpoint");
          assertEquals(new AddressRange(word.from(), word.from() + 3), bench.watched.getLast());
          return null;
        });
  }

  @Test
  void aNodeOfAGraphAndOneOfAFlameGraphHaveTheirActions() throws Exception {
    Bench.onFx(
        () -> {
          for (var kind : List.of(WidgetKind.GRAPH, WidgetKind.FLAME_GRAPH)) {
            var actions = "[{id: 'ask', title: 'Query this', on: 'node'}]";
            var bench = Bench.showing(kind, with(kind, actions));
            bench.press(kind == WidgetKind.GRAPH ? KeyCode.RIGHT : KeyCode.DOWN);
            bench.choose("Query this");
            assertEquals("ask", bench.asked().getLast().action());
            assertFalse(bench.asked().getLast().target().isEmpty());
            bench.choose("Copy the name");
            assertFalse(bench.copied.getLast().isBlank());
          }
          return null;
        });
  }
}
