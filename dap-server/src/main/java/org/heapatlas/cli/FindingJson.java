package org.heapatlas.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.heapatlas.model.Address;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Stack;

/** A finding for programs; the fields are those of the documentation, and all are always there. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FindingJson(
    long id,
    String kind,
    String severity,
    double confidence,
    String node,
    long process,
    int thread,
    long from,
    long to,
    String title,
    String explanation,
    String mechanism,
    String address,
    long offset,
    BlockJson allocation,
    List<Summaries.FrameJson> stack,
    List<EvidenceJson> evidence,
    List<Finding.Action> actions,
    Long position) {

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record BlockJson(
      String address,
      Long size,
      String tag,
      String type,
      List<Summaries.FrameJson> allocatedBy,
      List<Summaries.FrameJson> freedBy) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record EvidenceJson(String what, long time, String address, Long position) {}

  static FindingJson of(Finding finding) {
    return new FindingJson(
        finding.id(),
        finding.kind(),
        finding.severity().text(),
        finding.confidence(),
        finding.node(),
        finding.process(),
        finding.tid(),
        finding.from(),
        finding.to(),
        finding.title(),
        finding.explanation(),
        finding.mechanism(),
        Address.text(finding.address()),
        finding.offset(),
        finding.block().map(FindingJson::block).orElse(null),
        frames(finding.stack()),
        finding.evidence().stream().map(FindingJson::evidence).toList(),
        finding.actions(),
        finding.position().isPresent() ? finding.position().getAsLong() : null);
  }

  private static BlockJson block(Finding.Block block) {
    return new BlockJson(
        Address.text(block.address()),
        block.size() == 0 ? null : block.size(),
        block.tag(),
        block.type(),
        frames(block.allocatedBy()),
        block.freed().map(freed -> frames(freed.by())).orElse(null));
  }

  private static EvidenceJson evidence(Finding.Evidence evidence) {
    return new EvidenceJson(
        evidence.what(),
        evidence.nanos(),
        Address.text(evidence.address()),
        evidence.position().isPresent() ? evidence.position().getAsLong() : null);
  }

  private static List<Summaries.FrameJson> frames(Stack stack) {
    return stack.frames().stream().map(Summaries::frame).toList();
  }
}
