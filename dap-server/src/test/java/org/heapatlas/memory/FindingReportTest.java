package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.Document;
import org.heapatlas.view.Document.Block;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table.StackLine;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindingReportTest {
  private static final long PROCESS = FakeHeap.process(WatchedProcess.State.RUNNING).id();

  private final FakeHeap heap = new FakeHeap();
  private Session session;
  private OpenView report;

  @BeforeEach
  void start() {
    session = new Session("test", heap);
    heap.appear(WatchedProcess.State.RUNNING);
    report =
        new MemoryFeature()
            .views().stream()
                .filter(view -> view.description(List.of()).id().equals("memory.report"))
                .findFirst()
                .orElseThrow()
                .open(
                    session, new ViewDefinition.Options(Map.of(), ViewDefinition.Viewport.DEFAULT));
  }

  private List<Block> blocks() {
    return ((Document) report.frame().data()).blocks();
  }

  private List<String> texts(String kind) {
    return blocks().stream().filter(block -> block.kind().equals(kind)).map(Block::text).toList();
  }

  private static OpenView.Act act(String action, String target) {
    return new OpenView.Act(action, target, Map.of());
  }

  @Test
  void whereNothingWasFoundItSaysSo() {
    Frame frame = report.frame();
    assertThat(frame.empty()).startsWith("Nothing was found");
    assertThat(frame.data()).isNull();
  }

  @Test
  void whileNoneIsChosenTheFindingsAreThereToChooseFromTheGravestFirst() {
    heap.raise(FakeFinding.at(1_000_000, 1, Finding.Severity.WARNING));
    heap.raise(FakeFinding.at(2_000_000, 2, Finding.Severity.ERROR));
    assertThat(texts("heading")).containsExactly("2 findings");
    List<Document.Link> links = blocks().getLast().links();
    assertThat(links)
        .extracting(Document.Link::title)
        .containsExactly("double-free 2", "double-free 1");
    assertThat(links.getFirst().text()).isEqualTo("error, at 0.002000 s");

    assertThat(report.act(act("choose", links.getFirst().target()))).isEmpty();
    assertThat(texts("heading").getFirst()).isEqualTo("double-free 2");
    assertThat(session.finding(PROCESS)).isEqualTo(OptionalLong.of(2));
  }

  @Test
  void theReportHasWhatHappenedAllThreeStacksTheEvidenceAndWhatCanBeDone() {
    heap.raise(known());
    report.act(act("choose", "7"));
    assertThat(texts("heading"))
        .containsExactly(
            "double-free of 0x1000",
            "What happened",
            "Who did it",
            "The block",
            "Who released it before",
            "Who allocated it",
            "Evidence",
            "What can be done",
            "Go to the release",
            "Look further");
    assertThat(texts("paragraph"))
        .containsExactly(
            "it was released twice", "The outer callers were not recorded.", "Risk: none");
    assertThat(texts("code")).containsExactly("seek 12");
    assertThat(
            blocks().stream()
                .filter(block -> block.kind().equals("stack"))
                .map(block -> block.stack().getFirst()))
        .containsExactly(
            new StackLine("drop", "/src/cache.c", 7, "cache"),
            new StackLine("close", "/src/cache.c", 8, "cache"),
            new StackLine("open", "/src/cache.c", 9, "cache"));
    assertThat(blocks().get(1).facts())
        .extracting(fact -> fact.title() + " " + fact.text())
        .contains(
            "Severity error, confidence 90 %",
            "Thread evict (4711)", "Address 0x1008, 8 bytes into the block");
  }

  @Test
  void itsLinksLeadToTheHistoryOfTheAddressAndNowhereElse() {
    heap.raise(known());
    report.act(act("choose", "7"));
    assertThat(report.act(act("look", "0x1008"))).contains("0x1008");
    assertThat(session.address(PROCESS)).isEqualTo(OptionalLong.of(0x1008));
    assertThatThrownBy(() -> report.act(act("explode", "")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'explode'");
    assertThatThrownBy(() -> report.act(act("choose", "99"))).isInstanceOf(Problem.class);
  }

  private static Finding known() {
    return new Finding(
        7,
        "double-free",
        Finding.Severity.ERROR,
        0.9,
        "",
        PROCESS,
        4711,
        "evict",
        3_000_000,
        3_000_000,
        "double-free of 0x1000",
        "it was released twice",
        "the journal",
        0x1008,
        8,
        Optional.of(
            new Finding.Block(
                0x1000,
                40,
                "",
                "Session",
                1_000_000,
                4710,
                stack("open", 9, false),
                3,
                Optional.of(new Finding.Release(2_000_000, 4710, stack("close", 8, false), 2)))),
        stack("drop", 7, true),
        1,
        List.of(new Finding.Evidence("released first", 2_000_000, 0x1000, OptionalLong.empty())),
        List.of(new Finding.Action("Go to the release", "none", "seek 12")),
        OptionalLong.of(12));
  }

  private static Stack stack(String function, int line, boolean cut) {
    return new Stack(
        List.of(new StackFrame(1, function, "/src/cache.c", line, "cache", 1, false)), cut);
  }
}
