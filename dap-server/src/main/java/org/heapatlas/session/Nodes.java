package org.heapatlas.session;

import java.nio.file.Path;
import java.util.List;

/**
 * Where heaps can be watched. Each call connects anew; a {@link org.heapatlas.model.Problem} names
 * the node that cannot be reached or does not let us in.
 */
public interface Nodes {
  /** The session of all replayed processes. */
  String REPLAY = "replay";

  /** This machine; its collector is started when none answers. */
  Node local();

  /**
   * The collectors at these addresses ({@code host:port}) as one source, with certificates from a
   * folder. Nothing can be started there.
   */
  Node remote(List<String> addresses, Path certificates);

  /**
   * The processes of a recording, under the session {@link #REPLAY}. Nothing can be started there.
   */
  Node replay(Path recording);
}
