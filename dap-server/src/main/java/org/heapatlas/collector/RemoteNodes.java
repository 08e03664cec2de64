package org.heapatlas.collector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.heapatlas.model.Problem;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;

/** Other machines, by their collectors: what runs there is watched, nothing is started. */
final class RemoteNodes implements Node {
  private final HeapSource source;

  private RemoteNodes(HeapSource source) {
    this.source = source;
  }

  /** All of them answer, or none is kept. */
  static RemoteNodes connect(List<String> addresses, Path certificates) {
    List<MergedSource.Part> parts = new ArrayList<>();
    try {
      for (String address : addresses) {
        CollectorClient client = TlsChannel.open(address, certificates);
        parts.add(new MergedSource.Part(address, client, client.remote()));
      }
      return new RemoteNodes(new MergedSource(parts));
    } catch (Problem e) {
      new MergedSource(parts).close();
      throw e;
    }
  }

  @Override
  public HeapSource source() {
    return source;
  }

  @Override
  public Command command(Launch launch) {
    throw Problem.usedWrongly("programs are started on their own node, with ./heapatlas run there");
  }

  @Override
  public void close() {
    source.close();
  }
}
