package org.heapatlas.memory;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.heapatlas.model.Problem;

/**
 * Reads what takes long, on a thread of its own, so that a view shows meanwhile what there is so
 * far. Main entries: of, stop. Called by a view for each frame; another question ends the one
 * before. {@code Q} is what is asked, with equality; {@code R} what was read, which nobody changes.
 */
final class LongReading<Q, R> {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.memory");

  /** Reads; whoever reads looks at {@code goesOn} often, and shows immutable results. */
  interface Reader<Q, R> {
    R read(Q question, Course<R> course);
  }

  /** How a reader tells of its course. */
  interface Course<R> {
    /** What there is so far, {@code done} from 0 to 1; throws when nobody wants it any more. */
    void soFar(R result, double done);

    /** Closed when the reading is to end. */
    void closing(AutoCloseable source);
  }

  /** {@code result} is null before there is any; {@code why} says what failed, or is empty. */
  record State<R>(R result, double done, boolean reading, String why) {}

  private static final long PATIENCE_MILLIS = 250;

  private final Reader<Q, R> reader;
  private final AtomicReference<Run> current = new AtomicReference<>();

  LongReading(Reader<Q, R> reader) {
    this.reader = reader;
  }

  /** The state of the answer to this question, which is begun when it was not asked last. */
  State<R> of(Q question) {
    Run run = current.get();
    if (run == null || !Objects.equals(run.question, question)) {
      stop();
      run = new Run(question);
      current.set(run);
      run.start();
      run.awaitShortly();
    }
    return run.state;
  }

  /** What was read stays as it is. */
  void stop() {
    Run run = current.get();
    if (run != null) {
      run.end();
    }
  }

  /** The same question is read anew. */
  void again() {
    stop();
    current.set(null);
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final class Run implements Course<R> {
    private final Q question;
    private volatile State<R> state = new State<>(null, 0, true, "");
    private final CountDownLatch read = new CountDownLatch(1);
    private volatile boolean over;
    private volatile AutoCloseable source;

    Run(Q question) {
      this.question = question;
    }

    /** What is read in a moment is shown at once, without a frame that says to wait. */
    void awaitShortly() {
      try {
        var _ = read.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void start() {
      Thread.ofVirtual().name("reading for a view").start(this::run);
    }

    private void run() {
      try {
        R result = reader.read(question, this);
        state = new State<>(result, 1, false, "");
      } catch (Stopped e) {
        state = new State<>(state.result(), state.done(), false, "");
      } catch (RuntimeException e) {
        failed(e);
      } finally {
        read.countDown();
      }
    }

    private void failed(RuntimeException e) {
      String why = "";
      if (!over && e instanceof Problem problem) {
        why = problem.getMessage();
      } else if (!over) {
        LOG.log(System.Logger.Level.ERROR, "a reading for a view failed", e);
        why = "what was recorded could not be read; the server's log says how";
      }
      state = new State<>(state.result(), state.done(), false, why);
    }

    @Override
    public void soFar(R result, double done) {
      if (over) {
        throw new Stopped();
      }
      state = new State<>(result, done, true, "");
    }

    @Override
    public void closing(AutoCloseable toClose) {
      source = toClose;
      if (over) {
        end();
      }
    }

    void end() {
      over = true;
      AutoCloseable open = source;
      if (open != null) {
        try {
          open.close();
        } catch (Exception e) {
          LOG.log(System.Logger.Level.DEBUG, "a reading had ended already", e);
        }
      }
    }
  }
}
