package org.heapatlas.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Cursor;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;

/**
 * The call sites that lead in an order, with their stacks. Of a program that runs they are read
 * again only after a pause, for stacks are long and all views are refreshed by one thread.
 */
final class LeadingSites {
  /** What holds less than all of these is not worth its stack. */
  private static final int MOST_SITES = 2000;

  /** Of any stacks, so many keep far below what a message may be. */
  private static final int SITES_A_CALL = 500;

  private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** Reading takes at most this part of the time. */
  private static final int PAUSE_A_READING = 10;

  /** What a page is of; it holds until another is wanted or, unless it is replayed, until due. */
  private record Asked(long process, Site.Order order, Optional<Cursor> standing) {}

  private final Session session;
  private Optional<Asked> asked = Optional.empty();
  private SitePage page;
  private long due;

  LeadingSites(Session session) {
    this.session = session;
  }

  SitePage of(WatchedProcess process, Site.Order order) {
    Optional<Cursor> standing =
        process.isReplayed() ? Optional.of(session.cursor(process.id())) : Optional.empty();
    Optional<Asked> wanted = Optional.of(new Asked(process.id(), order, standing));
    boolean old = standing.isEmpty() && System.nanoTime() - due >= 0;
    if (old || !wanted.equals(asked)) {
      long start = System.nanoTime();
      page = read(process.id(), order);
      asked = wanted;
      long end = System.nanoTime();
      due = end + Math.max(SHORTEST_PAUSE, PAUSE_A_READING * (end - start));
    }
    return page;
  }

  /** A site may change its place between two calls; it counts once. */
  private SitePage read(long process, Site.Order order) {
    Map<Long, Site> sites = new LinkedHashMap<>();
    SitePage part;
    int offset = 0;
    do {
      part =
          session
              .source()
              .sites(process, new HeapSource.SiteQuery(order, SITES_A_CALL, offset, ""));
      part.sites().forEach(site -> sites.putIfAbsent(site.id(), site));
      offset += SITES_A_CALL;
    } while (part.sites().size() == SITES_A_CALL && offset < MOST_SITES);
    return new SitePage(List.copyOf(sites.values()), part.total(), part.now(), part.coverage());
  }

  /** What the figures stand on, and that sites are left out where some are. */
  static Frame.Coverage coverage(SitePage page) {
    Frame.Coverage all = Frame.Coverage.of(page.coverage());
    return page.sites().size() >= page.total()
        ? all
        : all.and("the leading %,d of %,d call sites".formatted(page.sites().size(), page.total()));
  }
}
