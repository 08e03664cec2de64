package org.heapatlas.collector;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.Problem;
import org.heapatlas.proto.CollectorGrpc.CollectorBlockingStub;
import org.heapatlas.proto.EventColumn;
import org.heapatlas.proto.EventKind;
import org.heapatlas.proto.EventsRequest;
import org.heapatlas.proto.LifetimeColumn;
import org.heapatlas.proto.LifetimesRequest;
import org.heapatlas.session.HeapSource;

/** The collector's calls that stream columns, with their messages as the model's records. */
final class ColumnCalls {
  /** By the number on the wire, a byte. */
  private static final List<HeapEvent.Kind> KINDS =
      IntStream.range(0, 1 << Byte.SIZE)
          .mapToObj(EventKind::forNumber)
          .map(ColumnCalls::kind)
          .toList();

  private ColumnCalls() {}

  static HeapSource.Parts<EventColumns> events(
      CollectorBlockingStub stub,
      CollectorProblem.Peer peer,
      long process,
      EventColumns.Query query) {
    EventsRequest.Builder request =
        EventsRequest.newBuilder()
            .setProcess(process)
            .setFromNanos(query.span().from())
            .setToNanos(query.span().to())
            .setLowest(query.addresses().from())
            .setHighest(query.addresses().to());
    query.columns().forEach(column -> request.addColumns(EventColumn.valueOf(column.name())));
    query.kinds().forEach(kind -> request.addKinds(EventKind.valueOf(kind.name())));
    return new WireParts<>(
        peer, () -> stub.events(request.build()), wire -> events(wire, query.columns()));
  }

  static HeapSource.Parts<LifetimeColumns> lifetimes(
      CollectorBlockingStub stub,
      CollectorProblem.Peer peer,
      long process,
      LifetimeColumns.Query query) {
    LifetimesRequest.Builder request =
        LifetimesRequest.newBuilder()
            .setProcess(process)
            .setFromNanos(query.begun().from())
            .setToNanos(query.begun().to())
            .setLowest(query.addresses().from())
            .setHighest(query.addresses().to());
    query.liveAt().ifPresent(request::setLiveAt);
    query
        .columns()
        .forEach(column -> request.addColumns(LifetimeColumn.valueOf("L_" + column.name())));
    return new WireParts<>(
        peer, () -> stub.lifetimes(request.build()), wire -> lifetimes(wire, query.columns()));
  }

  /** A Problem says that a column has another length than the others. */
  static EventColumns events(
      org.heapatlas.proto.EventColumns wire, Set<EventColumns.Column> asked) {
    long[] allocatedAt = longs(wire.getAllocatedAtCount(), wire::getAllocatedAt);
    for (int row = 0; row < allocatedAt.length; row++) {
      allocatedAt[row]--;
    }
    return new EventColumns(
        rows(
            asked,
            wire.getPositionCount(),
            wire.getNanosCount(),
            wire.getKind().size(),
            wire.getAddressCount(),
            wire.getSizeCount(),
            wire.getTidCount(),
            wire.getSiteCount(),
            wire.getAllocatedByCount(),
            wire.getAllocatedAtCount()),
        longs(wire.getPositionCount(), wire::getPosition),
        longs(wire.getNanosCount(), wire::getNanos),
        kinds(wire.getKind()),
        longs(wire.getAddressCount(), wire::getAddress),
        longs(wire.getSizeCount(), wire::getSize),
        ints(wire.getTidCount(), wire::getTid),
        ints(wire.getSiteCount(), wire::getSite),
        ints(wire.getAllocatedByCount(), wire::getAllocatedBy),
        allocatedAt);
  }

  /** A Problem says that a column has another length than the others. */
  static LifetimeColumns lifetimes(
      org.heapatlas.proto.LifetimeColumns wire, Set<LifetimeColumns.Column> asked) {
    return new LifetimeColumns(
        rows(
            asked,
            wire.getAddressCount(),
            wire.getSizeCount(),
            wire.getSiteCount(),
            wire.getTidCount(),
            wire.getBeginNanosCount(),
            wire.getEndNanosCount(),
            wire.getBeginPositionCount(),
            wire.getEndPositionCount(),
            wire.getReleaseSiteCount(),
            wire.getReleaseTidCount(),
            wire.getKind().size()),
        longs(wire.getAddressCount(), wire::getAddress),
        longs(wire.getSizeCount(), wire::getSize),
        ints(wire.getSiteCount(), wire::getSite),
        ints(wire.getTidCount(), wire::getTid),
        longs(wire.getBeginNanosCount(), wire::getBeginNanos),
        longs(wire.getEndNanosCount(), wire::getEndNanos),
        longs(wire.getBeginPositionCount(), wire::getBeginPosition),
        longs(wire.getEndPositionCount(), wire::getEndPosition),
        ints(wire.getReleaseSiteCount(), wire::getReleaseSite),
        ints(wire.getReleaseTidCount(), wire::getReleaseTid),
        kinds(wire.getKind()));
  }

  /**
   * The length of all columns, which are counted in the order of their enum; one that was not asked
   * for may be empty.
   */
  private static int rows(Set<? extends Enum<?>> asked, int... counts) {
    int rows = IntStream.of(counts).max().orElse(0);
    Set<Integer> wanted = asked.stream().map(Enum::ordinal).collect(Collectors.toSet());
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] != rows && (counts[column] != 0 || wanted.contains(column))) {
        throw Problem.failed(
            "the collector sent a column of %,d rows beside one of %,d; use the server and the collector of one release"
                .formatted(counts[column], rows));
      }
    }
    return rows;
  }

  private static HeapEvent.Kind kind(EventKind wire) {
    return wire == null ? HeapEvent.Kind.OTHER : HeapEvent.Kind.valueOf(wire.name());
  }

  private static HeapEvent.Kind[] kinds(ByteString numbers) {
    return IntStream.range(0, numbers.size())
        .mapToObj(row -> KINDS.get(Byte.toUnsignedInt(numbers.byteAt(row))))
        .toArray(HeapEvent.Kind[]::new);
  }

  private static long[] longs(int count, IntToLongFunction value) {
    return IntStream.range(0, count).mapToLong(value).toArray();
  }

  private static int[] ints(int count, IntUnaryOperator value) {
    return IntStream.range(0, count).map(value).toArray();
  }

  /** A stream of messages, begun when the first one is wanted. */
  private static final class WireParts<W, T> implements HeapSource.Parts<T> {
    private final CollectorProblem.Peer peer;
    private final Supplier<Iterator<W>> begin;
    private final Function<W, T> read;
    private final Context.CancellableContext context = Context.current().withCancellation();
    private Iterator<W> replies;

    WireParts(CollectorProblem.Peer peer, Supplier<Iterator<W>> begin, Function<W, T> read) {
      this.peer = peer;
      this.begin = begin;
      this.read = read;
    }

    @Override
    public Optional<T> next() {
      Context before = context.attach();
      try {
        if (replies == null) {
          replies = begin.get();
        }
        return replies.hasNext() ? Optional.of(read.apply(replies.next())) : Optional.empty();
      } catch (StatusRuntimeException e) {
        throw CollectorProblem.of(peer, e);
      } finally {
        context.detach(before);
      }
    }

    @Override
    public void close() {
      context.cancel(null);
    }
  }
}
