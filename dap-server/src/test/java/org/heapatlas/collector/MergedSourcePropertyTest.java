package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;

/** Several nodes as one, against the nodes themselves. */
class MergedSourcePropertyTest {
  private static final long LARGEST = (1L << 40) - 1;

  /** Knows processes of these numbers, and writes down of which it was asked. */
  private static final class FakeNode extends FakeHeap {
    private final List<Long> ids;
    private final List<Long> asked = new ArrayList<>();

    FakeNode(List<Long> ids) {
      this.ids = ids;
    }

    @Override
    public Subscription watchProcesses(
        String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice) {
      for (long id : ids) {
        WatchedProcess.State running = WatchedProcess.State.RUNNING;
        onProcess.accept(
            new WatchedProcess(
                id, "", 7, 1, "", "", List.of(), running, Mode.FULL, 0, "", List.of()));
      }
      return () -> {};
    }

    @Override
    public void detach(long process) {
      asked.add(process);
    }
  }

  @Property
  void eachProcessHasANumberOfItsOwnByWhichItsOwnNodeIsAsked(
      @ForAll @NotEmpty @Size(max = 8)
          List<@Size(max = 8) @UniqueElements List<@LongRange(max = LARGEST) Long>> numbers) {
    List<FakeNode> nodes = numbers.stream().map(FakeNode::new).toList();
    List<MergedSource.Part> parts = new ArrayList<>();
    for (FakeNode node : nodes) {
      parts.add(new MergedSource.Part("node" + parts.size(), node));
    }
    try (MergedSource merged = new MergedSource(parts)) {
      List<WatchedProcess> all = new ArrayList<>();
      merged.watchProcesses("", all::add, notice -> {}).close();
      assertThat(new HashSet<>(all.stream().map(WatchedProcess::id).toList()))
          .hasSize(numbers.stream().mapToInt(List::size).sum());
      all.forEach(process -> merged.detach(process.id()));
    }
    assertThat(nodes).extracting(node -> node.asked).isEqualTo(numbers);
  }

  @Property
  void aNodeThatIsNotThereIsSaidNotAsked(
      @ForAll @IntRange(min = 1, max = 1000) int node, @ForAll @LongRange(max = LARGEST) long id) {
    try (MergedSource one = new MergedSource(List.of(new MergedSource.Part("a", new FakeHeap())))) {
      assertThatThrownBy(() -> one.detach((long) node << 40 | id)).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> one.detach(-id - 1)).isInstanceOf(Problem.class);
    }
  }
}
