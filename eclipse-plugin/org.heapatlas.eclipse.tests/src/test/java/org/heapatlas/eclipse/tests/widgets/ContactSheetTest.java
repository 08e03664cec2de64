package org.heapatlas.eclipse.tests.widgets;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.heapatlas.eclipse.ui.widgets.Theme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documentation's contact sheet is written anew where it is asked for: -Dheapatlas.sheet=true.
 */
class ContactSheetTest {
  @Test
  void everyKindHasAPictureOfBothFrontEnds(@TempDir Path fresh) throws Exception {
    var folder =
        Boolean.getBoolean("heapatlas.sheet")
            ? Samples.root().resolve("eclipse-plugin/media")
            : fresh;
    Bench.onFx(
        () -> {
          ContactSheet.write("light", Theme.LIGHT, folder.resolve("widgets-light.png"));
          ContactSheet.write("dark", Theme.DARK, folder.resolve("widgets-dark.png"));
          return null;
        });
    assertTrue(Files.size(folder.resolve("widgets-light.png")) > 50_000);
    assertTrue(Files.size(folder.resolve("widgets-dark.png")) > 50_000);
  }
}
