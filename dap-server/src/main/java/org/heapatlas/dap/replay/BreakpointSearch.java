package org.heapatlas.dap.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;

/**
 * The nearest event at which one of the breakpoints stops. All lines and functions are one probe,
 * for which the collector is asked at once, and each watched range is one; findings are known. A
 * probe keeps what it has found until the search has passed it, and looks no further than the
 * nearest of the others.
 */
final class BreakpointSearch {
  private final Explorer explorer;
  private final boolean backward;
  private final Consumer<String> log;
  private final List<Probe> probes = new ArrayList<>();
  private final List<Finding> findings;
  private final List<EventBreakpoint> ofFindings;

  /** An event at which breakpoints stop. */
  record Stop(HeapEvent event, List<EventBreakpoint> breakpoints) {}

  BreakpointSearch(
      Explorer explorer,
      long process,
      List<EventBreakpoint> breakpoints,
      List<Finding> findings,
      boolean backward,
      Consumer<String> log) {
    this.explorer = explorer;
    this.backward = backward;
    this.log = log;
    this.ofFindings =
        breakpoints.stream()
            .filter(each -> each.target() instanceof EventBreakpoint.Raised)
            .toList();
    this.findings =
        findings.stream()
            .filter(finding -> Raised.of(ofFindings, finding).findAny().isPresent())
            .toList();
    List<EventBreakpoint> code = new ArrayList<>();
    List<EventSearch.CodePlace> places = new ArrayList<>();
    for (EventBreakpoint breakpoint : breakpoints) {
      switch (breakpoint.target()) {
        case EventBreakpoint.Code there -> {
          code.add(breakpoint);
          places.add(there.place());
        }
        case EventBreakpoint.Raised _ -> {} // known without a search
        case EventBreakpoint.Data data -> {
          if (data.process() == process) {
            probes.add(
                new Probe(List.of(breakpoint), EventSearch.Filter.HEAP.covering(data.range())));
          }
        }
      }
    }
    if (!code.isEmpty()) {
      probes.add(new Probe(code, EventSearch.Filter.HEAP.passing(places)));
    }
  }

  /** From an event on, or before it when backward; {@code passed} hears how far it has come. */
  Optional<Stop> run(long from, Consumer<Long> passed) {
    return run(from, OptionalLong.empty(), passed);
  }

  /** The same, before the position {@code until}; backward at or behind it. */
  Optional<Stop> run(long from, OptionalLong until, Consumer<Long> passed) {
    long at = from;
    for (Optional<HeapEvent> hit = nearest(at, until); hit.isPresent(); hit = nearest(at, until)) {
      HeapEvent event = hit.get();
      passed.accept(event.position());
      EventFacts facts = explorer.facts(event);
      List<EventBreakpoint> stopping =
          Stream.concat(
                  findings.stream()
                      .filter(its -> its.position().equals(OptionalLong.of(event.position())))
                      .flatMap(its -> Raised.of(ofFindings, its)),
                  probes.stream().flatMap(probe -> probe.hitsAt(event).stream()))
              .filter(breakpoint -> breakpoint.stopsAt(facts, log))
              .toList();
      if (!stopping.isEmpty()) {
        return Optional.of(new Stop(event, stopping));
      }
      at = backward ? event.position() : event.position() + 1;
    }
    return Optional.empty();
  }

  private Optional<HeapEvent> nearest(long from, OptionalLong until) {
    Optional<HeapEvent> best =
        Raised.nearest(findings, from, backward)
            .map(finding -> Raised.event(finding, finding.position().orElse(0)))
            .filter(event -> until.isEmpty() || isWithin(event, until.getAsLong()));
    for (Probe probe : probes) {
      Optional<HeapEvent> found = probe.ahead(from, bound(best, until));
      if (found.isPresent() && best.filter(other -> !nearer(found.get(), other)).isEmpty()) {
        best = found;
      }
    }
    return best;
  }

  private boolean isWithin(HeapEvent event, long until) {
    return backward ? event.position() >= until : event.position() < until;
  }

  /** The nearest that is known, else where the search ends. */
  private OptionalLong bound(Optional<HeapEvent> best, OptionalLong until) {
    return best.isPresent() ? OptionalLong.of(best.get().position() + (backward ? 0 : 1)) : until;
  }

  private boolean nearer(HeapEvent one, HeapEvent other) {
    return backward ? one.position() > other.position() : one.position() < other.position();
  }

  /** One question to the collector, with its answer as long as that lies ahead. */
  private final class Probe {
    private final List<EventBreakpoint> breakpoints;
    private final EventSearch.Filter filter;
    private EventSearch.Match found;
    private long clear;
    private boolean looked;
    private boolean over;

    Probe(List<EventBreakpoint> breakpoints, EventSearch.Filter filter) {
      this.breakpoints = breakpoints;
      this.filter = filter;
    }

    /** The nearest, unless that lies at {@code until} or beyond. */
    Optional<HeapEvent> ahead(long from, OptionalLong until) {
      if (found != null && isAhead(found.event().orElseThrow().position(), from)) {
        return found.event();
      }
      if (over) {
        return Optional.empty();
      }
      found = null;
      // What was looked through for a nearer one of another probe is not looked through again.
      long begin = looked && isAhead(clear, from) ? clear : from;
      if (until.isPresent() && isEmpty(begin, until.getAsLong())) {
        return Optional.empty();
      }
      EventSearch.Match match = explorer.find(new EventSearch(begin, backward, until, filter));
      if (match.event().isPresent()) {
        found = match;
        return match.event();
      }
      looked = true;
      clear = until.orElse(begin);
      over = until.isEmpty() || until.getAsLong() == 0;
      return Optional.empty();
    }

    private boolean isAhead(long position, long from) {
      return backward ? position < from : position >= from;
    }

    private boolean isEmpty(long begin, long until) {
      return backward ? until >= begin : until <= begin;
    }

    List<EventBreakpoint> hitsAt(HeapEvent event) {
      if (found == null || found.event().orElseThrow().position() != event.position()) {
        return List.of();
      }
      return found.places().isEmpty()
          ? breakpoints
          : found.places().stream()
              .filter(place -> place >= 0 && place < breakpoints.size())
              .map(breakpoints::get)
              .toList();
    }
  }
}
