package org.heapatlas.query;

import java.util.Collection;
import java.util.List;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;
import org.heapatlas.view.Feature;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/** The view of a query's answer. Found by its entry in META-INF/services. */
public final class QueryFeature implements Feature {
  @Override
  public List<ViewDefinition> views() {
    return List.of(new Definition());
  }

  /** About all processes of a session: a query says itself which it is about. */
  private static final class Definition implements ViewDefinition {
    @Override
    public ViewDescription description(Collection<WatchedProcess> processes) {
      return new ViewDescription(
          QUERY,
          QueryView.TITLE,
          "query",
          QueryView.WIDGET,
          "The session asked in SQL: events, allocations, call sites and more are tables",
          List.of(new ViewDescription.Parameter("sql", "text", List.of(), List.of())),
          0);
    }

    @Override
    public OpenView open(Session session, Options options) {
      return new QueryView(session, options.parameter("sql"));
    }
  }
}
