package org.heapatlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Times, sizes and instants as people write them. */
class AmountsPropertyTest {
  @Property
  void aTimeIsReadToTheNanosecond(@ForAll @LongRange(min = 0, max = 999_999_999_999L) long nanos) {
    String seconds =
        String.format(Locale.ROOT, "%d.%09ds", nanos / 1_000_000_000, nanos % 1_000_000_000);
    assertThat(Durations.parse(seconds)).isEqualTo(nanos);
    assertThat(Moment.parse(seconds)).isEqualTo(new Moment.Time(nanos));
  }

  @Property
  void aSizeIsReadWithItsUnit(@ForAll @IntRange(min = 0, max = 4) int unit) {
    String prefix = unit == 0 ? "" : "KMGT".substring(unit - 1, unit);
    assertThat(Bytes.parse("3" + prefix)).isEqualTo(3L << (10 * unit));
    assertThat(Bytes.parse("3" + prefix + "iB")).isEqualTo(3L << (10 * unit));
  }

  @Property
  void whatIsNoneIsNamed(@ForAll String text) {
    for (String wrong : new String[] {"x" + text, text + " of them", "-1" + text}) {
      assertThatThrownBy(() -> Durations.parse(wrong)).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> Bytes.parse(wrong)).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> Moment.parse(wrong)).isInstanceOf(Problem.class);
    }
  }

  @Example
  void whatIsTooMuchIsNoAmount() {
    assertThatThrownBy(() -> Bytes.parse("99999999999T")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Durations.parse("999999999h")).isInstanceOf(Problem.class);
  }

  @Example
  void anInstantIsATimeAPositionOrAnEnd() {
    assertThat(Moment.parse("2m")).isEqualTo(new Moment.Time(120_000_000_000L));
    assertThat(Moment.parse("17")).isEqualTo(new Moment.Position(17));
    assertThat(Moment.parse(" End ")).isEqualTo(Moment.END);
    assertThat(Moment.parse("begin")).isEqualTo(Moment.BEGINNING);
  }
}
