package org.heapatlas.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;

/** What a query or an export is about: a recording, or a session that is live on this machine. */
record Asked(Node node, String session) implements AutoCloseable {
  static final String WHAT =
      "The folder of a recording, or the PID or session of what is watched on this machine.";

  static Asked open(String text) {
    Nodes nodes = new CollectorNodes();
    if (Files.isDirectory(Path.of(text))) {
      return new Asked(nodes.replay(Path.of(text)), Nodes.REPLAY);
    }
    if (text.contains("/")) {
      throw Problem.usedWrongly("there is no folder '%s'".formatted(text));
    }
    Node node = nodes.local();
    Optional<String> session = session(node.source().processes(""), text);
    if (session.isEmpty()) {
      node.close();
      throw Problem.usedWrongly(
          "'%s' is neither a folder nor watched on this machine".formatted(text));
    }
    return new Asked(node, session.get());
  }

  /** The newest that fits, for numbers come again. */
  private static Optional<String> session(List<WatchedProcess> all, String text) {
    return all.stream()
        .filter(each -> each.session().equals(text) || Integer.toString(each.pid()).equals(text))
        .map(WatchedProcess::session)
        .reduce((older, newer) -> newer);
  }

  HeapSource source() {
    return node.source();
  }

  @Override
  public void close() {
    node.close();
  }
}
