package org.heapatlas.dap;

import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;

/** A node on which nothing can be started. */
record FakeNode(FakeHeap heap) implements Node {
  @Override
  public HeapSource source() {
    return heap;
  }

  @Override
  public Command command(Launch launch) {
    throw new UnsupportedOperationException("this node starts nothing");
  }

  @Override
  public void close() {
    heap.close();
  }
}
