package org.heapatlas.dap.replay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Problem;

/** What a log point writes at each of its events: a text in which {@code {size}} is the event's. */
record LogMessage(String text) {
  private static final Pattern NAME = Pattern.compile("\\{([^{}]*)\\}");

  static LogMessage parse(String text) {
    Matcher names = NAME.matcher(text);
    while (names.find()) {
      String word = names.group(1).strip();
      if (EventFacts.Name.of(word).isEmpty()) {
        throw Problem.usedWrongly(
            "the message is wrong at character %d: an event has no '%s'; it has %s"
                .formatted(names.start() + 1, word, EventFacts.Name.all()));
      }
    }
    return new LogMessage(text);
  }

  String of(EventFacts facts) {
    return NAME.matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    EventFacts.Name.of(found.group(1).strip()).map(facts::text).orElse("")));
  }
}
