package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.proto.ProcessRequest;
import org.heapatlas.proto.Summary;
import org.heapatlas.proto.TimelineReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session that watches two nodes is recorded into one folder: what lies there is what the nodes
 * showed, whoever died, and it says how their clocks stood. The nodes are two collectors of this
 * machine, each with certificates on a port.
 */
class RecordedClusterTest {
  private static final String GROWS =
      "import sys\nfor line in sys.stdin: kept = [bytes(1000 + i) for i in range(2000)]; print('more', flush=True)";

  private static final String NEVER_RESTS = "while True: kept = [bytes(1000) for i in range(1000)]";

  @TempDir static Path certificates;
  @TempDir Path here;
  private final List<Member> members = new ArrayList<>();
  private Path recording;

  /** One collector, the folder in which it keeps what others have it record, and its program. */
  private record Member(TestNode node, String address, Path kept, Process program, long process) {
    String folder() {
      return address.replace(':', '_');
    }

    /** The program waits for the next one when this returns. */
    void grow() throws IOException {
      program.getOutputStream().write('\n');
      program.getOutputStream().flush();
      program.inputReader().readLine();
    }

    TimelineReply timeline() {
      try (Collector collector = node.connect()) {
        return collector.calls().timeline(ProcessRequest.newBuilder().setProcess(process).build());
      }
    }

    Summary live() {
      try (Collector collector = node.connect()) {
        return collector.summary(process, false);
      }
    }
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    Path tls = certificates.resolve("tls");
    assertThat(Product.heapatlas("collector", "--init-tls", tls.toString()).status()).isZero();
  }

  private static String tls() {
    return certificates.resolve("tls").toString();
  }

  private void start() throws Exception {
    start(GROWS);
  }

  private void start(String source) throws Exception {
    recording = here.resolve("recording");
    for (int number = 0; number < 2; number++) {
      TestNode node = TestNode.empty();
      String address = "127.0.0.1:" + freePort();
      Path kept = here.resolve("kept" + number);
      node.startCollector("--listen", address, "--tls", tls(), "--recordings", kept.toString());
      Process program = node.start(List.of("/usr/bin/python3", "-c", source), node.environment(""));
      long id = node.await(process -> process.getPid() == program.pid(), 100).getProcess();
      members.add(new Member(node, address, kept, program, id));
    }
  }

  @AfterEach
  void end() throws IOException {
    for (Member member : members) {
      member.node().close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Adapter attached() throws Exception {
    return attached(Map.of("record", recording.toString()));
  }

  private Adapter attached(Map<String, String> more) throws Exception {
    Adapter adapter = Adapter.start();
    adapter.ask("initialize", Map.of("adapterID", "tests"));
    Map<String, Object> arguments = new HashMap<>(more);
    arguments.put("nodes", members.stream().map(Member::address).toList());
    arguments.put("tls", tls());
    adapter.ask("attach", arguments);
    adapter.await("process");
    return adapter;
  }

  private static String console(Adapter adapter, String expression) throws Exception {
    return adapter.ask("evaluate", Map.of("expression", expression)).path("result").asText();
  }

  private JsonNode query(String sql) throws Exception {
    Product.Result result = Product.heapatlas("query", recording.toString(), "--json", sql);
    assertThat(result.status()).as(result.err()).isZero();
    return result.json();
  }

  private void assertFiguresAre(Member member, Summary live) throws Exception {
    JsonNode row =
        query(
                "SELECT allocations, releases, live_bytes, live_allocations, peak_bytes FROM processes WHERE node = '%s'"
                    .formatted(member.folder()))
            .path(0);
    assertThat(row.path("allocations").asLong()).isEqualTo(live.getAllocations());
    assertThat(row.path("releases").asLong()).isEqualTo(live.getReleases());
    assertThat(row.path("live_bytes").asLong()).isEqualTo(live.getLiveBytes());
    assertThat(row.path("live_allocations").asLong()).isEqualTo(live.getLiveAllocations());
    assertThat(row.path("peak_bytes").asLong()).isEqualTo(live.getPeakBytes());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Whether the events that a node has recorded are here; what is known beside them grows on. */
  private boolean isCopied(Member member) throws IOException {
    Path copy = recording.resolve(member.folder());
    List<Path> events =
        files(member.kept()).stream()
            .filter(file -> file.getFileName().toString().startsWith("events-"))
            .toList();
    for (Path file : events) {
      Path name = member.kept().relativize(file);
      Path other = copy.resolve(name.subpath(1, name.getNameCount()));
      if (!Files.exists(other) || Files.mismatch(file, other) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Everything that the program has done so far is in the node's recording, and here. */
  private void awaitCopied(Member member) {
    member.live(); // reads all that it wrote
    Await.until(
        "the node has sealed what its program did",
        () -> {
          TimelineReply there = member.timeline();
          return there.getEndPosition() > 0 && there.getEndPosition() == there.getPosition();
        });
    Await.until("the node's recording is copied", () -> isCopied(member));
  }

  @Test
  void bothNodesAreInTheRecordingWithTheFiguresThatTheyShowed() throws Exception {
    start();
    try (Adapter adapter = attached()) {
      for (Member member : members) {
        member.grow();
        member.grow();
      }
      assertThat(console(adapter, "sql SELECT node, clock_offset, clock_error FROM nodes"))
          .contains(members.get(0).address(), members.get(1).address());
      assertThat(console(adapter, "record")).contains("is recorded", recording.toString());
      assertThat(console(adapter, "record stop")).contains("is sealed");
      for (Member member : members) {
        assertFiguresAre(member, member.live());
        assertThat(files(member.kept())).as("the node's own copy is gone").isEmpty();
      }
    }
    JsonNode nodes = query("SELECT node, clock_offset, clock_error FROM nodes ORDER BY node");
    assertThat(nodes.findValuesAsText("node"))
        .containsExactlyElementsOf(members.stream().map(Member::folder).sorted().toList());
    for (JsonNode node : nodes) {
      long error = node.path("clock_error").asLong();
      assertThat(error).isPositive();
      // It is one machine, so that its clock is not ahead of itself.
      assertThat(Math.abs(node.path("clock_offset").asLong())).isLessThanOrEqualTo(error);
    }
    Product.Result replayed = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(replayed.err())
        .contains("instants of the node " + members.get(0).folder() + " are on the clock");
  }

  @Test
  void aServerThatIsKilledLeavesWhatWasCopied() throws Exception {
    start();
    try (Adapter adapter = attached()) {
      for (Member member : members) {
        member.grow();
        awaitCopied(member);
      }
      adapter.kill();
    }
    for (Member member : members) {
      assertFiguresAre(member, member.live());
    }
  }

  @Test
  void aNodeThatIsKilledTakesNothingFromTheOther() throws Exception {
    start();
    Member lost = members.get(0);
    Member other = members.get(1);
    try (Adapter adapter = attached()) {
      lost.grow();
      awaitCopied(lost);
      lost.node().collectorProcess().destroyForcibly().waitFor();
      other.grow();
      Await.until(
          "the loss is said",
          () -> console(adapter, "record").contains("of the node " + lost.address()));
      console(adapter, "record stop");
      assertFiguresAre(other, other.live());
    }
    assertThat(query("SELECT live_bytes FROM nodes")).hasSize(2);
    Product.Result replayed = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(replayed.err()).contains("of the node " + lost.folder() + ": the collector at");
  }

  /** The node's collector stands still, as if its network were gone, and goes on. */
  @Test
  void aNodeThatComesBackGoesOnToBeRecorded() throws Exception {
    start();
    Member away = members.get(0);
    try (Adapter adapter = attached()) {
      away.grow();
      awaitCopied(away);
      TestNode.signal(away.node().collectorProcess().toHandle(), "STOP");
      Await.until(
          "the loss is said",
          () -> console(adapter, "record").contains("of the node " + away.address()));
      TestNode.signal(away.node().collectorProcess().toHandle(), "CONT");
      away.grow();
      Await.until(
          "it is recorded again",
          () -> !console(adapter, "record").contains("of the node " + away.address()));
      console(adapter, "record stop");
      assertFiguresAre(away, away.live());
    }
    Product.Result replayed = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(replayed.err()).doesNotContain("of the node " + away.folder() + ":");
  }

  private boolean gaveUpItsOldest(Path folder) throws IOException {
    List<String> names = files(folder).stream().map(file -> file.getFileName().toString()).toList();
    return names.stream().anyMatch(name -> name.startsWith("events-"))
        && !names.contains("events-0.frames");
  }

  @Test
  void aFlightRecorderOfNodesGivesUpHereWhatItGivesUpThere() throws Exception {
    start(NEVER_RESTS);
    try (Adapter adapter = attached(Map.of("record", recording.toString(), "recordLast", "1s"))) {
      for (Member member : members) {
        Path copy = recording.resolve(member.folder());
        Await.until("the node gave something up", () -> gaveUpItsOldest(member.kept()));
        Await.until("so did the copy", () -> gaveUpItsOldest(copy));
        TestNode.signal(member.program().toHandle(), "STOP");
      }
      console(adapter, "record stop");
      for (Member member : members) {
        assertFiguresAre(member, member.live());
      }
    }
    Product.Result replayed = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(replayed.status()).isZero();
    assertThat(replayed.err()).doesNotContain("missing").doesNotContain("damaged");
  }

  @Test
  void whatHasReachedItsLimitSaysSo() throws Exception {
    start(NEVER_RESTS);
    try (Adapter adapter = attached(Map.of())) {
      assertThat(console(adapter, "record " + recording)).contains("every event is kept");
      assertThat(console(adapter, "record stop")).contains("is sealed");
    }
    recording = here.resolve("small");
    try (Adapter adapter = attached(Map.of("record", recording.toString(), "recordMax", "2M"))) {
      Await.until(
          "both have reached it",
          () -> console(adapter, "record").contains("no node is recorded any more"));
      assertThat(console(adapter, "record"))
          .contains("of the node " + members.get(0).address(), "has reached its limit of 1048576");
      console(adapter, "record stop");
    }
    assertThat(query("SELECT node FROM nodes")).hasSize(2);
  }

  @Test
  void attachOnTheCommandLineRecordsThemToo() throws Exception {
    start();
    List<String> command =
        List.of(
            Product.root().resolve("heapatlas").toString(),
            "attach",
            "--nodes",
            members.get(0).address() + "," + members.get(1).address(),
            "--tls",
            tls(),
            "-o",
            recording.toString());
    Process attach =
        members
            .getFirst()
            .node()
            .start(
                new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD),
                Map.of());
    Await.until("the recording has begun", () -> Files.exists(recording.resolve("nodes.jsonl")));
    for (Member member : members) {
      Await.until("it is copied", () -> Files.exists(recording.resolve(member.folder())));
      member.grow();
    }
    TestNode.signal(attach.toHandle(), "INT");
    assertThat(attach.waitFor()).isZero();
    for (Member member : members) {
      assertFiguresAre(member, member.live());
    }
  }

  @Test
  void aFolderWithSomethingInItIsRefusedAndNothingIsRecorded() throws Exception {
    start();
    recording = Files.createDirectory(here.resolve("full"));
    Files.writeString(recording.resolve("mine"), "kept");
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      Map<String, Object> arguments =
          Map.of(
              "nodes",
              List.of(members.getFirst().address()),
              "tls",
              tls(),
              "record",
              recording.toString());
      assertThat(adapter.refusal("attach", arguments)).contains("there is something in it");
    }
    assertThat(members.getFirst().kept()).doesNotExist();
    assertThat(recording.resolve("mine")).hasContent("kept");
  }
}
