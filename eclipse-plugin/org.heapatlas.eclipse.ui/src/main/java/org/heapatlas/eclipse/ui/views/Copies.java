package org.heapatlas.eclipse.ui.views;

import javafx.embed.swt.SWTFXUtils;
import javafx.scene.image.Image;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.ImageTransfer;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Display;

/** Puts what a widget shows on the clipboard. */
final class Copies {
  private Copies() {}

  static void text(Display display, String text) {
    put(display, text, TextTransfer.getInstance());
  }

  static void picture(Display display, Image picture) {
    put(display, SWTFXUtils.fromFXImage(picture, null), ImageTransfer.getInstance());
  }

  private static void put(Display display, Object content, Transfer form) {
    Clipboard clipboard = new Clipboard(display);
    try {
      clipboard.setContents(new Object[] {content}, new Transfer[] {form});
    } finally {
      clipboard.dispose();
    }
  }
}
