package org.heapatlas.dap.replay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.heapatlas.model.Address;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Stack;

/** What conditions and log messages can say of an event, by name. */
record EventFacts(
    HeapEvent event, Map<Integer, String> threads, Function<HeapEvent, Stack> stacks) {

  /** Of the texts, {@code kind} is what an event does, such as allocation or release. */
  enum Name {
    SIZE,
    ADDRESS,
    THREAD,
    TID,
    TIME,
    POSITION,
    KIND,
    FUNCTION;

    static Optional<Name> of(String text) {
      return Arrays.stream(values()).filter(name -> name.word().equals(text)).findFirst();
    }

    static String all() {
      return Arrays.stream(values()).map(Name::word).collect(Collectors.joining(", "));
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isText() {
      return this == THREAD || this == KIND || this == FUNCTION;
    }
  }

  long number(Name name) {
    return switch (name) {
      case SIZE -> event.size();
      case ADDRESS -> event.address();
      case TID -> event.tid();
      case TIME -> event.nanos();
      case POSITION -> event.position();
      case THREAD, KIND, FUNCTION -> throw new IllegalArgumentException(name + " is a text");
    };
  }

  /** Of a number, as people read it. */
  String text(Name name) {
    return switch (name) {
      case THREAD -> threads.getOrDefault(event.tid(), Integer.toString(event.tid()));
      case KIND -> event.kind().effect().text();
      case FUNCTION -> stacks.apply(event).owner().orElse("");
      case ADDRESS -> Address.text(event.address());
      case TIME -> Coverage.seconds(event.nanos());
      case SIZE, TID, POSITION -> Long.toString(number(name));
    };
  }
}
