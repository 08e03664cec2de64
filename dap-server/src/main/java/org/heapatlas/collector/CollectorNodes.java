package org.heapatlas.collector;

import java.nio.file.Path;
import java.util.List;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;

/** The nodes that collectors stand for. */
public final class CollectorNodes implements Nodes {
  @Override
  public Node local() {
    return LocalNode.open();
  }

  @Override
  public Node remote(List<String> addresses, Path certificates) {
    return RemoteNodes.connect(addresses, certificates);
  }

  @Override
  public Node replay(Path recording) {
    return ReplayNodes.open(recording, NativeFiles.ofProperties());
  }
}
