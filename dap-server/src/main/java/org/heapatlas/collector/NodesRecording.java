package org.heapatlas.collector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.session.SessionId;

/**
 * One recording of all that several nodes' collectors watch, in one folder: each node's in a folder
 * of its own, and beside them what is known of the nodes, above all how their clocks stand to ours.
 * Main entries: begin, status, finish.
 */
final class NodesRecording {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.collector");
  private static final long CLOCK_SECONDS = 10;
  private static final long SLACK_BYTES = 64L << 20;

  private final Path folder;
  private final String name = SessionId.fresh("nodes");
  private final NodesFile file;
  private final List<Member> members = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread clocks = Thread.ofVirtual().name("clocks").unstarted(this::watchClocks);

  /** A node as it is recorded. */
  record Remote(String address, RemoteCalls calls) {}

  private record Member(String address, String folder, RemoteCalls calls, NodeMirror mirror) {}

  private NodesRecording(Path folder) {
    this.folder = folder;
    this.file = new NodesFile(folder);
  }

  /**
   * The folder is new or empty. All nodes record, or none does; what the limits allow is shared
   * among them.
   */
  static NodesRecording begin(
      List<Remote> nodes, Path folder, RecordingStatus.Limits limits, String program) {
    NodesRecording recording = new NodesRecording(prepared(folder));
    try {
      recording.beginEach(nodes, limits, program);
    } catch (IOException e) {
      recording.giveUp();
      throw cannotWrite(folder, e);
    } catch (Problem e) {
      recording.giveUp();
      throw e;
    }
    recording.clocks.start();
    return recording;
  }

  private static Path prepared(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isPresent()) {
          throw Problem.usedWrongly(
              "cannot record into '%s': there is something in it; name a new folder"
                  .formatted(folder));
        }
      }
      return folder;
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  private static Problem cannotWrite(Path folder, IOException e) {
    return new Problem(
        Problem.Kind.USED_WRONGLY,
        "cannot record into '%s': %s".formatted(folder, e.getMessage()),
        e);
  }

  private void beginEach(List<Remote> nodes, RecordingStatus.Limits limits, String program)
      throws IOException {
    RecordingStatus.Limits each =
        new RecordingStatus.Limits(share(limits.maxBytes(), nodes.size()), limits.lastNanos());
    Set<String> names = new HashSet<>();
    for (Remote node : nodes) {
      String its = folderName(node.address(), names);
      MirrorFolder copy = new MirrorFolder(folder.resolve(its), mostCopied(each));
      RecordingStatus begun = node.calls().record(name, each, program);
      NodeMirror mirror =
          NodeMirror.begin(
              node.calls(), name, copy, begun, trouble -> note(its, node.address(), trouble));
      members.add(new Member(node.address(), its, node.calls(), mirror));
      measure(members.getLast());
    }
  }

  /** At least a byte, for 0 is no limit. */
  private static long share(long bytes, int nodes) {
    return bytes == 0 ? 0 : Math.max(1, bytes / nodes);
  }

  /** More than the node may record, which does not count names of functions. */
  private static long mostCopied(RecordingStatus.Limits limits) {
    boolean free = limits.maxBytes() == 0 || limits.maxBytes() > MirrorFolder.MOST_BYTES / 2;
    return free ? MirrorFolder.MOST_BYTES : 2 * limits.maxBytes() + SLACK_BYTES;
  }

  /** It did not begin: nothing of it stays, here or there. */
  private void giveUp() {
    finish();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(folder)) {
          Files.delete(each);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.WARNING, "'%s' cannot be emptied".formatted(folder), e);
    }
  }

  /** Of an address, what may stand in a file's name; unlike the ones before. */
  static String folderName(String address, Set<String> taken) {
    String plain = address.replaceAll("[^A-Za-z0-9.-]", "_").replaceFirst("^\\.", "_");
    String name = plain;
    for (int number = 2; !taken.add(name); number++) {
      name = plain + "-" + number;
    }
    return name;
  }

  private void note(String node, String address, String trouble) {
    try {
      file.missing(node, address, trouble);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "'%s' cannot be written".formatted(folder), e);
    }
  }

  private void measure(Member member) {
    try {
      file.measured(member.folder(), member.address(), member.calls().clock());
    } catch (IOException | Problem e) {
      LOG.log(System.Logger.Level.DEBUG, "a node's clock is not measured", e);
    }
  }

  private void watchClocks() {
    try {
      while (!over.await(CLOCK_SECONDS, TimeUnit.SECONDS)) {
        members.forEach(this::measure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The sums; it goes on while one of the nodes does. */
  RecordingStatus status() {
    List<RecordingStatus> all = members.stream().map(each -> each.mirror().status()).toList();
    boolean recording = all.stream().anyMatch(RecordingStatus::recording);
    List<String> missing = new ArrayList<>();
    for (int node = 0; node < all.size(); node++) {
      String address = members.get(node).address();
      Stream.concat(Stream.of(all.get(node).why()), all.get(node).missing().stream())
          .filter(sentence -> !sentence.isEmpty())
          .forEach(sentence -> missing.add("of the node %s: %s".formatted(address, sentence)));
    }
    return new RecordingStatus(
        folder.toString(),
        recording,
        recording ? "" : "no node is recorded any more",
        all.stream().mapToLong(RecordingStatus::events).sum(),
        all.stream().mapToLong(RecordingStatus::bytes).sum(),
        all.stream().mapToInt(RecordingStatus::processes).sum(),
        missing);
  }

  /** Whatever can be had of each node is here when it returns. */
  RecordingStatus finish() {
    over.countDown();
    List<Thread> endings =
        members.stream().map(each -> Thread.ofVirtual().start(() -> finish(each))).toList();
    try {
      for (Thread ending : endings) {
        ending.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RecordingStatus last = status();
    return new RecordingStatus(
        last.folder(),
        false,
        "it was stopped",
        last.events(),
        last.bytes(),
        last.processes(),
        last.missing());
  }

  private void finish(Member member) {
    measure(member);
    member.mirror().finish();
  }
}
