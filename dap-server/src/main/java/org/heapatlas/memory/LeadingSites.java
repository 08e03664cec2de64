package org.heapatlas.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Cursor;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;

/**
 * The call sites that lead in an order, with their stacks, as a view shows them. Main entry: of,
 * called by the one thread that makes the view's frames. Stacks are long and all views are
 * refreshed by one thread: a thread of its own reads them, one reading at a time, and until it has
 * them the last ones are shown. Of a program that runs they are read again after a pause.
 */
final class LeadingSites {
  /** What holds less than all of these is not worth its stack. */
  private static final int MOST_SITES = 1000;

  /** Of any stacks, so many keep far below what a message may be. */
  private static final int SITES_A_CALL = 500;

  private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** Reading takes at most this part of the time. */
  private static final int PAUSE_A_READING = 10;

  /** What is there so soon needs no frame before it. */
  private static final long PATIENCE_MILLIS = 150;

  /** Without anything to show there is more patience. */
  private static final long FIRST_MILLIS = 3000;

  /** What a page is of; it holds until another is wanted or, unless it is replayed, until due. */
  private record Asked(long process, Site.Order order, Optional<Cursor> standing) {}

  /** What was read: the sites, and the way inwards of each. */
  record Leading(Asked asked, SitePage page, List<List<CallTree.Step>> ways, long due) {
    /** What the figures stand on, and that sites are left out where some are. */
    Frame.Coverage coverage() {
      Frame.Coverage all = Frame.Coverage.of(page.coverage());
      return page.sites().size() >= page.total()
          ? all
          : all.and(
              "the leading %,d of %,d call sites".formatted(page.sites().size(), page.total()));
    }
  }

  private final Session session;
  private final long firstMillis;
  private Optional<Leading> shown = Optional.empty();
  private Optional<CompletableFuture<Leading>> reading = Optional.empty();
  private boolean current = true;

  LeadingSites(Session session) {
    this(session, FIRST_MILLIS);
  }

  LeadingSites(Session session, long firstMillis) {
    this.session = session;
    this.firstMillis = firstMillis;
  }

  /** Waits for a process's very first ones only, a while; a Problem where it takes longer. */
  Leading of(WatchedProcess process, Site.Order order) {
    Asked wanted =
        new Asked(
            process.id(),
            order,
            process.isReplayed() ? Optional.of(session.cursor(process.id())) : Optional.empty());
    take(0);
    if (reading.isEmpty() && !holds(wanted)) {
      reading = Optional.of(start(wanted));
    }
    awaitFirst(wanted);
    if (!shown.get().asked().equals(wanted)) {
      take(PATIENCE_MILLIS);
    }
    current = shown.orElseThrow().asked().equals(wanted);
    return shown.get();
  }

  /** One that takes longer is shown by a later frame: all other views wait for this one. */
  private void awaitFirst(Asked wanted) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(firstMillis);
    while (shown.isEmpty() || shown.get().asked().process() != wanted.process()) {
      reading = Optional.of(reading.orElseGet(() -> start(wanted)));
      take(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      if (reading.isPresent()) {
        throw Problem.failed(
            "the call stacks are still being read; they show here as soon as they are there");
      }
    }
  }

  /** The frame, and that newer figures are on their way where they are. */
  Frame said(Frame frame) {
    return current ? frame : frame.reading("of the call stacks", 0);
  }

  private boolean holds(Asked wanted) {
    return shown
        .filter(last -> last.asked().equals(wanted))
        .filter(last -> wanted.standing().isPresent() || System.nanoTime() - last.due() < 0)
        .isPresent();
  }

  private CompletableFuture<Leading> start(Asked wanted) {
    CompletableFuture<Leading> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("call stacks")
        .start(
            () -> {
              try {
                result.complete(read(wanted));
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** Shows what is being read if it is there within so long. */
  private void take(long millis) {
    if (reading.isEmpty()) {
      return;
    }
    try {
      shown = Optional.of(reading.get().get(millis, TimeUnit.MILLISECONDS));
      reading = Optional.empty();
    } catch (TimeoutException stillReading) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "the request was cancelled", e);
    } catch (ExecutionException e) {
      reading = Optional.empty();
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      throw new IllegalStateException("the call stacks could not be read", e);
    }
  }

  /** A site may change its place between two calls; it counts once. */
  private Leading read(Asked asked) {
    long start = System.nanoTime();
    Map<Long, Site> sites = new LinkedHashMap<>();
    SitePage part;
    int offset = 0;
    do {
      part =
          session
              .source()
              .sites(
                  asked.process(),
                  new HeapSource.SiteQuery(asked.order(), SITES_A_CALL, offset, ""));
      part.sites().forEach(site -> sites.putIfAbsent(site.id(), site));
      offset += SITES_A_CALL;
    } while (part.sites().size() == SITES_A_CALL && offset < MOST_SITES);
    List<Site> all = List.copyOf(sites.values());
    List<List<CallTree.Step>> ways = all.stream().map(CallTree::inwards).toList();
    long end = System.nanoTime();
    return new Leading(
        asked,
        new SitePage(all, part.total(), part.now(), part.coverage()),
        ways,
        end + Math.max(SHORTEST_PAUSE, PAUSE_A_READING * (end - start)));
  }
}
