package org.heapatlas.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Timeline;

/**
 * Plays a recording: moves one replayed process at a time through its recorded time, ten times a
 * second. Main entries: play, pace and pause, from any thread. A thread of its own moves it, and
 * holds the lock for each move; who takes the lock may wait for one move, and for the search for
 * breakpoints in what it passed. Where a move takes longer than its turn, fewer are made, and the
 * pace is kept. It stops at the ends of what was recorded, where its escort says so, and whenever
 * anybody else moves a process.
 */
public final class Player implements AutoCloseable {
  /** Recorded time over real time, for people to choose from. */
  public static final List<Double> SPEEDS = List.of(0.01, 0.1, 1.0, 10.0, 100.0);

  private static final System.Logger LOG = System.getLogger("org.heapatlas.session");
  private static final double SLOWEST = 1e-6;
  private static final double FASTEST = 1e6;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So long the whole should play, where nobody chose a speed. */
  private static final double LEAST_WHOLE_NANOS = 10e9;

  /** Why a process that was played stands still. */
  public enum Ending {
    BEGINNING_OF_TIME("the recording begins here"),
    END_OF_TIME("the recording ends here"),
    /** Where the escort wanted it. */
    STOP("a breakpoint stopped it"),
    PAUSED("paused"),
    /** Somebody else moves it, and says where to. */
    TAKEN_OVER(""),
    FAILED("it could not be played on; the server's log says how");

    private final String text;

    Ending(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Whoever goes along: hears of it, under the player's lock, and may stop it. */
  public interface Escort {
    Escort NONE = new Escort() {};

    /** Before anything moves; a Problem says why it cannot be played now. */
    default void allow(long process) {}

    default void began(long process) {}

    /** Where to stop on the way between two positions, the second of which it stands at. */
    default Optional<Moment> stop(long process, long from, long to) {
      return Optional.empty();
    }

    default void ended(long process, Ending ending) {}
  }

  /** A process on its way, which was at {@code fromNanos} at {@code since}. */
  private record Run(long process, double pace, long fromNanos, long since) {
    boolean backward() {
      return pace < 0;
    }

    long nanosNow() {
      return fromNanos + (long) ((System.nanoTime() - since) * pace);
    }
  }

  private final Session session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Double> speeds = new ConcurrentHashMap<>();
  private final Map<Long, Ending> endings = new ConcurrentHashMap<>();
  private volatile Escort escort = Escort.NONE;
  private volatile Run run;
  private boolean closed;
  private Thread thread;

  Player(Session session) {
    this.session = session;
  }

  public void escort(Escort other) {
    escort = other;
  }

  /** Recorded time over real time, below 0 when time runs backward; 0: it stands still. */
  public double pace(long process) {
    Run now = run;
    return now == null || now.process() != process ? 0 : now.pace();
  }

  /** Why it stands still, where it was played before; empty where there is nothing to say. */
  public String why(long process) {
    return pace(process) != 0
        ? ""
        : Optional.ofNullable(endings.get(process)).map(Ending::text).orElse("");
  }

  /** The one that was chosen, or the fastest at which all that was recorded can still be seen. */
  public double speed(long process) {
    return Optional.ofNullable(speeds.get(process))
        .orElseGet(() -> usual(session.cursor(process).timeline()));
  }

  private static double usual(Timeline there) {
    double whole = (double) there.endNanos() - there.firstNanos();
    return SPEEDS.reversed().stream()
        .filter(speed -> whole >= speed * LEAST_WHOLE_NANOS)
        .findFirst()
        .orElse(SPEEDS.getFirst());
  }

  /** From now on, also of what is being played. */
  public void speed(long process, double speed) {
    if (!(speed >= SLOWEST && speed <= FASTEST)) {
      throw Problem.usedWrongly(
          "a speed lies between %s and %s times recorded time".formatted(SLOWEST, FASTEST));
    }
    lock.lock();
    try {
      speeds.put(process, speed);
      Run now = run;
      if (now != null && now.process() == process) {
        run = runFromHere(process, now.backward());
      }
    } finally {
      lock.unlock();
    }
    session.moved();
  }

  /** From where the process stands; at the end in that direction, from the other one on. */
  public void play(long process, boolean backward) {
    lock.lock();
    try {
      if (closed) {
        throw Problem.failed("the session has ended");
      }
      if (pace(process) == 0) {
        stop(Ending.TAKEN_OVER);
        begin(process, backward);
      } else {
        run = runFromHere(process, backward);
      }
    } finally {
      lock.unlock();
    }
    session.moved();
  }

  private void begin(long process, boolean backward) {
    escort.allow(process);
    Timeline there = session.cursor(process).timeline();
    // By time, not by events: a program may do nothing at its end for long.
    if (backward && there.nanos() <= there.firstNanos()) {
      session.move(process, Moment.END);
    } else if (!backward && there.nanos() >= there.endNanos()) {
      session.move(process, Moment.BEGINNING);
    }
    endings.remove(process);
    Run coming = runFromHere(process, backward);
    // Nothing fails from here on: who is told that it runs, hears of its end, too.
    escort.began(process);
    run = coming;
    changed.signal();
    if (thread == null) {
      thread = Thread.ofVirtual().name("player").start(this::goOn);
    }
  }

  private Run runFromHere(long process, boolean backward) {
    double speed = speed(process);
    long now = session.cursor(process).timeline().nanos();
    return new Run(process, backward ? -speed : speed, now, System.nanoTime());
  }

  /** Answers whether the process was being played. */
  public boolean pause(long process) {
    lock.lock();
    try {
      return pace(process) != 0 && stop(Ending.PAUSED);
    } finally {
      lock.unlock();
    }
  }

  /** Whoever moves a process now says where to; nothing plays when this returns. */
  public void makeWay() {
    lock.lock();
    try {
      stop(Ending.TAKEN_OVER);
    } finally {
      lock.unlock();
    }
  }

  private boolean stop(Ending ending) {
    Run last = run;
    run = null;
    if (last == null) {
      return false;
    }
    endings.put(last.process(), ending);
    escort.ended(last.process(), ending);
    session.moved();
    return true;
  }

  private void goOn() {
    lock.lock();
    try {
      while (!closed) {
        if (run == null) {
          changed.await();
        } else if (changed.awaitNanos(TURN_NANOS) <= 0 && run != null) {
          turn(run);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Whatever ended it, the next play begins with another one.
      run = null;
      thread = null;
      lock.unlock();
    }
  }

  private void turn(Run now) {
    try {
      move(now);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a recording could not be played on", e);
      stop(Ending.FAILED);
    }
  }

  private void move(Run now) {
    Timeline before = session.cursor(now.process()).timeline();
    long target = now.nanosNow();
    boolean over = now.backward() ? target <= before.firstNanos() : target >= before.endNanos();
    Moment end = now.backward() ? Moment.BEGINNING : Moment.END;
    Timeline there = session.move(now.process(), over ? end : new Moment.Time(target)).timeline();
    Optional<Moment> stop =
        there.position() == before.position()
            ? Optional.empty()
            : escort.stop(now.process(), before.position(), there.position());
    stop.ifPresent(moment -> session.move(now.process(), moment));
    if (stop.isPresent()) {
      stop(Ending.STOP);
    } else if (over) {
      stop(now.backward() ? Ending.BEGINNING_OF_TIME : Ending.END_OF_TIME);
    } else {
      session.moved();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      run = null;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
