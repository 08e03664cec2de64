package org.heapatlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AddressTest {
  @Test
  void anAddressReadsBackAsItWasWrittenAlsoInTheUpperHalf() {
    for (long address : new long[] {0, 0x10, 0x7fff_ffff_f000L, -4096L}) {
      assertThat(Address.parse(Address.text(address))).isEqualTo(address);
    }
  }

  @Test
  void aRangeExcludesItsEnd() {
    assertThat(Address.parseRange("0x1000-0x2000").length()).isEqualTo(0x1000);
  }

  @Test
  void whatIsNoAddressIsNamedInOneSentence() {
    assertThatThrownBy(() -> Address.parse("0xzz"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'0xzz'");
    assertThatThrownBy(() -> Address.parseRange("0x2-0x1"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> Address.parse("9".repeat(1000))).hasMessageMatching(".{0,120}");
  }
}
