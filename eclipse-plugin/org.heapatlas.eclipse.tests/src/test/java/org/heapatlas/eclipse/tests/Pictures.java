package org.heapatlas.eclipse.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageData;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.widgets.Display;

/** What the display looks like, kept in the folder that HEAPATLAS_PICTURES names, if it does. */
public final class Pictures {
  private static final long FILLED_NANOS = 2_000_000_000;
  private static final long LOOK_AGAIN_NANOS = 5_000_000;
  private static final String FOLDER = System.getenv("HEAPATLAS_PICTURES");

  private Pictures() {}

  /** From any thread. */
  public static void take(String name) throws Exception {
    if (FOLDER == null) {
      return;
    }
    settle(Display.getCurrent());
    Path file = Files.createDirectories(Path.of(FOLDER)).resolve(name + ".png");
    Display.getDefault().syncExec(() -> save(file));
  }

  private static void save(Path file) {
    Display display = Display.getCurrent();
    Image image = new Image(display, display.getBounds());
    GC screen = new GC(display);
    screen.copyArea(image, 0, 0);
    screen.dispose();
    ImageLoader loader = new ImageLoader();
    loader.data = new ImageData[] {image.getImageData()};
    image.dispose();
    loader.save(file.toString(), SWT.IMAGE_PNG);
  }

  /** Views fill in the background; a picture is no check, so some time for that will do. */
  private static void settle(Display display) {
    long end = System.nanoTime() + FILLED_NANOS;
    while (System.nanoTime() - end < 0) {
      if (display == null || !display.readAndDispatch()) {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }
}
