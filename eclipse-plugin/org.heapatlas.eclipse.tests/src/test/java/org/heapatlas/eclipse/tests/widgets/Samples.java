package org.heapatlas.eclipse.tests.widgets;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.heapatlas.eclipse.ui.widgets.WidgetPane.Look;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetKind;

/**
 * The sample frame of each widget kind, which the other front ends' tests draw too: `npm run
 * samples` in vscode-extension writes them.
 */
public final class Samples {
  private static final Path FOLDER = root().resolve("vscode-extension/dist/samples");

  private Samples() {}

  /** The checkout, wherever in it the tests run. */
  public static Path root() {
    var named = System.getProperty("heapatlas.root");
    var at = Path.of(named == null ? "" : named).toAbsolutePath();
    return Stream.iterate(at, folder -> folder != null, Path::getParent)
        .filter(folder -> Files.exists(folder.resolve("proto/view.proto")))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("No checkout of HeapAtlas is around " + at + "."));
  }

  public static List<WidgetKind> kinds() {
    return List.of(WidgetKind.values());
  }

  /** As the editor shows those that it does not show in a box with a head. */
  public static Look lookOf(WidgetKind kind) {
    return switch (kind) {
      case KEY_FIGURES -> Look.BARE;
      case TIMELINE -> Look.PLAIN;
      default -> Look.FRAMED;
    };
  }

  public static JsonObject json(WidgetKind kind) {
    var file = FOLDER.resolve(kind.wire() + ".json");
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException absent) {
      throw new UncheckedIOException(
          "There is no sample frame " + file + "; run `npm run samples` in vscode-extension.",
          absent);
    }
  }

  public static Frame frame(WidgetKind kind) {
    return Frame.read(json(kind));
  }

  /** The sample with a field of its own. */
  public static Frame with(WidgetKind kind, String field, JsonElement value) {
    var json = json(kind);
    json.add(field, value);
    return Frame.read(json);
  }

  /** The sample without data, which says why in a field. */
  public static Frame without(WidgetKind kind, String field, String sentence) {
    var json = json(kind);
    json.remove("data");
    json.addProperty(field, sentence);
    return Frame.read(json);
  }
}
