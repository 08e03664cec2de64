package org.heapatlas.eclipse.ui.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.application.Platform;
import javafx.embed.swt.FXCanvas;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.contexts.IDebugContextListener;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.util.IPropertyChangeListener;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.ui.IMemento;
import org.eclipse.ui.IViewSite;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.part.ViewPart;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.widgets.Theme;
import org.heapatlas.eclipse.ui.widgets.WidgetHost;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.Parameter;

/**
 * A view of the workbench that shows views of the current session, one below the other. Which, says
 * plugin.xml behind the class's name; without that the view's secondary id is the id of one.
 */
public final class WidgetView extends ViewPart {
  /** The view of which there can be many, one for each of the server's. */
  public static final String ANY = "org.heapatlas.eclipse.ui.view";

  private static final String TITLE = "title";
  private static final String WELCOME =
      "No program is watched. Launch one by a HeapAtlas configuration, or open a recording.";

  /** How much of the height what stands above the last slot may take, each. */
  private static final double HEAD_PART = 0.36;

  private String picks = "";
  private String restoredTitle = "";
  private Display display;
  private FXCanvas canvas;
  private final List<ViewSlot> slots = new ArrayList<>();
  private final VBox column = new VBox();
  private final StackPane root = new StackPane();
  private WidgetPane welcome;
  private final Runnable[] leaving = new Runnable[2];
  private HeapSession session;
  private Runnable choice = () -> {};
  private Theme worn;
  private boolean everBound;
  private boolean visible;

  @Override
  public void setInitializationData(IConfigurationElement element, String property, Object data) {
    super.setInitializationData(element, property, data);
    picks = Objects.toString(data, "");
  }

  @Override
  public void init(IViewSite site, IMemento memento) throws PartInitException {
    super.init(site, memento);
    String kept = memento == null ? null : memento.getString(TITLE);
    if (kept != null) restoredTitle = kept;
  }

  @Override
  public void saveState(IMemento memento) {
    memento.putString(TITLE, getPartName());
  }

  @Override
  public void createPartControl(Composite parent) {
    display = parent.getDisplay();
    // Else the last view that closes would end JavaFX for good.
    Platform.setImplicitExit(false);
    canvas = new FXCanvas(parent, SWT.NONE);
    if (!restoredTitle.isEmpty()) setPartName(restoredTitle);
    for (ViewPick pick : picksOf()) {
      boolean only = slots.isEmpty() && picksOf().size() == 1;
      boolean cards = pick.equals(new ViewPick.OfKind("keyFigures")) && !only;
      slots.add(
          new ViewSlot(
              pick,
              cards ? WidgetPane.Look.BARE : WidgetPane.Look.FRAMED,
              new SlotHost(slots.size()),
              this::onDisplay,
              this::notice));
    }
    for (ViewSlot slot : slots) {
      column.getChildren().add(slot.pane());
      boolean last = slot == slots.getLast();
      VBox.setVgrow(slot.pane(), last ? Priority.ALWAYS : Priority.NEVER);
      if (!last) slot.pane().maxHeightProperty().bind(column.heightProperty().multiply(HEAD_PART));
    }
    column.setSpacing(6);
    welcome = new WidgetPane(new SlotHost(0), WidgetPane.Look.PLAIN);
    welcome.setFrame(nothing(WELCOME));
    canvas.setScene(new Scene(root));
    dress();
    followTheme();
    visible = true;
    follow();
    fillMenu(getViewSite().getActionBars().getMenuManager());
    leaving[0] = Sessions.shared().onChange(() -> onDisplay(this::follow));
    leaving[1] = new Sight(this).begin();
    var contexts =
        DebugUITools.getDebugContextManager().getContextService(getSite().getWorkbenchWindow());
    IDebugContextListener listener = SessionChoice::heed;
    contexts.addDebugContextListener(listener);
    canvas.addDisposeListener(event -> contexts.removeDebugContextListener(listener));
  }

  private List<ViewPick> picksOf() {
    if (!picks.isEmpty()) return ViewPick.parseAll(picks);
    return List.of(new ViewPick.Named(Objects.requireNonNullElse(viewId(), "")));
  }

  private static Frame nothing(String sentence) {
    return new Frame(
        "", "", null, null, null, List.of(), null, List.of(), sentence, "", null, null);
  }

  /** A colon would divide a secondary id. */
  private String viewId() {
    return getViewSite().getSecondaryId();
  }

  /** The system's colours, and the workbench's own themes. */
  private void followTheme() {
    Listener settings = event -> onDisplay(this::dress);
    IPropertyChangeListener themes = event -> onDisplay(this::dress);
    var manager = PlatformUI.getWorkbench().getThemeManager();
    display.addListener(SWT.Settings, settings);
    manager.addPropertyChangeListener(themes);
    // The workbench colours its parts one by one, some of them after it has told of the theme; what
    // counts is the colour at the last paint.
    Listener painted = event -> dressAnew();
    canvas.addListener(SWT.Paint, painted);
    canvas.getParent().addListener(SWT.Paint, painted);
    canvas.addDisposeListener(
        event -> {
          display.removeListener(SWT.Settings, settings);
          manager.removePropertyChangeListener(themes);
        });
  }

  private void dressAnew() {
    if (!WorkbenchTheme.of(canvas).equals(worn)) onDisplay(this::dress);
  }

  private void dress() {
    if (canvas.isDisposed()) return;
    var theme = WorkbenchTheme.of(canvas);
    worn = theme;
    root.setStyle(WorkbenchTheme.ground(theme));
    welcome.setTheme(theme);
    for (ViewSlot slot : slots) slot.pane().setTheme(theme);
  }

  /** What was bound before is left, unless it is still current. */
  private void follow() {
    if (canvas.isDisposed()) return;
    HeapSession current = Sessions.shared().current().orElse(null);
    if (current != session) {
      choice.run();
      choice = current == null ? () -> {} : current.onChoice(() -> onDisplay(this::reopen));
      session = current;
      everBound |= current != null;
      reopen();
    }
    showRoot();
  }

  private void showRoot() {
    root.getChildren().setAll(everBound ? column : welcome);
  }

  private void reopen() {
    if (canvas.isDisposed()) return;
    for (ViewSlot slot : slots) {
      if (visible || session == null) slot.open(session);
      else slot.close();
    }
    updateName();
  }

  /** Of a view that the server names. */
  private void updateName() {
    if (session == null || viewId() == null) return;
    session
        .views()
        .thenAcceptAsync(
            views -> {
              if (canvas.isDisposed()) return;
              picksOf().getFirst().of(views).ifPresent(view -> setPartName(view.title()));
            },
            this::onDisplay);
  }

  void setVisible(boolean isVisible) {
    if (visible == isVisible) return;
    visible = isVisible;
    reopen();
  }

  /** Of the first slot; for what asks the view to show something. */
  public void perform(Act act) {
    slots.getFirst().act(act);
  }

  /** What shows in a slot, if it shows. */
  public WidgetPane pane(int slot) {
    return slots.get(slot).pane();
  }

  /** From any thread; also when the view is gone meanwhile, for what it opened is to be closed. */
  private void onDisplay(Runnable deed) {
    if (!display.isDisposed()) display.asyncExec(deed);
  }

  private void fillMenu(IMenuManager menu) {
    menu.setRemoveAllWhenShown(true);
    menu.addMenuListener(
        shown -> {
          for (ViewSlot slot : slots) {
            slot.view().ifPresent(view -> view.parameters().forEach(p -> shown.add(submenu(p))));
          }
        });
    menu.add(new Action("No session") {});
  }

  private IMenuManager submenu(Parameter parameter) {
    var menu = new MenuManager(parameter.name());
    for (int at = 0; at < parameter.values().size(); at++) {
      String value = parameter.values().get(at);
      String title = at < parameter.titles().size() ? parameter.titles().get(at) : value;
      Action action =
          new Action(title, Action.AS_RADIO_BUTTON) {
            @Override
            public void run() {
              if (isChecked() && session != null) session.choose(parameter.name(), value);
            }
          };
      action.setChecked(session != null && value.equals(session.chosen().get(parameter.name())));
      menu.add(action);
    }
    return menu;
  }

  @Override
  public void setFocus() {
    canvas.setFocus();
    if (everBound) slots.getLast().pane().focusWidget();
  }

  @Override
  public void dispose() {
    for (Runnable leave : leaving) {
      if (leave != null) leave.run();
    }
    choice.run();
    slots.forEach(ViewSlot::close);
    super.dispose();
  }

  private void notice(String sentence) {
    if (canvas.isDisposed()) return;
    getViewSite().getActionBars().getStatusLineManager().setMessage(sentence);
  }

  /** What the widget of one slot asks for. */
  private final class SlotHost implements WidgetHost {
    private final int at;

    SlotHost(int at) {
      this.at = at;
    }

    @Override
    public void act(Act act) {
      ViewSlot slot = slots.get(at);
      slot.act(act);
      slot.pane()
          .frame()
          .map((Frame frame) -> frame.viewOf(act))
          .filter(id -> !id.isEmpty())
          .ifPresent(id -> ShowServerView.show(getSite().getPage(), id, WidgetView.this::notice));
    }

    @Override
    public void openSource(String path, int line) {
      SourceEditor.open(getSite().getPage(), path, line, WidgetView.this::notice);
    }

    @Override
    public void watch(AddressRange bytes) {
      WidgetView.this.notice(Watching.set(bytes));
    }

    @Override
    public void export(String sql) {
      // A dialog that is opened within an event of JavaFX would keep the event until it closes.
      if (session != null) onDisplay(() -> new QueryExport(session, sql).ask(getSite().getShell()));
    }

    @Override
    public void notice(String sentence) {
      WidgetView.this.notice(sentence);
    }

    @Override
    public void copyText(String text, String what) {
      Copies.text(canvas.getDisplay(), text);
      notice(what + " copied.");
    }

    @Override
    public void copyPicture(Image picture, String title) {
      Copies.picture(canvas.getDisplay(), picture);
      notice(title + " copied as an image.");
    }
  }
}
