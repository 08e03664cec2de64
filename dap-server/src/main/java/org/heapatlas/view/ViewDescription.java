package org.heapatlas.view;

import java.util.List;

/** A view as the list of views names it. */
public record ViewDescription(
    String id,
    String title,
    String feature,
    String widget,
    String description,
    List<Parameter> parameters,
    int findings) {
  /** {@code titles} are what people call the values, aligned with them. */
  public record Parameter(String name, String type, List<String> values, List<String> titles) {}
}
