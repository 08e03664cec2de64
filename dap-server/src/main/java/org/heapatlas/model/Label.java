package org.heapatlas.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the program's own probes say of its memory: a tag, tenant, object type or arena that blocks
 * of the heap carry, or a pool of the program's own, whose blocks lie in memory that the heap has
 * counted already. {@code heldBytes}: of a pool, the heap's blocks in which its live blocks lie; 0
 * when not known.
 */
public record Label(
    Name name,
    long liveBytes,
    long liveAllocations,
    long totalBytes,
    long totalAllocations,
    long peakBytes,
    double allocationsPerSecond,
    long heldBytes,
    long unknownReleases) {

  /** One name means different things as a tag and as a tenant. */
  public record Name(Kind kind, String text) {}

  public enum Kind {
    TAG("tag", "Tag", "Tags"),
    TENANT("tenant", "Tenant", "Tenants"),
    OBJECT_TYPE("objectType", "Object type", "Object types"),
    ARENA("arena", "Arena", "Arenas"),
    POOL("pool", "Pool", "Pools");

    /** What blocks of the heap carry; a pool is not carried. */
    public static final Set<Kind> CARRIED =
        Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(POOL)));

    private final String id;
    private final String title;
    private final String plural;

    Kind(String id, String title, String plural) {
      this.id = id;
      this.title = title;
      this.plural = plural;
    }

    public String id() {
      return id;
    }

    public String title() {
      return title;
    }

    public String plural() {
      return plural;
    }
  }
}
