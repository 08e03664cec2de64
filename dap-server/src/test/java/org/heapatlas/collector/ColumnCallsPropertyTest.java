package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.Problem;

/**
 * What a collector streams is untrusted: damaged messages are refused by a Problem, or their
 * columns are as long as they say. Messages are made whole, and then bytes of them are changed.
 */
class ColumnCallsPropertyTest {
  private static org.heapatlas.proto.EventColumns events(int rows) {
    org.heapatlas.proto.EventColumns.Builder message =
        org.heapatlas.proto.EventColumns.newBuilder();
    for (int row = 0; row < rows; row++) {
      message.addPosition(row).addNanos(row * 300L).addAddress(0x7f00_0000_0000L + row * 64L);
      message.addSize(row % 90).addTid(1 + row % 3).addSite(row % 9).addAllocatedAt(row);
    }
    return message.build();
  }

  private static org.heapatlas.proto.LifetimeColumns lifetimes(int rows) {
    org.heapatlas.proto.LifetimeColumns.Builder message =
        org.heapatlas.proto.LifetimeColumns.newBuilder();
    for (int row = 0; row < rows; row++) {
      message.addAddress(0x5600_0000_0000L + row * 48L).addSize(row).addSite(row % 5);
      message.addBeginNanos(row * 70L).addEndNanos(row * 90L).addReleaseTid(row % 4);
    }
    return message.build();
  }

  private static <M extends Message> Optional<M> damaged(M message, Parser<M> parser, long seed) {
    Random random = new Random(seed);
    byte[] bytes = message.toByteArray();
    for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    try {
      return Optional.of(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException refusedByTheWire) {
      return Optional.empty();
    }
  }

  @Property
  void columnsOfEventsAreAsLongAsTheySayOrRefused(
      @ForAll @IntRange(max = 300) int rows, @ForAll long seed) {
    EnumSet<EventColumns.Column> asked =
        EnumSet.of(EventColumns.Column.POSITION, EventColumns.Column.SIZE);
    damaged(events(rows), org.heapatlas.proto.EventColumns.parser(), seed)
        .ifPresent(
            message -> {
              try {
                EventColumns columns = ColumnCalls.events(message, asked);
                assertThat(columns.position()).hasSize(columns.rows());
                assertThat(columns.size()).hasSize(columns.rows());
                assertThat(columns.nanos().length).isIn(0, columns.rows());
              } catch (Problem refused) {
                assertThat(refused).hasMessageContaining("rows");
              }
            });
  }

  @Property
  void columnsOfLifetimesAreAsLongAsTheySayOrRefused(
      @ForAll @IntRange(max = 300) int rows, @ForAll long seed) {
    EnumSet<LifetimeColumns.Column> asked =
        EnumSet.of(LifetimeColumns.Column.ADDRESS, LifetimeColumns.Column.RELEASE_TID);
    damaged(lifetimes(rows), org.heapatlas.proto.LifetimeColumns.parser(), seed)
        .ifPresent(
            message -> {
              try {
                LifetimeColumns columns = ColumnCalls.lifetimes(message, asked);
                assertThat(columns.address()).hasSize(columns.rows());
                assertThat(columns.releaseTid()).hasSize(columns.rows());
                assertThat(columns.endNanos().length).isIn(0, columns.rows());
              } catch (Problem refused) {
                assertThat(refused).hasMessageContaining("rows");
              }
            });
  }
}
