package org.heapatlas.eclipse.view;

public record Fact(String title, String text) {
  static Fact read(Json fact) {
    return new Fact(fact.string("title"), fact.string("text"));
  }
}
