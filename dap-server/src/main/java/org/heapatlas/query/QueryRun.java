package org.heapatlas.query;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Problem;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Templates;
import org.heapatlas.session.Session;

/**
 * One query on its way, on a thread of its own, in a database of its own that can only read. Main
 * entries: start, state, stop. Called by its view; stop ends the query at once.
 */
final class QueryRun {
  /** So many rows are kept to be looked at; all of them has {@code ./heapatlas query}. */
  static final int MOST_ROWS = 100_000;

  private static final System.Logger LOG = System.getLogger("org.heapatlas.query");
  private static final long PATIENCE_MILLIS = 250;

  /** {@code more}: there are rows that were not kept. */
  record Result(List<Answer.Heading> headings, List<Object[]> rows, boolean more) {}

  /** {@code result} is null before there is one; {@code why} says what failed, or is empty. */
  record State(Result result, boolean running, String why) {}

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread thread;
  private volatile State state = new State(null, true, "");

  private QueryRun(Session session, String sql) {
    thread = Thread.ofVirtual().name("query").unstarted(() -> run(session, sql));
  }

  /** What is answered in a moment is shown at once, without a frame that says to wait. */
  static QueryRun start(Session session, String sql) {
    QueryRun run = new QueryRun(session, sql);
    run.thread.start();
    try {
      var _ = run.done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return run;
  }

  State state() {
    return state;
  }

  void stop() {
    thread.interrupt();
  }

  private void run(Session session, String sql) {
    try {
      state = new State(read(session, sql), false, "");
    } catch (Problem problem) {
      state = new State(null, false, problem.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a query failed", e);
      state = new State(null, false, "the query failed; the server's log says how");
    } finally {
      done.countDown();
    }
  }

  private static Result read(Session session, String sql) {
    String asked = Templates.with(Templates.folderOf(System.getenv())).expanded(sql);
    try (HeapDatabase database =
            HeapDatabase.open(session.source(), session.id(), HeapDatabase.Limits.USUAL);
        Answer answer = database.query(asked)) {
      List<Object[]> rows = new ArrayList<>();
      boolean more = false;
      while (!more && answer.next()) {
        more = rows.size() == MOST_ROWS;
        if (!more) {
          rows.add(row(answer));
        }
      }
      return new Result(answer.headings(), rows, more);
    }
  }

  private static Object[] row(Answer answer) {
    Object[] row = new Object[answer.headings().size()];
    for (int column = 0; column < row.length; column++) {
      row[column] = answer.value(column);
    }
    return row;
  }
}
