package org.heapatlas.tests.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.heapatlas.tests.endtoend.Product;
import org.junit.jupiter.api.Test;

/** The checkout keeps the style. */
class TidyTest {
  @Test
  void theCheckoutIsTidy() throws IOException {
    assertThat(new Tidy(Product.root()).breaches()).isEmpty();
  }
}
