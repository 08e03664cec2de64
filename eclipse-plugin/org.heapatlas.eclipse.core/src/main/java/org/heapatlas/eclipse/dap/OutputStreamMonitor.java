package org.heapatlas.eclipse.dap;

import org.eclipse.core.runtime.ListenerList;
import org.eclipse.debug.core.IStreamListener;
import org.eclipse.debug.core.model.IFlushableStreamMonitor;

/** What was printed, kept until a console has taken it, and told to whoever listens. */
final class OutputStreamMonitor implements IFlushableStreamMonitor {
  private final ListenerList<IStreamListener> listeners = new ListenerList<>();
  private final StringBuilder contents = new StringBuilder();
  private boolean buffered = true;

  synchronized void append(String text) {
    if (buffered) {
      contents.append(text);
    }
    for (IStreamListener listener : listeners) {
      listener.streamAppended(text, this);
    }
  }

  @Override
  public void addListener(IStreamListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(IStreamListener listener) {
    listeners.remove(listener);
  }

  @Override
  public synchronized String getContents() {
    return contents.toString();
  }

  @Override
  public synchronized void flushContents() {
    contents.setLength(0);
  }

  @Override
  public synchronized void setBuffered(boolean buffer) {
    buffered = buffer;
  }

  @Override
  public synchronized boolean isBuffered() {
    return buffered;
  }
}
