package org.heapatlas.collector;

import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Finding;
import org.heapatlas.proto.FoundBlock;

/** The messages of proto/findings.proto as the model's records. */
final class Findings {
  private Findings() {}

  static Finding of(org.heapatlas.proto.Finding wire) {
    return new Finding(
        wire.getId(),
        wire.getKind(),
        switch (wire.getSeverity()) {
          case INFORMATION -> Finding.Severity.INFORMATION;
          case WARNING -> Finding.Severity.WARNING;
          case ERROR, UNRECOGNIZED -> Finding.Severity.ERROR;
        },
        wire.getConfidence(),
        "",
        wire.getProcess(),
        wire.getTid(),
        wire.getThread(),
        wire.getFrom(),
        wire.getTo(),
        wire.getTitle(),
        wire.getExplanation(),
        wire.getMechanism(),
        wire.getAddress(),
        wire.getOffset(),
        wire.hasAllocation() ? Optional.of(block(wire.getAllocation())) : Optional.empty(),
        FromWire.stack(wire.getStack()),
        wire.getSite(),
        wire.getEvidenceList().stream()
            .map(
                each ->
                    new Finding.Evidence(
                        each.getWhat(),
                        each.getNanos(),
                        each.getAddress(),
                        each.hasPosition()
                            ? OptionalLong.of(each.getPosition())
                            : OptionalLong.empty()))
            .toList(),
        wire.getActionsList().stream()
            .map(each -> new Finding.Action(each.getTitle(), each.getRisk(), each.getCommand()))
            .toList(),
        wire.hasPosition() ? OptionalLong.of(wire.getPosition()) : OptionalLong.empty());
  }

  private static Finding.Block block(FoundBlock wire) {
    return new Finding.Block(
        wire.getAddress(),
        wire.getSize(),
        wire.getTag(),
        wire.getType(),
        wire.getAllocatedAt(),
        wire.getAllocatedTid(),
        FromWire.stack(wire.getAllocatedBy()),
        wire.getAllocatedSite(),
        wire.getFreed()
            ? Optional.of(
                new Finding.Release(
                    wire.getFreedAt(),
                    wire.getFreedTid(),
                    FromWire.stack(wire.getFreedBy()),
                    wire.getFreedSite()))
            : Optional.empty());
  }
}
