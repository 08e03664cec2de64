package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.ui.IWorkbenchPage;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.tests.view.TinyServer;
import org.heapatlas.eclipse.ui.views.ShowServerView;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session whose channel is refused, or lost and regained. */
class ConnectionTest {
  private IWorkbenchPage page;

  @BeforeEach
  void begin() throws Exception {
    page = Views.perspective();
    Views.closeAll(page);
  }

  @AfterEach
  void endAll() throws Exception {
    Launches.endAll();
    Views.closeAll(page);
  }

  private static HeapSession session() throws Exception {
    Until.holds("a session", () -> Sessions.shared().current().isPresent());
    return Sessions.shared().current().orElseThrow();
  }

  /** Long before anybody's patience ends. The next request asks for the way in anew. */
  @Test
  void aSessionThatIsNotLetInSaysSo() throws Exception {
    try (TinyServer server = new TinyServer();
        StubAdapter adapter = StubAdapter.start("heapatlas", server.url())) {
      HeapSession session = session();
      for (int times = 1; times <= 2; times++) {
        var views = session.views();
        awaitHello(server);
        server.refuse(1008);
        AssertionError failed =
            assertThrows(AssertionError.class, () -> Until.done("views", views));
        assertTrue(failed.getMessage().contains("not let this session in"), failed.getMessage());
        assertEquals(times, adapter.openings());
      }
    }
  }

  /** A connection's first message; what came over the one before may be left. */
  private static void awaitHello(TinyServer server) throws InterruptedException {
    String message = server.next();
    while (!message.contains("the-token")) message = server.next();
  }

  @Test
  void aViewSaysThatItsConnectionIsLostAndGoesOnWhenItIsBack() throws Exception {
    try (StubViews views = new StubViews();
        StubAdapter adapter = StubAdapter.start("heapatlas", views.server().url())) {
      WidgetView view = figures();
      assertEquals("", view.pane(0).stale());
      views.server().drop();
      Until.holds("it says so", () -> view.pane(0).stale().contains("connection"));
      assertTrue(view.pane(0).frame().isPresent());
      Until.holds("it goes on", () -> view.pane(0).stale().isEmpty());
    }
    Until.holds("the end is said", () -> stale().contains("session has ended"));
    Pictures.take("stale");
  }

  /** Nobody has to ask for anything: what is open comes back by itself. */
  @Test
  void aViewThatIsTurnedAwayComesBackByAWayThatIsAskedForAnew() throws Exception {
    try (StubViews views = new StubViews();
        StubAdapter adapter = StubAdapter.start("heapatlas", views.server().url())) {
      WidgetView view = figures();
      int before = adapter.openings();
      views.server().refuse(1008);
      Until.holds("it asks anew", () -> adapter.openings() == before + 1);
      Until.holds("it goes on", () -> view.pane(0).stale().isEmpty());
    }
  }

  /** The view of the session that has begun, once it shows its figures. */
  private WidgetView figures() throws Exception {
    session();
    ShowServerView.show(page, StubViews.VIEW, sentence -> {});
    WidgetView view = Views.ofServer(page, StubViews.VIEW);
    Until.holds("figures", () -> view.pane(0).frame().isPresent());
    return view;
  }

  private String stale() {
    return Views.ofServer(page, StubViews.VIEW).pane(0).stale();
  }
}
