package org.heapatlas.eclipse.tests.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures read as the browser's do. */
class FormatTest {
  @ParameterizedTest
  @CsvSource({
    "0, B, 0 B",
    "1023.6, B, 1.00 KiB",
    "1536, B, 1.50 KiB",
    "193000000, B, 184 MiB",
    "9999, '', '9,999'",
    "12345, '', 12.3 k",
    "812400, /s, 812 k/s",
    "961, /s, 961 /s",
    "2048, B/s, 2 KiB/s",
    "1500, ns, 1.50 µs",
    "12.5e9, ns, 12.5 s",
    "90e9, ns, 1:30 min",
    "3661e9, ns, 1:01:01 h",
    "0.125, ratio, 12.5 %",
    "NaN, B, –"
  })
  void aQuantityIsScaledForReading(double value, String unit, String expected) {
    assertEquals(expected, Format.quantity(value, unit));
  }

  @Test
  void anExactValueHasEveryDigit() {
    assertEquals("1,482,903", Format.exactly(1_482_903, "count"));
    assertEquals("64.125 B", Format.exactly(64.125, "bytes"));
  }

  @Test
  void aFieldOfCsvIsQuotedAndItsFormulaDefused() {
    assertEquals("\"a,b\",'=1,-5,'-x\n", Csv.of(List.of(List.of("a,b", "=1", "-5", "-x"))));
  }
}
