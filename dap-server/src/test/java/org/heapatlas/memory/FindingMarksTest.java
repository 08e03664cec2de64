package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.model.Finding;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.view.TimeBar;
import org.junit.jupiter.api.Test;

class FindingMarksTest {
  private static final TimeSpan TIME = new TimeSpan(1000, 2000);
  private static final OptionalLong NOBODY = OptionalLong.empty();

  private static Finding error(long nanos, long id) {
    return FakeFinding.at(nanos, id, Finding.Severity.ERROR);
  }

  private static Finding warning(long nanos, long id) {
    return FakeFinding.at(nanos, id, Finding.Severity.WARNING);
  }

  @Test
  void nothingFoundHasNoMarks() {
    assertThat(FindingMarks.of(List.of(), NOBODY, TIME, 100)).isNull();
  }

  @Test
  void eachFindingIsAMarkAtItsTimeTheEarliestFirst() {
    TimeBar.Marks marks =
        FindingMarks.of(List.of(warning(1900, 1), error(1100, 2)), OptionalLong.of(1), TIME, 100);
    assertThat(marks.marks())
        .containsExactly(
            new TimeBar.Mark("2", 1100, "double-free", "error", "double-free 2", 1, 0),
            new TimeBar.Mark("1", 1900, "double-free", "warning", "double-free 1", 1, 1));
    assertThat(marks.total()).isEqualTo(2);
    assertThat(marks.more()).isZero();
  }

  @Test
  void findingsOfOnePointShareAMarkThatLeadsToTheGravestAndOnFromTheChosenOne() {
    List<Finding> four =
        List.of(warning(1100, 1), error(1102, 2), error(1101, 3), warning(1110, 4));
    TimeBar.Marks marks = FindingMarks.of(four, NOBODY, TIME, 100);
    assertThat(marks.marks())
        .containsExactly(
            new TimeBar.Mark("3", 1101, "double-free", "error", "double-free 3", 3, 0),
            new TimeBar.Mark("4", 1110, "double-free", "warning", "double-free 4", 1, 0));
    long[] way = {3, 2, 1, 3};
    for (int i = 0; i < 3; i++) {
      marks = FindingMarks.of(four, OptionalLong.of(way[i]), TIME, 100);
      TimeBar.Mark mark = marks.marks().getFirst();
      assertThat(mark.chosen()).isEqualTo(i + 1);
      assertThat(mark.title()).isEqualTo("double-free " + way[i]);
      assertThat(mark.severity()).isEqualTo("error");
      assertThat(mark.id()).isEqualTo(Long.toString(way[i + 1]));
    }
  }

  @Test
  void moreMarksThanAFrameCarriesLeaveOutTheLeastGraveAndSayHowMany() {
    List<Finding> many = new ArrayList<>();
    IntStream.range(0, FindingMarks.MOST_MARKS)
        .mapToObj(i -> warning(1000 + i, i))
        .forEach(many::add);
    Stream.of(error(1990, 900), error(1991, 901), warning(1995, 902)).forEach(many::add);
    TimeBar.Marks marks = FindingMarks.of(many, NOBODY, TIME, 1000);
    assertThat(marks.marks()).hasSize(FindingMarks.MOST_MARKS);
    assertThat(marks.marks()).extracting(TimeBar.Mark::id).contains("900", "901");
    assertThat(marks.total()).isEqualTo(FindingMarks.MOST_MARKS + 3);
    assertThat(marks.more()).isEqualTo(3);
  }

  @Test
  void aTimeWithoutLengthHasOneMark() {
    TimeBar.Marks marks =
        FindingMarks.of(List.of(error(0, 1), error(0, 2)), NOBODY, TimeSpan.ALL, 0);
    assertThat(marks.marks()).extracting(TimeBar.Mark::count).containsExactly(2);
  }
}
