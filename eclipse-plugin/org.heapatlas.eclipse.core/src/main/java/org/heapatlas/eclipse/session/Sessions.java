package org.heapatlas.eclipse.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IDebugTarget;
import org.heapatlas.eclipse.dap.DapTarget;

/**
 * The sessions of HeapAtlas that run, and the one that views follow: what a person chose, if it
 * still runs; else the one that began last. Called from any thread.
 */
public final class Sessions {
  private static final String ADAPTER = "heapatlas";
  private static final Sessions SHARED = new Sessions();

  /** Told on whatever thread changed it. */
  @FunctionalInterface
  public interface Listener {
    /** Others run, or another is current. */
    void changed();
  }

  /** In the order in which they began. */
  private final Map<DapTarget, HeapSession> running = new LinkedHashMap<>();

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private HeapSession preferred;

  private Sessions() {
    DebugPlugin debug = DebugPlugin.getDefault();
    debug.addDebugEventListener(this::hear);
    for (ILaunch launch : debug.getLaunchManager().getLaunches()) {
      for (IDebugTarget target : launch.getDebugTargets()) began(target);
    }
  }

  public static Sessions shared() {
    return SHARED;
  }

  public synchronized Optional<HeapSession> current() {
    if (preferred != null) return Optional.of(preferred);
    List<HeapSession> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  public synchronized List<HeapSession> all() {
    return new ArrayList<>(running.values());
  }

  /** From now on views follow this one, until it ends or another begins. */
  public void choose(DapTarget target) {
    synchronized (this) {
      HeapSession chosen = running.get(target);
      if (chosen == null || current().orElse(null) == chosen) return;
      preferred = chosen;
    }
    tell();
  }

  /**
   * @return to be run to hear no more
   */
  public Runnable onChange(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void hear(DebugEvent[] events) {
    for (DebugEvent event : events) {
      if (event.getKind() == DebugEvent.CREATE) began(event.getSource());
      else if (event.getKind() == DebugEvent.TERMINATE) ended(event.getSource());
    }
  }

  private void began(Object source) {
    if (!(source instanceof DapTarget target) || !target.startRequest().adapter().equals(ADAPTER)) {
      return;
    }
    synchronized (this) {
      if (target.isTerminated() || running.containsKey(target)) return;
      running.put(target, new HeapSession(target));
      preferred = null;
    }
    tell();
  }

  private void ended(Object source) {
    HeapSession over;
    synchronized (this) {
      over = source instanceof DapTarget target ? running.remove(target) : null;
      if (over == null) return;
      if (preferred == over) preferred = null;
    }
    over.end();
    tell();
  }

  private void tell() {
    listeners.forEach(Listener::changed);
  }
}
