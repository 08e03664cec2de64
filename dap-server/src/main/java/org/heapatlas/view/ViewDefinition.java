package org.heapatlas.view;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;

/** A kind of view that can be opened on a session, several times at once. */
public interface ViewDefinition {
  /** The id of the view that answers what a session was asked in SQL. */
  String QUERY = "session.query";

  /** Its parameters may take the session's processes as values. */
  ViewDescription description(Collection<WatchedProcess> processes);

  OpenView open(Session session, Options options);

  static Optional<ViewDefinition> named(String id, Collection<ViewDefinition> all) {
    return all.stream().filter(each -> each.description(List.of()).id().equals(id)).findFirst();
  }

  /** What the front end asked for; the viewport is in pixels. */
  record Options(Map<String, String> parameters, Viewport viewport) {
    public String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  /** Bounded, so that no request can ask for a frame without end. */
  record Viewport(int width, int height) {
    public static final Viewport DEFAULT = new Viewport(1200, 600);
    private static final int MOST = 8192;

    public Viewport {
      width = Math.clamp(width, 64, MOST);
      height = Math.clamp(height, 64, MOST);
    }
  }
}
