package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code tests/programs/truth.cc} itself says is live, read from its slots while it is
 * stopped: the sizes of its blocks by their addresses. {@code held} is the number of slots in which
 * a thread was just allocating or releasing; of these nothing is known.
 */
record OwnList(Map<Long, Long> blocks, int held) {
  private static final int SLOT_BYTES = 24;
  private static final int BLOCK_AT = 8;
  private static final int SIZE_AT = 16;

  static OwnList read(Path slots) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(slots)).order(ByteOrder.LITTLE_ENDIAN);
    Map<Long, Long> blocks = new HashMap<>();
    int held = 0;
    for (int at = 0; at < bytes.capacity(); at += SLOT_BYTES) {
      if (bytes.getInt(at) != 0) {
        held++;
      } else if (bytes.getLong(at + BLOCK_AT) != 0) {
        blocks.put(bytes.getLong(at + BLOCK_AT), bytes.getLong(at + SIZE_AT));
      }
    }
    return new OwnList(blocks, held);
  }

  /** The table has each of these blocks, and of the same call sites no more than are held. */
  void expectIn(List<LiveBlock> table) {
    Map<Long, LiveBlock> seen =
        table.stream().collect(Collectors.toMap(LiveBlock::address, block -> block));
    assertThat(
            blocks.entrySet().stream()
                .filter(
                    block ->
                        !seen.containsKey(block.getKey())
                            || seen.get(block.getKey()).size() != block.getValue())
                .toList())
        .as("blocks of the program's list that the table does not have, of %,d", blocks.size())
        .isEmpty();
    Set<Long> sites =
        table.stream()
            .filter(block -> blocks.containsKey(block.address()))
            .map(LiveBlock::site)
            .collect(Collectors.toSet());
    assertThat(
            table.stream()
                .filter(block -> sites.contains(block.site()))
                .filter(block -> !blocks.containsKey(block.address()))
                .toList())
        .as("blocks of the table that the program's list does not have")
        .hasSizeLessThanOrEqualTo(held);
  }
}
