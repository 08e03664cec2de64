package org.heapatlas.collector;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.heapatlas.model.Problem;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;

/**
 * A folder of recordings, each made on a node of its own: each is replayed by a collector of its
 * own, and all of them are one source, in which a node has the name of its recording's folder. They
 * stand on one clock where the folder says how theirs were apart. A recording that cannot be
 * replayed is left out, and said to be missing. Main entry: open.
 */
final class ReplayNodes implements Node {
  /** A collector each. */
  private static final int MOST = 64;

  private static final String DESCRIPTION = "recording.json";

  private final List<ReplayNode> nodes;
  private final HeapSource source;

  private ReplayNodes(List<ReplayNode> nodes, HeapSource source) {
    this.nodes = List.copyOf(nodes);
    this.source = source;
  }

  /** Also of a folder that is a single recording. What cannot be opened at all is a Problem. */
  static Node open(Path folder, NativeFiles files) {
    List<Path> recordings = recordingsIn(folder);
    return recordings.isEmpty() ? ReplayNode.open(folder, files) : open(folder, recordings, files);
  }

  private static Node open(Path folder, List<Path> recordings, NativeFiles files) {
    if (recordings.size() > MOST) {
      throw Problem.usedWrongly(
          "'%s' holds more than %d recordings; replay fewer at once".formatted(folder, MOST));
    }
    List<ReplayNode> nodes = new ArrayList<>();
    List<MergedSource.Part> parts = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> clocks = new ArrayList<>();
    NodesFile.Content known = known(folder, recordings, clocks);
    for (Path recording : recordings) {
      String name = recording.getFileName().toString();
      try {
        ReplayNode node = open(recording, name, files);
        nodes.add(node);
        ClockSeries clock = known.clocks().getOrDefault(name, ClockSeries.UNKNOWN);
        parts.add(new MergedSource.Part(name, node.source(), clock));
      } catch (Problem e) {
        missing.add("the node %s is left out: %s".formatted(name, e.getMessage()));
      }
    }
    if (nodes.isEmpty()) {
      throw Problem.usedWrongly(
          "none of the recordings in '%s' can be replayed; %s"
              .formatted(folder, missing.getFirst()));
    }
    missing.addAll(clocks);
    return new ReplayNodes(nodes, new MergedSource(parts, missing));
  }

  /** What a reader must know of the nodes goes to {@code sentences}. */
  private static NodesFile.Content known(
      Path folder, List<Path> recordings, List<String> sentences) {
    try {
      Optional<NodesFile.Content> known = NodesFile.read(folder);
      if (known.isEmpty() && recordings.size() > 1) {
        sentences.add(
            "how far apart the nodes' clocks were was not measured, so each node is told by its own");
      }
      List<String> names = recordings.stream().map(each -> each.getFileName().toString()).toList();
      known.ifPresent(each -> sentences.addAll(each.sentences(names)));
      return known.orElse(NodesFile.Content.NONE);
    } catch (Problem problem) {
      sentences.add(problem.getMessage());
      return NodesFile.Content.NONE;
    }
  }

  private static ReplayNode open(Path recording, String name, NativeFiles files) {
    if (Files.isSymbolicLink(recording)) {
      throw Problem.usedWrongly("'%s' is a link; put the recording itself there".formatted(name));
    }
    return ReplayNode.open(recording, files);
  }

  /** By name, one more than is replayed at most; none when the folder is a recording itself. */
  private static List<Path> recordingsIn(Path folder) {
    if (!Files.isDirectory(folder)
        || Files.exists(folder.resolve(DESCRIPTION), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isDirectory)) {
      List<Path> folders = new ArrayList<>();
      for (Path each : all) {
        if (folders.size() <= MOST) {
          folders.add(each);
        }
      }
      return folders.stream().anyMatch(each -> Files.exists(each.resolve(DESCRIPTION)))
          ? folders.stream().sorted().toList()
          : List.of();
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // whoever opens it as a recording says why it cannot be read
    }
  }

  @Override
  public HeapSource source() {
    return source;
  }

  @Override
  public Command command(Launch launch) {
    return nodes.getFirst().command(launch);
  }

  @Override
  public void close() {
    nodes.forEach(ReplayNode::close);
  }
}
