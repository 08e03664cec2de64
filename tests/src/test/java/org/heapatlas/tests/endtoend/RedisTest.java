package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.heapatlas.proto.Allocation;
import org.heapatlas.proto.ResolveRequest;
import org.heapatlas.proto.Stack;
import org.junit.jupiter.api.Test;

/**
 * A second account of the same heap, kept by somebody else: redis-server adds up the usable sizes
 * of the blocks from its own allocation functions in {@code used_memory}. What the collector lists
 * of them, rounded up to jemalloc's size classes, is the same sum.
 */
class RedisTest {
  private static final double PERCENT = 1;
  private static final int REQUESTS = 200_000;
  private static final int MOST_TRIES = 20;
  private static final Pattern COUNTED = Pattern.compile("z(?:try)?(?:malloc|calloc|realloc)");
  private static final Pattern USED = Pattern.compile("used_memory:(\\d+)\r\n");

  /**
   * jemalloc's smallest classes are multiples of this; from eight of it on, a doubling has four
   * classes.
   */
  private static final long QUANTUM = 16;

  private static final long SMALLEST = 8;

  @Test
  void theLiveBlocksAreTheMemoryThatRedisSaysItUses() throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      Path socket = node.folder().resolve("redis.sock");
      Process redis = node.start(command(socket), node.environment(""));
      long process = collector.await(info -> info.getPid() == redis.pid()).getProcess();
      Await.until("redis-server listens", () -> Files.exists(socket) && redis.isAlive());

      try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        client.connect(UnixDomainSocketAddress.of(socket));
        assertThat(ask(client, "DEBUG PAUSE-CRON 1")).isEqualTo("+OK\r\n");
        expectUsed(collector, process, client, "after the start");
        long empty = used(client);

        load(socket);
        expectUsed(collector, process, client, "with keys in it");
        assertThat(used(client))
            .as("bytes that the keys made redis-server use")
            .isGreaterThan(10 * empty);

        assertThat(ask(client, "FLUSHALL SYNC")).isEqualTo("+OK\r\n");
        expectUsed(collector, process, client, "after FLUSHALL");
      }
    }
  }

  /**
   * With its periodic work held, which would take an idle client's buffer of 20 kB away after an
   * answer and give it back before the next: both answers say the same, and the listing between
   * them something else.
   */
  private static List<String> command(Path socket) {
    return List.of(
        "redis-server",
        "--port",
        "0",
        "--unixsocket",
        socket.toString(),
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        socket.getParent().toString(),
        "--activerehashing",
        "no",
        "--enable-debug-command",
        "local",
        "--logfile",
        socket.getParent().resolve("redis.log").toString());
  }

  private static void load(Path socket) throws IOException, InterruptedException {
    Product.Result result =
        Product.execute(
            List.of(
                "timeout",
                "120",
                "redis-benchmark",
                "-s",
                socket.toString(),
                "-t",
                "set",
                "-n",
                Integer.toString(REQUESTS),
                "-r",
                "100000",
                "-d",
                "200",
                "-P",
                "16",
                "-q"),
            Map.of());
    assertThat(result.status()).as("redis-benchmark: %s", result.err()).isZero();
  }

  /**
   * The listing counts when redis-server, which frees what clients left behind, says the same after
   * it.
   */
  private static void expectUsed(
      Collector collector, long process, SocketChannel client, String moment) throws IOException {
    List<Allocation> live;
    long before;
    long after = used(client);
    int tries = 0;
    do {
      assertThat(tries++).as("tries to find redis-server quiet %s", moment).isLessThan(MOST_TRIES);
      before = after;
      live = collector.allocations(process);
      after = used(client);
    } while (before != after);

    Set<Long> own = sitesOfRedis(collector, process, live);
    long seen =
        live.stream()
            .filter(block -> own.contains(block.getSite()))
            .mapToLong(block -> usable(block.getSize()))
            .sum();
    assertThat(seen)
        .as("usable bytes of redis-server's blocks %s", moment)
        .isCloseTo(after, withinPercentage(PERCENT));
  }

  /**
   * The sites that redis-server counts: those of its own allocation functions. Lua in it, OpenSSL
   * and the C and C++ libraries ask jemalloc themselves, which used_memory leaves out.
   */
  private static Set<Long> sitesOfRedis(Collector collector, long process, List<Allocation> live) {
    List<Long> sites = live.stream().map(Allocation::getSite).distinct().toList();
    List<Stack> stacks =
        collector
            .calls()
            .resolve(ResolveRequest.newBuilder().setProcess(process).addAllSites(sites).build())
            .getStacksList();
    return IntStream.range(0, sites.size())
        .filter(
            i ->
                stacks.get(i).getFramesCount() > 0
                    && COUNTED.matcher(stacks.get(i).getFrames(0).getFunction()).lookingAt())
        .mapToObj(sites::get)
        .collect(Collectors.toSet());
  }

  /** The size of the smallest of jemalloc's classes that holds so many bytes. */
  private static long usable(long size) {
    if (size <= SMALLEST) {
      return SMALLEST;
    }
    long doubling = Long.highestOneBit(size - 1);
    long step = Math.max(QUANTUM, doubling / 4);
    return (size + step - 1) / step * step;
  }

  private static long used(SocketChannel client) throws IOException {
    Matcher used = USED.matcher(ask(client, "INFO memory"));
    assertThat(used.find()).as("redis-server tells used_memory").isTrue();
    return Long.parseLong(used.group(1));
  }

  /**
   * One command, its arguments free of spaces, and the answer: a simple string or a bulk string
   * with its head.
   */
  private static String ask(SocketChannel client, String command) throws IOException {
    client.write(ByteBuffer.wrap((command + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    StringBuilder answer = new StringBuilder();
    ByteBuffer part = ByteBuffer.allocate(4096);
    while (!isWhole(answer)) {
      if (client.read(part.clear()) < 0) {
        throw new IOException("redis-server hung up during " + command);
      }
      answer.append(StandardCharsets.US_ASCII.decode(part.flip()));
    }
    return answer.toString();
  }

  private static boolean isWhole(StringBuilder answer) {
    int head = answer.indexOf("\r\n") + 2;
    if (head < 2 || answer.charAt(0) != '$') {
      return head >= 2;
    }
    return answer.length() == head + Integer.parseInt(answer.substring(1, head - 2)) + 2;
  }
}
