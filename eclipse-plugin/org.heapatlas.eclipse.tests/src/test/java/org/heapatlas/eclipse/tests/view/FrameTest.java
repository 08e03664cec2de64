package org.heapatlas.eclipse.tests.view;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Random;
import org.heapatlas.eclipse.tests.widgets.Samples;
import org.heapatlas.eclipse.view.Chart;
import org.heapatlas.eclipse.view.ContractException;
import org.heapatlas.eclipse.view.Document;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.StackLine;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.WidgetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames are read as the view contract has them, and as nothing else. */
class FrameTest {
  private static final int MUTATIONS = 300;

  @ParameterizedTest
  @EnumSource(WidgetKind.class)
  void everySampleFrameIsRead(WidgetKind kind) {
    var frame = Samples.frame(kind);
    assertEquals(kind, frame.kind().orElseThrow());
    assertNotNull(frame.data());
  }

  @Test
  void absentFieldsHaveTheirDefaults() {
    var frame = Frame.parse("{widget: 'table', data: {columns: [{id: 'a'}], rows: [{}]}}");
    assertEquals("", frame.title());
    var table = (Table) frame.data();
    assertEquals(0, table.total());
    assertTrue(table.rows().getFirst().cells().isEmpty());
  }

  @Test
  void aRowsCallStackIsFoundInTheLinesThatItsTableHasOnce() {
    var frame =
        Frame.parse(
            "{widget: 'table', data: {rows: [{detail: [1, 0]}],"
                + " lines: [{function: 'main'}, {function: 'grow'}]}}");
    var stack = ((Table) frame.data()).rows().getFirst().detail();
    assertEquals(List.of("grow", "main"), stack.stream().map(StackLine::function).toList());
  }

  @Test
  void nullInASeriesIsAValueThatIsNotKnown() {
    var frame = Frame.parse("{widget: 'chart', data: {x: [0, 1], series: [{values: [null, 2]}]}}");
    var values = ((Chart) frame.data()).series().getFirst().values();
    assertTrue(Double.isNaN(values.get(0)));
    assertEquals(2, values.get(1));
  }

  @Test
  void textOfADocumentStandsAsItIs() {
    var frame =
        Frame.parse(
            "{widget: 'document', data: {blocks: [{kind: 'heading', level: 7, text: '<i>'}]}}");
    var heading = (Document.Heading) ((Document) frame.data()).blocks().getFirst();
    assertEquals(new Document.Heading(3, "<i>"), heading);
  }

  @Test
  void aKindThatCameLaterIsNamed() {
    var frame = Frame.parse("{widget: 'hologram', data: {any: 1}}");
    assertTrue(frame.kind().isEmpty());
    assertEquals("hologram", frame.widget());
    assertNull(frame.data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{widget: 'heatmap', data: {values: [[1, 'x']]}} | 'frame.data.values[0][1]' | a number",
        "{widget: 'table', data: {rows: 5}} | 'frame.data.rows' | a list",
        "{widget: 'table', data: {rows: [{detail: [0]}]}} | 'frame.data.rows[0].detail[0]' | a"
            + " number in its list",
        "{widget: 'table', title: 5} | 'frame.title' | a string",
        "{widget: 'table', time: {live: 'yes'}} | 'frame.time.live' | true or false",
        "{widget: 'document', data: {blocks: [{kind: 'html'}]}} | 'frame.data.blocks[0].kind' |"
            + " heading",
        "{widget: 'graph', data: {nodes: [{id: 'a'}, {id: 'a'}]}} | 'frame.data.nodes' | a"
            + " different id",
        "{widget: 'graph', data: {nodes: [{id: 'a'}], edges: [{from: 'a', to: 'b'}]}} |"
            + " 'frame.data.edges' | the id of a node",
        "{widget: 'scene', data: {boxes: {x: [1], targets: []}}} | 'frame.data.boxes.x' | a number"
            + " for each",
        "{widget: 'hex', data: {from: '0x0', at: '0x0', columns: 0}} | 'frame.data.columns' | from"
            + " 1 to 64",
        "[] | 'frame' | an object",
        "{ | 'frame' | JSON"
      })
  void whatDoesNotKeepTheContractIsOneSentenceThatNamesThePlace(
      String text, String place, String expected) {
    var thrown = assertThrows(ContractException.class, () -> Frame.parse(text));
    assertTrue(thrown.getMessage().contains(place), thrown.getMessage());
    assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    assertTrue(thrown.getMessage().matches("[^\\n]*\\."), thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from: 4096",
        "from: '4096'",
        "tileBytes: 0",
        "from: '0x3000'",
        "to: '0xffffffffffff0000', tileBytes: 1"
      })
  void addressesThatAreNumbersAndTilesOfNoSizeAreRefused(String change) {
    var good = "from: '0x1000', to: '0x2000', tileBytes: 4096";
    assertDoesNotThrow(() -> Frame.parse(map(good)));
    assertThrows(ContractException.class, () -> Frame.parse(map(good + ", " + change)));
  }

  private static String map(String fields) {
    var segment = new JsonObject();
    for (var field : fields.split(", ")) {
      var parts = field.split(": ");
      segment.add(parts[0], com.google.gson.JsonParser.parseString(parts[1]));
    }
    return "{widget: 'heatmap', data: {segments: [" + segment + "]}}";
  }

  /** Whatever stands in a frame's place, reading ends with a frame or with a sentence. */
  @ParameterizedTest
  @EnumSource(WidgetKind.class)
  void noDamagedSampleDoesMoreThanFailInOneSentence(WidgetKind kind) {
    var random = new Random(kind.ordinal());
    for (int i = 0; i < MUTATIONS; i++) {
      var json = Samples.json(kind);
      damage(json, random);
      try {
        Frame.read(json);
      } catch (ContractException refused) {
        assertTrue(refused.getMessage().matches("[^\\n]*\\."), refused.getMessage());
      }
    }
  }

  private static void damage(JsonElement at, Random random) {
    if (at.isJsonArray()) {
      var list = at.getAsJsonArray();
      if (list.isEmpty()) return;
      int index = random.nextInt(list.size());
      if (random.nextInt(3) == 0) list.set(index, junk(random));
      else damage(list.get(index), random);
    } else if (at.isJsonObject()) {
      var names = at.getAsJsonObject().keySet().toArray(String[]::new);
      if (names.length == 0) return;
      var name = names[random.nextInt(names.length)];
      if (random.nextInt(3) == 0) at.getAsJsonObject().add(name, junk(random));
      else damage(at.getAsJsonObject().get(name), random);
    }
  }

  private static JsonElement junk(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> new JsonPrimitive("junk");
      case 2 -> new JsonPrimitive(-1);
      case 3 -> new JsonPrimitive(1e300);
      case 4 -> new JsonObject();
      default -> new JsonPrimitive(true);
    };
  }
}
