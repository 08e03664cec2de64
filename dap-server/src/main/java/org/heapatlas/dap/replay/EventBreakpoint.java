package org.heapatlas.dap.replay;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Problem;

/**
 * Where a replayed process is to stop: at events of a place in the code, or of blocks that cover
 * some bytes; when the condition holds, at certain of its hits. With a message it writes that
 * instead of stopping. {@code flaw} says what is wrong with it, and then it never stops.
 */
public record EventBreakpoint(
    int id,
    Target target,
    Optional<Condition> condition,
    HitCount count,
    Optional<LogMessage> message,
    String flaw,
    AtomicLong hits) {

  /** What its events have in common; {@code reason} is the protocol's word for such a stop. */
  public sealed interface Target {
    String reason();
  }

  /** The stack passes one of the places; the second is what is tried where the first is nowhere. */
  public record Code(EventSearch.CodePlace place, EventSearch.CodePlace otherwise, String reason)
      implements Target {
    public static Code line(String path, int line) {
      String name = path.substring(path.lastIndexOf('/'));
      return new Code(
          EventSearch.CodePlace.line(path, line),
          EventSearch.CodePlace.line(name, line),
          "breakpoint");
    }

    public static Code function(String name) {
      EventSearch.CodePlace place = EventSearch.CodePlace.function(name);
      return new Code(place, place, "function breakpoint");
    }
  }

  /** Bytes in the memory of one process. */
  public record Data(long process, Address.Range range) implements Target {
    static final Data NOTHING = new Data(0, new Address.Range(0, 0));

    @Override
    public String reason() {
      return "data breakpoint";
    }
  }

  /** A detector raised a finding of this kind. */
  public record Raised(String kind) implements Target {
    @Override
    public String reason() {
      return "exception";
    }
  }

  /** The client's own words; any may be null or empty. */
  public record Wishes(String condition, String hitCondition, String logMessage) {}

  static EventBreakpoint of(int id, Target target, Wishes wishes) {
    try {
      return new EventBreakpoint(
          id,
          target,
          given(wishes.condition()).map(Condition::parse),
          given(wishes.hitCondition()).map(HitCount::parse).orElse(HitCount.EVERY),
          given(wishes.logMessage()).map(LogMessage::parse),
          "",
          new AtomicLong());
    } catch (Problem wrong) {
      return flawed(id, target, wrong.getMessage());
    }
  }

  static EventBreakpoint flawed(int id, Target target, String why) {
    return new EventBreakpoint(
        id, target, Optional.empty(), HitCount.EVERY, Optional.empty(), why, new AtomicLong());
  }

  private static Optional<String> given(String text) {
    return Optional.ofNullable(text).filter(its -> !its.isBlank());
  }

  EventBreakpoint at(Target other) {
    return new EventBreakpoint(id, other, condition, count, message, flaw, hits);
  }

  /** Counts the hit; a message is written by {@code log}. */
  boolean stopsAt(EventFacts facts, java.util.function.Consumer<String> log) {
    if (condition.isPresent() && !condition.get().holds(facts)) {
      return false;
    }
    boolean due = count.stopsAt(hits.incrementAndGet());
    message.filter(text -> due).ifPresent(text -> log.accept(text.of(facts)));
    return due && message.isEmpty();
  }
}
