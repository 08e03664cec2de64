package org.heapatlas.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the processes of one session are called where they must be told apart. */
public final class ProcessTitles {
  private ProcessTitles() {}

  /**
   * By the processes' numbers, in their order: NAME[PID], and behind it the number where several
   * would be called the same, as a program is that starts itself anew.
   */
  public static Map<Long, String> of(List<WatchedProcess> processes) {
    Map<String, Integer> called = new HashMap<>();
    processes.forEach(process -> called.merge(process.title(), 1, Integer::sum));
    Map<Long, String> titles = new LinkedHashMap<>();
    for (WatchedProcess process : processes) {
      String title = process.title();
      titles.put(process.id(), called.get(title) == 1 ? title : title + "#" + process.id());
    }
    return titles;
  }
}
