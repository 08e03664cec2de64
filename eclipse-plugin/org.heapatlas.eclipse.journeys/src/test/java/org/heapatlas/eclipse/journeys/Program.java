package org.heapatlas.eclipse.journeys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.heapatlas.eclipse.tests.Until;

/** The programs that people watch in the journeys, as the system has them. */
enum Program {
  /** Under the load of a client. */
  REDIS("/usr/bin/redis-server") {
    @Override
    String lasting(Path folder) {
      return "--port 0 --save '' --unixsocket redis.sock";
    }

    @Override
    String brief(Path folder) {
      return lasting(folder);
    }

    @Override
    Process client(Path folder) throws Exception {
      return start(folder, LOAD, "-l", "-t", "set,lpush,rpop");
    }

    @Override
    void end(Path folder) throws Exception {
      assertEquals(0, start(folder, LOAD, "-n", "1000", "-t", "set,lpush").waitFor());
      assertEquals(0, start(folder, List.of("redis-cli"), "shutdown", "nosave").waitFor());
    }

    private Process start(Path folder, List<String> client, String... arguments) throws Exception {
      Path socket = folder.resolve("redis.sock");
      Until.holds("redis-server listens", () -> Files.exists(socket));
      List<String> words = new ArrayList<>(client);
      words.addAll(1, List.of("-s", socket.toString()));
      words.addAll(List.of(arguments));
      return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(DISCARD).start();
    }
  },
  /** Answers a query. */
  SQLITE("/usr/bin/sqlite3") {
    @Override
    String lasting(Path folder) {
      return query("");
    }

    @Override
    String brief(Path folder) {
      return query(" LIMIT 2000");
    }

    private String query(String limit) {
      return ":memory: \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
          + limit
          + ") SELECT sum(length(hex(randomblob(100 + i % 900)))) FROM n\"";
    }
  },
  /** Compiles a unit. */
  COMPILE("/usr/bin/g++") {
    @Override
    String lasting(Path folder) throws IOException {
      return unit(folder, "#include <iostream>\n#include <regex>\n" + LONG_UNIT, "-O2");
    }

    @Override
    String brief(Path folder) throws IOException {
      return unit(
          folder, "#include <vector>\nint main() { return std::vector<int>(3)[1]; }\n", "-O0");
    }

    private String unit(Path folder, String source, String level) throws IOException {
      Files.writeString(folder.resolve("unit.cc"), source);
      return level + " -c unit.cc -o unit.o";
    }
  };

  private static final ProcessBuilder.Redirect DISCARD = ProcessBuilder.Redirect.DISCARD;
  private static final List<String> LOAD =
      List.of("redis-benchmark", "-q", "-c", "4", "-r", "20000", "-d", "200");

  /** Each of many instances is compiled and optimized by itself. */
  private static final String LONG_UNIT =
      """
      template <int N> bool matches(const char* text) {
        return std::regex_match(text, std::regex(std::string(N, '.') + "[a-z]+")) || matches<N - 1>(text);
      }
      template <> bool matches<0>(const char*) { return false; }
      template <int N> struct Wide : Wide<N - 1> { std::basic_string<char, std::char_traits<char>> part; };
      template <> struct Wide<0> {};
      int main(int, char** words) { std::cout << matches<60>(words[0]) << sizeof(Wide<200>); }
      """;

  final String path;

  Program(String path) {
    this.path = path;
  }

  /** Arguments with which it runs longer than anybody looks. */
  abstract String lasting(Path folder) throws IOException;

  /** Arguments with which it ends soon, once it was told to. */
  abstract String brief(Path folder) throws IOException;

  /** What keeps it busy beside itself, or null. */
  Process client(Path folder) throws Exception {
    return null;
  }

  /** Tells it to end. */
  void end(Path folder) throws Exception {
    // It does so by itself.
  }
}
