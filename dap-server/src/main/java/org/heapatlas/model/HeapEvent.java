package org.heapatlas.model;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * One event of a recorded process. {@code address} and {@code size} are those of the block or
 * mapping. {@code site} is who did it; of a release, {@code allocatedBy} is who allocated the
 * block, and {@code allocatedAt} the position of that. Sites are 0 where they are not known.
 */
public record HeapEvent(
    long position,
    long nanos,
    Kind kind,
    long address,
    long size,
    int tid,
    long site,
    long allocatedBy,
    OptionalLong allocatedAt) {

  /** What an event does to the block or lock that it is about. */
  public enum Effect {
    ALLOCATION,
    REALLOCATION,
    RELEASE,
    POOL,
    MAPPING,
    LOCK,
    PROCESS;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As proto/collector.proto names them. */
  public enum Kind {
    ALLOCATE(Effect.ALLOCATION, "allocation"),
    ALLOCATE_NEW(Effect.ALLOCATION, "allocation by new"),
    ALLOCATE_NEW_ARRAY(Effect.ALLOCATION, "allocation by new[]"),
    REALLOCATE(Effect.REALLOCATION, "reallocation"),
    ALLOCATE_SAMPLED(Effect.ALLOCATION, "sampled allocation"),
    EXISTING(Effect.ALLOCATION, "block from before the recording"),
    ALLOCATE_IN_GAP(Effect.ALLOCATION, "allocation in a gap"),
    REFUSED(Effect.ALLOCATION, "allocation for which there was no room"),
    RELEASE(Effect.RELEASE, "release"),
    RELEASE_DELETE(Effect.RELEASE, "release by delete"),
    RELEASE_DELETE_ARRAY(Effect.RELEASE, "release by delete[]"),
    RELEASE_MOVED(Effect.REALLOCATION, "release by reallocation"),
    RELEASE_SAMPLED(Effect.RELEASE, "release of a sampled block"),
    RELEASE_IN_GAP(Effect.RELEASE, "release in a gap"),
    OVERWRITTEN(Effect.RELEASE, "release that was not seen"),
    RESTORE(Effect.REALLOCATION, "reallocation that failed"),
    RELEASE_UNKNOWN(Effect.RELEASE, "release of an unknown block"),
    FORGET(Effect.PROCESS, "new beginning of the map"),
    POOL_ALLOCATE(Effect.POOL, "allocation from a pool"),
    POOL_RELEASE(Effect.POOL, "release to a pool"),
    MAP(Effect.MAPPING, "mapping"),
    UNMAP(Effect.MAPPING, "end of a mapping"),
    LOCK_ACQUIRE(Effect.LOCK, "lock taken"),
    LOCK_RELEASE(Effect.LOCK, "lock released"),
    LOCK_SHARED(Effect.LOCK, "lock shared"),
    COND_WAIT(Effect.LOCK, "wait for a condition"),
    COND_SIGNAL(Effect.LOCK, "signal of a condition"),
    THREAD_START(Effect.PROCESS, "start of a thread"),
    THREAD_EXIT(Effect.PROCESS, "end of a thread"),
    FORK_CHILD(Effect.PROCESS, "fork"),
    MODE(Effect.PROCESS, "switch of the mode"),
    /** Of a collector that is newer than this server. */
    OTHER(Effect.PROCESS, "event that this version does not know");

    private final Effect effect;
    private final String text;

    Kind(Effect effect, String text) {
      this.effect = effect;
      this.text = text;
    }

    public Effect effect() {
      return effect;
    }

    public String text() {
      return text;
    }
  }
}
