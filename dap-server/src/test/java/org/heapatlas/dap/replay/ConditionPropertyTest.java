package org.heapatlas.dap.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.session.FakeHeap;

/** The conditions of breakpoints: what they mean, and that nothing else is taken for one. */
class ConditionPropertyTest {
  private static EventFacts facts(long size, int tid) {
    HeapEvent event =
        new HeapEvent(
            7,
            1_500_000_000,
            HeapEvent.Kind.ALLOCATE_NEW,
            4096,
            size,
            tid,
            3,
            0,
            OptionalLong.empty());
    return new EventFacts(event, Map.of(1, "main", 2, "worker"), it -> FakeHeap.stack(it.site()));
  }

  /** A condition as a text, and what it must answer. */
  private record Known(String text, boolean holds) {}

  @Provide
  Arbitrary<Known> known() {
    Arbitrary<Known> simple =
        Arbitraries.of(
            new Known("size > 4096", true),
            new Known("size<=4K", false),
            new Known("thread == \"worker\"", true),
            new Known("thread ~ 'work'", true),
            new Known("tid != 2", false),
            new Known("time >= 1.5s", true),
            new Known("time < 1500ms", false),
            new Known("kind == 'allocation'", true),
            new Known("function == 'function2'", true),
            new Known("address == 0x1000", true),
            new Known("7 == position", true));
    return nested(simple, 4);
  }

  private static Arbitrary<Known> nested(Arbitrary<Known> parts, int depth) {
    Arbitrary<Known> not = parts.map(its -> new Known("!(" + its.text + ")", !its.holds));
    Arbitrary<Known> both =
        Combinators.combine(parts, parts)
            .as((a, b) -> new Known("(%s) && (%s)".formatted(a.text, b.text), a.holds && b.holds));
    Arbitrary<Known> either =
        Combinators.combine(parts, parts)
            .as((a, b) -> new Known("(%s)||(%s)".formatted(a.text, b.text), a.holds || b.holds));
    Arbitrary<Known> one = Arbitraries.oneOf(parts, not, both, either);
    return depth == 0 ? one : nested(one, depth - 1);
  }

  @Property
  void aConditionMeansWhatItsPartsMean(@ForAll("known") Known known) {
    if (known.text.length() <= Condition.Parser.LONGEST) {
      assertThat(Condition.parse(known.text).holds(facts(5000, 2))).isEqualTo(known.holds);
    } else {
      assertThatThrownBy(() -> Condition.parse(known.text)).isInstanceOf(Problem.class);
    }
  }

  @Property
  void sizesAreComparedAsNumbers(
      @ForAll @LongRange(min = 0, max = 1L << 48) long size,
      @ForAll @LongRange(min = 0, max = 1L << 48) long limit) {
    assertThat(Condition.parse("size < " + limit).holds(facts(size, 1))).isEqualTo(size < limit);
    assertThat(Condition.parse("size == " + limit).holds(facts(size, 1))).isEqualTo(size == limit);
  }

  @Property
  void anyTextIsAConditionOrRefusedWithAProblem(@ForAll String text) {
    try {
      Condition.parse(text).holds(facts(1, 1));
    } catch (Problem refused) {
      assertThat(refused.kind()).isEqualTo(Problem.Kind.USED_WRONGLY);
    }
  }

  @Property
  void whatIsMadeOfItsWordsIsAConditionOrRefusedWithAProblem(@ForAll("words") String text) {
    anyTextIsAConditionOrRefusedWithAProblem(text);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "size", "thread", "!", "(", ")", "&&", "||", "==", "<", "~", "'x'", "12", "1.5s",
            "0x1f")
        .list()
        .ofMaxSize(30)
        .map(words -> String.join(" ", words));
  }

  @Example
  void whatIsWrongIsSaidWithItsPlace() {
    String[][] wrong = {
      {"size >", "character 7: a name, a number or a text is expected"},
      {"size = 4", "character 6: '=' is not understood"},
      {"size ~ 4", "character 6: a number is compared by one of == != < <= > >="},
      {"thread == 4", "character 11: a text is expected"},
      {"weight > 4", "character 1: an event has no 'weight'; it has size, address"},
      {"(size > 4", "character 10: ')' is missing"},
      {"size > 4 size", "character 10: nothing is expected behind the condition"},
      {"size > 1 && process.exit(1)", "character 20: '.' is not understood"},
      {"size > 4x", "character 8: '4' is not understood"},
    };
    for (String[] each : wrong) {
      assertThatThrownBy(() -> Condition.parse(each[0])).as(each[0]).hasMessageContaining(each[1]);
    }
  }

  @Example
  void countsOfHits() {
    assertThat(HitCount.parse("5").stopsAt(5)).isTrue();
    assertThat(HitCount.parse("5").stopsAt(6)).isFalse();
    assertThat(HitCount.parse(">= 5").stopsAt(6)).isTrue();
    assertThat(HitCount.parse("% 5").stopsAt(10)).isTrue();
    assertThat(HitCount.parse("<5").stopsAt(5)).isFalse();
    for (String wrong : new String[] {"0", "five", "-1", "5 5", "% 0"}) {
      assertThatThrownBy(() -> HitCount.parse(wrong)).isInstanceOf(Problem.class);
    }
  }

  @Example
  void aMessageNamesWhatAnEventHas() {
    assertThat(LogMessage.parse("{size} B at { time } in {thread}$1").of(facts(9, 2)))
        .isEqualTo("9 B at 1.5 s in worker$1");
  }
}
