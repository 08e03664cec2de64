package org.heapatlas.memory;

import org.heapatlas.model.Address;
import org.heapatlas.view.Frame;
import org.heapatlas.view.ViewDefinition;

/** What a session is asked in SQL about something that was chosen in a view. */
final class Questions {
  static final String ACTION = "ask";
  private static final String COLUMNS =
      """
      SELECT address, size, thread, begin_time, end_time, owner(process, site) AS allocated_by
      FROM allocations
      """;
  private static final String NEWEST = "\nORDER BY begin_time DESC LIMIT 1000";

  private Questions() {}

  /** {@code on}: what a frame's actions are on. */
  static Frame.Action on(String on) {
    return new Frame.Action(ACTION, "Query This", on, ViewDefinition.QUERY);
  }

  static String ofSite(long process, String site) {
    return COLUMNS
        + "WHERE process = %d AND site = %d".formatted(process, Long.parseLong(site))
        + NEWEST;
  }

  /** Of all blocks that overlap it. */
  static String ofRange(long process, Address.Range range) {
    return COLUMNS
        + "WHERE process = %d AND address < '%s' AND address + size > '%s'"
            .formatted(process, Address.text(range.to()), Address.text(range.from()))
        + NEWEST;
  }
}
