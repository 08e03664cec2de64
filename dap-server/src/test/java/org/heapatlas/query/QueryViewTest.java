package org.heapatlas.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryViewTest {
  private static final String ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b";
  private final FakeHeap heap = new FakeHeap();
  private Session session;
  private OpenView view;

  @BeforeEach
  void open() {
    session = new Session("test", heap);
    heap.appear(WatchedProcess.State.REPLAYED);
    view = open("");
  }

  @AfterEach
  void close() {
    view.close();
    session.close();
  }

  private OpenView open(String sql) {
    return new QueryFeature()
        .views()
        .getFirst()
        .open(
            session,
            new ViewDefinition.Options(Map.of("sql", sql), ViewDefinition.Viewport.DEFAULT));
  }

  private void act(String action, String... arguments) {
    Map<String, String> table = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      table.put(arguments[i], arguments[i + 1]);
    }
    view.act(new OpenView.Act(action, "", table));
  }

  private Frame answered() throws InterruptedException {
    Frame frame = view.frame();
    while (frame.progress() != null) {
      Thread.sleep(5);
      frame = view.frame();
    }
    return frame;
  }

  private static Table table(Frame frame) {
    return (Table) frame.data();
  }

  private static List<String> texts(Frame frame, int column) {
    return table(frame).rows().stream()
        .map(row -> row.cells().get(column))
        .map(cell -> cell.text() == null ? Long.toString(cell.number().longValue()) : cell.text())
        .toList();
  }

  @Test
  void beforeAnythingIsAskedItSaysWhatCanBe() {
    Frame frame = view.frame();
    assertThat(frame.empty()).contains("SELECT function").contains("'show tables'");
    assertThat(table(frame).query()).isEmpty();
    assertThat(frame.actions())
        .extracting(Frame.Action::id)
        .contains("query")
        .doesNotContain("stop");
  }

  @Test
  void theAnswerIsATableWithColumnsAsTheQueryNamesThem() throws Exception {
    act(
        "query",
        "sql",
        "SELECT * FROM (VALUES (3, 'c', 10), (1, 'a', 30), (2, NULL, 20)) t(n, name, live_bytes)");
    Frame frame = answered();
    assertThat(table(frame).columns())
        .extracting(Table.Column::title)
        .containsExactly("n", "name", "live_bytes");
    assertThat(table(frame).columns()).extracting(Table.Column::unit).containsExactly("", "", "B");
    assertThat(texts(frame, 0)).as("in the query's order").containsExactly("3", "1", "2");
    act("sort", "column", "column0", "descending", "false");
    assertThat(texts(answered(), 1)).containsExactly("a", "NULL", "c");
    act("filter", "text", "C");
    assertThat(texts(answered(), 0)).containsExactly("3");
    assertThat(table(answered()).total()).isEqualTo(1);
  }

  @Test
  void ofManyRowsThereIsAWindowAndWhatWasNotKeptIsSaid() throws Exception {
    act("query", "sql", "SELECT range AS n FROM range(%d)".formatted(QueryRun.MOST_ROWS + 5));
    Frame frame = answered();
    assertThat(table(frame).total()).isEqualTo(QueryRun.MOST_ROWS);
    assertThat(frame.coverage().text()).isEqualTo("the first 100,000 rows; there are more");
    act("window", "offset", "99990", "rows", "50");
    assertThat(texts(answered(), 0)).startsWith("99990").hasSize(10);
  }

  @Test
  void whatIsWrongWithAQueryIsOneSentenceWithItsPlaceAndAnotherMayFollow() throws Exception {
    act("query", "sql", "SELECT nothing FROM sites");
    assertThat(answered().empty()).startsWith("SQL at 1:8: ").contains("nothing");
    act("query", "sql", "DROP TABLE sites");
    assertThat(answered().empty()).contains("only reads");
    act("query", "sql", "SELECT 1 AS one WHERE false");
    assertThat(answered().empty()).isEqualTo("The answer has no rows.");
    assertThatThrownBy(() -> act("query", "sql", " ")).isInstanceOf(Problem.class);
  }

  @Test
  void aLongQueryShowsThatItRunsAndIsStopped() throws Exception {
    act("query", "sql", ENDLESS);
    Frame frame = view.frame();
    assertThat(frame.progress()).isNotNull();
    assertThat(frame.actions()).extracting(Frame.Action::id).contains("stop");
    act("stop");
    assertThat(answered().empty()).isEqualTo("the query was cancelled.");
    act("query", "sql", "SELECT 1 AS one");
    assertThat(texts(answered(), 0)).containsExactly("1");
  }

  @Test
  void whatAnotherViewAsksIsShownAndATemplateGoesByItsName() throws Exception {
    session.ask("SELECT 4711 AS number");
    assertThat(texts(answered(), 0)).containsExactly("4711");
    act("query", "sql", "leaks rows=5");
    Frame leaks = answered();
    assertThat(table(leaks).columns()).isNotEmpty();
    assertThat(table(leaks).query()).isEqualTo("leaks rows=5");
  }

  @Test
  void theSameQueryOfAnotherViewIsAskedAnew() throws Exception {
    session.ask("SELECT now() AS moment");
    String before = texts(answered(), 0).getFirst();
    assertThat(texts(answered(), 0)).containsExactly(before);
    session.ask("SELECT now() AS moment");
    assertThat(texts(answered(), 0)).doesNotContain(before);
  }

  @Test
  void aParameterIsAskedAtOnce() throws Exception {
    view.close();
    view = open("SELECT 7 AS seven");
    assertThat(texts(answered(), 0)).containsExactly("7");
  }
}
