package org.heapatlas.eclipse.journeys;

import static org.junit.jupiter.api.Assertions.assertTrue;

import javafx.scene.input.MouseButton;
import javafx.scene.robot.Robot;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.ui.PlatformUI;

/**
 * What a person does: the pointer by the display's server, which sends it to whatever window is
 * there, and keys to whatever has the focus. Used off the windows' thread, which takes them
 * meanwhile; JavaFX, whose robot this is, has begun once a view of the heap was open.
 */
final class Hand {
  private static final Display DISPLAY = PlatformUI.getWorkbench().getDisplay();

  private Hand() {}

  static void click(Point at) {
    press(at, MouseButton.PRIMARY, 1);
  }

  static void clickTwice(Point at) {
    press(at, MouseButton.PRIMARY, 2);
  }

  /** With the other button, as for a menu. */
  static void clickForMenu(Point at) {
    press(at, MouseButton.SECONDARY, 1);
  }

  /** In one go, for two clicks are a double click only when one follows the other soon. */
  private static void press(Point at, MouseButton button, int times) {
    DISPLAY.syncExec(
        () -> {
          Robot robot = new Robot();
          robot.mouseMove(at.x, at.y);
          for (int i = 0; i < times; i++) {
            robot.mousePress(button);
            robot.mouseRelease(button);
          }
        });
  }

  /** Letters, one key each; the end of a line is Enter. */
  static void type(String words) {
    for (char letter : words.toCharArray()) {
      if (letter == '\n') {
        key(SWT.CR);
      } else {
        stroke(SWT.KeyDown, 0, letter);
        stroke(SWT.KeyUp, 0, letter);
      }
    }
  }

  /** One key, a constant of SWT or a letter, while others are held. */
  static void key(int key, int... held) {
    for (int modifier : held) stroke(SWT.KeyDown, modifier, '\0');
    stroke(SWT.KeyDown, key, letterOf(key));
    stroke(SWT.KeyUp, key, letterOf(key));
    for (int modifier : held) stroke(SWT.KeyUp, modifier, '\0');
  }

  private static char letterOf(int key) {
    return (key & SWT.KEYCODE_BIT) == 0 ? (char) key : '\0';
  }

  private static void stroke(int type, int code, char letter) {
    Event stroke = new Event();
    stroke.type = type;
    stroke.keyCode = code;
    stroke.character = letter;
    boolean[] taken = new boolean[1];
    DISPLAY.syncExec(() -> taken[0] = DISPLAY.post(stroke));
    assertTrue(taken[0], "the display takes a key");
  }
}
