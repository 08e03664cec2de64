package org.heapatlas.eclipse.ui.views;

import java.util.List;
import java.util.function.Consumer;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.runtime.ILog;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.dialogs.ElementListSelectionDialog;
import org.eclipse.ui.handlers.HandlerUtil;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/** The command that lists every view of the current session, and shows what is chosen. */
public final class ShowServerView extends AbstractHandler {
  private static final String TITLE = "Show HeapAtlas View";

  /** A parameter of the command: the view's id; without it one is chosen from a list. */
  private static final String VIEW = "org.heapatlas.eclipse.ui.showView.id";

  /** Brings a view of the server into sight. */
  public static void show(IWorkbenchPage page, String id, Consumer<String> report) {
    try {
      page.showView(WidgetView.ANY, id, IWorkbenchPage.VIEW_ACTIVATE);
    } catch (PartInitException e) {
      ILog.of(ShowServerView.class).log(e.getStatus());
      report.accept("The view cannot be shown: " + e.getMessage());
    }
  }

  @Override
  public Object execute(ExecutionEvent event) {
    IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindow(event);
    if (window == null) return null;
    String named = event.getParameter(VIEW);
    if (named != null) {
      show(window.getActivePage(), named, sentence -> complain(window.getShell(), sentence));
      return null;
    }
    HeapSession session = Sessions.shared().current().orElse(null);
    if (session == null) {
      MessageDialog.openInformation(
          window.getShell(),
          TITLE,
          "No program is watched. Launch one by a HeapAtlas configuration, or open a recording;"
              + " then its views are listed here.");
      return null;
    }
    Display display = window.getShell().getDisplay();
    session
        .views()
        .whenCompleteAsync(
            (views, failure) -> {
              if (failure == null) choose(window, views);
              else complain(window.getShell(), Dap.message(failure));
            },
            display::asyncExec);
    return null;
  }

  private static void choose(IWorkbenchWindow window, List<ViewDescription> views) {
    var dialog =
        new ElementListSelectionDialog(
            window.getShell(),
            LabelProvider.createTextProvider(
                view ->
                    view instanceof ViewDescription described
                        ? described.title() + " – " + described.description()
                        : ""));
    dialog.setTitle(TITLE);
    dialog.setMessage("Choose a view of the session (? = any character, * = any text):");
    dialog.setElements(views.toArray());
    if (dialog.open() == ElementListSelectionDialog.OK
        && dialog.getFirstResult() instanceof ViewDescription chosen) {
      show(window.getActivePage(), chosen.id(), sentence -> complain(window.getShell(), sentence));
    }
  }

  private static void complain(Shell shell, String sentence) {
    MessageDialog.openError(shell, TITLE, sentence);
  }
}
