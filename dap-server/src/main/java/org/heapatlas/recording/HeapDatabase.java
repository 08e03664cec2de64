package org.heapatlas.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/**
 * One session's tables for SQL: a database in memory that can reach neither files, nor the network,
 * nor its own configuration, and takes nothing but a SELECT. Main entry: query, one at a time. It
 * runs on a thread of its own, for the database's calls cannot be interrupted; who waits for it can
 * be, and the query then ends at once.
 */
public final class HeapDatabase implements AutoCloseable {
  /** What a query may take. */
  public record Limits(long memoryBytes, Duration time) {
    public static final Limits USUAL = new Limits(1L << 30, Duration.ofSeconds(60));

    /** For who reads all of a recording. */
    public static final Limits PATIENT = new Limits(USUAL.memoryBytes(), Duration.ofHours(1));
  }

  private static final System.Logger LOG = System.getLogger("org.heapatlas.recording");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_THREADS = 2;
  private static final int CANCELS = 500;
  private static final long CANCEL_AGAIN_MILLIS = 20;

  private final Limits limits;
  private final Reading reading;
  private final Connection connection;

  private HeapDatabase(Limits limits, Reading reading, Connection connection) {
    this.limits = limits;
    this.reading = reading;
    this.connection = connection;
  }

  /** Over the processes that the source knows of the session now. */
  public static HeapDatabase open(HeapSource source, String session, Limits limits) {
    return open(source, source.processes(session), limits, false);
  }

  /**
   * Over some of the source's processes, for answers that are too large to be held; what is wrong
   * with a query is said less well.
   */
  public static HeapDatabase openStreaming(
      HeapSource source, List<WatchedProcess> processes, Limits limits) {
    return open(source, processes, limits, true);
  }

  private static HeapDatabase open(
      HeapSource source, List<WatchedProcess> processes, Limits limits, boolean streaming) {
    Reading reading = new Reading(source, processes);
    try {
      Connection connection = connect(streaming);
      try {
        prepare(connection, reading);
        limit(connection, limits);
        lock(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      return new HeapDatabase(limits, reading, connection);
    } catch (SQLException e) {
      throw new Problem(Problem.Kind.FAILED, "the database cannot be opened: " + e.getMessage(), e);
    }
  }

  static Connection connect(boolean streaming) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, String.valueOf(streaming));
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("autoinstall_known_extensions", "false");
    return DriverManager.getConnection("jdbc:duckdb:", properties);
  }

  private static void prepare(Connection connection, Reading reading) throws SQLException {
    DuckTable.register(EventTables.EVENTS, reading, connection);
    DuckTable.register(EventTables.ALLOCATIONS, reading, connection);
    for (HeapTable table : StateTables.ALL) {
      DuckTable.register(table, reading, connection);
    }
    SiteNames.register(reading, connection);
    String kinds =
        EventTables.KINDS.stream()
            .map(kind -> "'" + kind.name().toLowerCase(Locale.ROOT) + "'")
            .collect(Collectors.joining(","));
    run(connection, "CREATE MACRO kind_name(kind) AS ([" + kinds + "])[kind + 1]");
    run(connection, resource("schema.sql"));
  }

  /** The tables and macros that a query can name, in words. */
  public static String describedTables() {
    return resource("tables.md");
  }

  static String resource(String name) {
    try (InputStream file = HeapDatabase.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void limit(Connection connection, Limits limits) throws SQLException {
    run(connection, "SET memory_limit = '" + limits.memoryBytes() + "B'");
    run(
        connection,
        "SET threads = " + Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    run(connection, "SET temp_directory = ''");
  }

  private static void lock(Connection connection) throws SQLException {
    run(connection, "SET allow_community_extensions = false");
    run(connection, "SET enable_external_access = false");
    run(connection, "SET lock_configuration = true");
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * The rows of a SELECT. Throws a Problem with the place in the query where it is wrong, and when
   * the thread is interrupted or a limit is reached.
   */
  public Answer query(String sql) {
    Statement statement = statement();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("sql")
        .start(
            () -> {
              try {
                checkIsSelect(sql);
                statement.execute(sql);
                answer.complete(new Answer(statement, reading));
              } catch (SQLException e) {
                answer.completeExceptionally(
                    reading.failure().orElseGet(() -> SqlProblem.of(e, sql, limits)));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    return await(answer, statement);
  }

  private Statement statement() {
    try {
      return connection.createStatement();
    } catch (SQLException e) {
      throw new Problem(Problem.Kind.FAILED, "the database is closed", e);
    }
  }

  private Answer await(CompletableFuture<Answer> answer, Statement statement) {
    try {
      return answer.get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e);
    } catch (InterruptedException e) {
      end(answer, statement);
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "the query was cancelled", e);
    } catch (TimeoutException e) {
      end(answer, statement);
      throw new Problem(
          Problem.Kind.FAILED,
          "the query was ended after %d s; narrow it, or ask by ./heapatlas query, which --timeout gives more time"
              .formatted(limits.time().toSeconds()),
          e);
    }
  }

  /** Ends what the query waits for, and waits until it has ended. */
  private void end(CompletableFuture<Answer> answer, Statement statement) {
    reading.close();
    for (int i = 0; i < CANCELS; i++) {
      try {
        // One that comes before the query has begun is not heard.
        statement.cancel();
        answer.get(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS).close();
        return;
      } catch (ExecutionException | SQLException hasEnded) {
        LOG.log(System.Logger.Level.DEBUG, "a query was ended", hasEnded);
        return;
      } catch (TimeoutException notYet) {
        LOG.log(System.Logger.Level.DEBUG, "a query has not ended yet", notYet);
      } catch (InterruptedException again) {
        LOG.log(System.Logger.Level.DEBUG, "a query is being ended already", again);
      }
    }
    LOG.log(System.Logger.Level.WARNING, "a query may not have ended");
  }

  /** By the database's own parser, so that there is no second opinion of what a SELECT is. */
  private void checkIsSelect(String sql) throws SQLException {
    JsonNode answer = parse(sql);
    if (answer.path("error_type").asText().equals("parser")) {
      throw SqlProblem.ofParser(answer, sql);
    }
    if (answer.path("error").asBoolean() || answer.path("statements").size() != 1) {
      throw Problem.usedWrongly(
          "a query is one SELECT and only reads; the tables are listed by 'show tables'");
    }
  }

  private JsonNode parse(String sql) throws SQLException {
    try (PreparedStatement parse =
        connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR")) {
      parse.setString(1, sql);
      try (ResultSet answer = parse.executeQuery()) {
        answer.next();
        return JSON.readTree(answer.getString(1));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the parser's answer is no JSON", e);
    }
  }

  @Override
  public void close() {
    reading.close();
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "the database did not close", e);
    }
  }
}
