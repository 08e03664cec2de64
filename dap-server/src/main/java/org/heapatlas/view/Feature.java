package org.heapatlas.view;

import java.util.List;
import java.util.ServiceLoader;

/**
 * A feature of the product: the views that it adds. Found through META-INF/services; nothing else
 * names a feature.
 */
public interface Feature {
  List<ViewDefinition> views();

  /** The views of every feature. */
  static List<ViewDefinition> allViews() {
    return ServiceLoader.load(Feature.class).stream()
        .flatMap(feature -> feature.get().views().stream())
        .toList();
  }
}
