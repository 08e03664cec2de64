package org.heapatlas.eclipse.ui.widgets;

import javafx.scene.image.Image;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.AddressRange;

/** Whoever shows a widget: it does what the user asks for. Called on the JavaFX thread. */
public interface WidgetHost {
  /** The user asks for one of the frame's actions. */
  void act(Act act);

  /** The user asks to see a source line. */
  void openSource(String path, int line);

  /** The user asks to be stopped where something happens to these bytes. */
  void watch(AddressRange bytes);

  /** The user asks for all rows of a query in a file. */
  void export(String sql);

  /** One sentence for the user about what was just done. */
  void notice(String sentence);

  /** Puts text on the clipboard; {@code what} says what it is, as the beginning of a sentence. */
  void copyText(String text, String what);

  /** Puts a picture on the clipboard. */
  void copyPicture(Image picture, String title);
}
