package org.heapatlas.eclipse.ui.widgets;

import java.util.Arrays;
import java.util.List;

/**
 * What something was last built of. Controls are built anew only when that changed: one that is
 * replaced under the pointer loses the press.
 */
final class Memo {
  private List<Object> last;

  boolean changed(Object... parts) {
    var now = Arrays.asList(parts);
    if (now.equals(last)) return false;
    last = now;
    return true;
  }
}
