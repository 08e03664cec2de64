package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Document;
import org.heapatlas.view.Document.Block;
import org.heapatlas.view.Document.Link;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap.Fact;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table.StackLine;
import org.heapatlas.view.ViewDefinition;

/**
 * The forensic report of the chosen finding: what happened, who did it, whose the block was, what
 * shows it, what can be done. While none is chosen, the findings to choose from.
 */
final class FindingReport implements MemoryView.ProcessView {
  private static final String NOTHING =
      "Nothing was found, so there is nothing to report. Releases are checked while every"
          + " allocation is recorded.";
  private static final String CUT = "The outer callers were not recorded.";
  private static final Frame.Action CHOOSE = new Frame.Action("choose", "Show its report", "link");
  private static final Frame.Action LOOK =
      new Frame.Action("look", "Show the history of the address", "link");
  private static final int MOST_CHOICES = 50;

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;

  FindingReport(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    List<Finding> found = ChosenFinding.findings(session, process);
    OptionalLong chosen = ChosenFinding.of(session, process, found);
    Optional<Finding> shown =
        found.stream().filter(each -> chosen.equals(OptionalLong.of(each.id()))).findFirst();
    List<Block> blocks = shown.map(each -> report(each, found)).orElseGet(() -> choices(found));
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        List.of(),
        null,
        List.of(CHOOSE, LOOK),
        found.isEmpty() ? NOTHING : null,
        null,
        found.isEmpty() ? null : new Document(blocks));
  }

  /** The gravest first. */
  private static List<Block> choices(List<Finding> found) {
    List<Link> links =
        found.stream()
            .sorted(
                Comparator.comparing(Finding::severity)
                    .reversed()
                    .thenComparingLong(Finding::from)
                    .thenComparingLong(Finding::id))
            .limit(MOST_CHOICES)
            .map(FindingReport::choice)
            .toList();
    String which =
        links.size() == found.size()
            ? "None is chosen. Choose one here, or its mark on the time bar."
            : "None is chosen. These are the %d gravest; the view Findings lists all."
                .formatted(links.size());
    return List.of(
        Block.heading(1, found.size() == 1 ? "1 finding" : found.size() + " findings"),
        Block.paragraph(which),
        Block.links(links));
  }

  private static Link choice(Finding finding) {
    return new Link(
        finding.title(),
        finding.severity().text() + ", at " + instant(finding.from()),
        CHOOSE.id(),
        Long.toString(finding.id()));
  }

  private static List<Block> report(Finding finding, List<Finding> found) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.heading(1, finding.title()));
    blocks.add(Block.facts(facts(finding)));
    blocks.add(Block.heading(2, "What happened"));
    blocks.add(Block.paragraph(finding.explanation()));
    addStack(blocks, finding.stack(), "Who did it");
    finding.block().ifPresent(block -> addBlock(blocks, block));
    addEvidence(blocks, finding.evidence());
    addActions(blocks, finding.actions());
    blocks.add(Block.heading(2, "Look further"));
    blocks.add(Block.links(further(finding, found)));
    return blocks;
  }

  private static List<Fact> facts(Finding finding) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Kind", finding.kind()));
    facts.add(
        new Fact(
            "Severity",
            String.format(
                Locale.ROOT,
                "%s, confidence %.0f %%",
                finding.severity().text(),
                finding.confidence() * 100)));
    facts.add(new Fact("When", instant(finding.from())));
    facts.add(
        new Fact("Thread", finding.thread().isEmpty() ? "" + finding.tid() : thread(finding)));
    addUnlessEmpty(facts, "Node", finding.node());
    facts.add(new Fact("Address", address(finding)));
    addUnlessEmpty(facts, "Found by", finding.mechanism());
    return facts;
  }

  private static String thread(Finding finding) {
    return finding.thread() + " (" + finding.tid() + ")";
  }

  private static String address(Finding finding) {
    String address = Address.text(finding.address());
    return finding.offset() == 0
        ? address
        : "%s, %d bytes into the block".formatted(address, finding.offset());
  }

  private static void addUnlessEmpty(List<Fact> facts, String title, String text) {
    if (!text.isEmpty()) {
      facts.add(new Fact(title, text));
    }
  }

  private static void addBlock(List<Block> blocks, Finding.Block block) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Address", Address.text(block.address())));
    facts.add(new Fact("Size", block.size() == 0 ? "not known" : Bytes.text(block.size())));
    addUnlessEmpty(facts, "Tag", block.tag());
    addUnlessEmpty(facts, "Type", block.type());
    facts.add(new Fact("Allocated", by(block.allocatedAt(), block.allocatedTid())));
    block
        .freed()
        .ifPresent(freed -> facts.add(new Fact("Released", by(freed.nanos(), freed.tid()))));
    blocks.add(Block.heading(2, "The block"));
    blocks.add(Block.facts(facts));
    block.freed().ifPresent(freed -> addStack(blocks, freed.by(), "Who released it before"));
    addStack(blocks, block.allocatedBy(), "Who allocated it");
  }

  private static String by(long nanos, int tid) {
    return "at %s by thread %d".formatted(instant(nanos), tid);
  }

  private static void addStack(List<Block> blocks, Stack stack, String title) {
    if (stack.frames().isEmpty()) {
      return;
    }
    blocks.add(Block.heading(2, title));
    blocks.add(
        Block.stack(
            stack.frames().stream()
                .map(
                    frame ->
                        new StackLine(frame.title(), frame.file(), frame.line(), frame.module()))
                .toList()));
    if (stack.cut()) {
      blocks.add(Block.paragraph(CUT));
    }
  }

  private static void addEvidence(List<Block> blocks, List<Finding.Evidence> evidence) {
    if (evidence.isEmpty()) {
      return;
    }
    blocks.add(Block.heading(2, "Evidence"));
    blocks.add(
        Block.facts(
            evidence.stream()
                .map(
                    each ->
                        new Fact(
                            instant(each.nanos()),
                            each.what() + " at " + Address.text(each.address())))
                .toList()));
  }

  /** A command is one of a debug console. */
  private static void addActions(List<Block> blocks, List<Finding.Action> actions) {
    if (actions.isEmpty()) {
      return;
    }
    blocks.add(Block.heading(2, "What can be done"));
    for (Finding.Action action : actions) {
      blocks.add(Block.heading(3, action.title()));
      if (!action.risk().isEmpty()) {
        blocks.add(Block.paragraph("Risk: " + action.risk()));
      }
      if (!action.command().isEmpty()) {
        blocks.add(Block.code(action.command()));
      }
    }
  }

  private static List<Link> further(Finding finding, List<Finding> found) {
    List<Link> links = new ArrayList<>();
    links.add(
        new Link(
            "History of " + Address.text(finding.address()),
            "every allocation that ever covered it, in the view of that name",
            LOOK.id(),
            Address.text(finding.address())));
    if (found.size() > 1) {
      Finding next = found.get((found.indexOf(finding) + 1) % found.size());
      links.add(
          new Link(
              "Next finding",
              next.title() + ", at " + instant(next.from()),
              CHOOSE.id(),
              Long.toString(next.id())));
    }
    return links;
  }

  private static String instant(long nanos) {
    return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    if (act.action().equals(CHOOSE.id())) {
      ChosenFinding.goTo(act.target(), session, process);
      return "";
    }
    if (act.action().equals(LOOK.id())) {
      session.lookAt(process.id(), Address.parse(act.target()));
      return "The view History of an address shows " + act.target() + ".";
    }
    return act(act);
  }

  @Override
  public String act(OpenView.Act act) {
    throw MemoryView.unknown(act);
  }
}
