package org.heapatlas.eclipse.dap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.lsp4j.debug.CancelArguments;
import org.eclipse.lsp4j.debug.ProgressEndEventArguments;
import org.eclipse.lsp4j.debug.ProgressStartEventArguments;
import org.eclipse.lsp4j.debug.ProgressUpdateEventArguments;

/** An adapter's long work, each as a job that its cancel button tells to stop. */
final class DapProgress {
  private static final int WHOLE = 100;

  private final DapTarget target;
  private final Map<String, Work> running = new ConcurrentHashMap<>();

  DapProgress(DapTarget target) {
    this.target = target;
  }

  void begin(ProgressStartEventArguments begun) {
    Work work = new Work(begun);
    running.put(begun.getProgressId(), work);
    work.schedule();
  }

  void update(ProgressUpdateEventArguments update) {
    Work work = running.get(update.getProgressId());
    if (work != null) {
      work.update(update.getMessage(), update.getPercentage());
    }
  }

  void end(ProgressEndEventArguments ended) {
    Work work = running.remove(ended.getProgressId());
    if (work != null) {
      work.finish();
    }
  }

  void endAll() {
    running.values().forEach(Work::finish);
    running.clear();
  }

  /** Its thread is given back at once: a job may end later than its run. */
  private final class Work extends Job {
    private final ProgressStartEventArguments begun;
    private IProgressMonitor monitor;
    private int done;
    private boolean finished;

    Work(ProgressStartEventArguments begun) {
      super(begun.getTitle());
      this.begun = begun;
    }

    @Override
    protected synchronized IStatus run(IProgressMonitor given) {
      if (finished) {
        return Status.OK_STATUS;
      }
      monitor = given;
      monitor.beginTask(
          getName(), begun.getPercentage() == null ? IProgressMonitor.UNKNOWN : WHOLE);
      setThread(Thread.currentThread());
      update(begun.getMessage(), begun.getPercentage());
      return ASYNC_FINISH;
    }

    synchronized void update(String message, Double percentage) {
      if (monitor == null) {
        return;
      }
      if (message != null) {
        monitor.subTask(message);
      }
      if (percentage != null && percentage.intValue() > done) {
        monitor.worked(percentage.intValue() - done);
        done = percentage.intValue();
      }
    }

    synchronized void finish() {
      finished = true;
      if (monitor != null) {
        monitor.done();
        done(Status.OK_STATUS);
      }
    }

    @Override
    protected void canceling() {
      if (DapTarget.offers(begun.getCancellable())) {
        CancelArguments arguments = new CancelArguments();
        arguments.setProgressId(begun.getProgressId());
        target
            .server()
            .cancel(arguments)
            .whenComplete((answer, failure) -> Dap.log("Cancelling " + getName(), failure));
      }
    }
  }
}
