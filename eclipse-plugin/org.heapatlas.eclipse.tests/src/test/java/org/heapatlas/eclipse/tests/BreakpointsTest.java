package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.core.commands.ParameterizedCommand;
import org.eclipse.core.expressions.IEvaluationContext;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugModelPresentation;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTarget;
import org.eclipse.jface.text.TextSelection;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.ISources;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.texteditor.ITextEditor;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapFunctionBreakpoint;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Breakpoints that are set by hand, and how they are told. */
class BreakpointsTest {
  private IProject project;
  private IFile file;

  @BeforeEach
  void make() throws Exception {
    project = ResourcesPlugin.getWorkspace().getRoot().getProject("program");
    project.create(null);
    project.open(null);
    file = project.getFile("a.c");
    file.create("int a;\nint b;\nint c;\n".getBytes(StandardCharsets.UTF_8), 0, null);
  }

  @AfterEach
  void delete() throws Exception {
    page().closeAllEditors(false);
    DebugPlugin.getDefault().getBreakpointManager().removeBreakpoints(all(), true);
    project.delete(true, true, null);
  }

  private static IWorkbenchPage page() {
    return PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
  }

  private static IBreakpoint[] all() {
    return DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(Dap.MODEL);
  }

  private static String label(IBreakpoint breakpoint) {
    IDebugModelPresentation presentation = DebugUITools.newDebugModelPresentation(Dap.MODEL);
    try {
      return presentation.getText(breakpoint);
    } finally {
      presentation.dispose();
    }
  }

  @Test
  void aLineOfATextEditorIsToggled() throws Exception {
    IEditorPart editor = IDE.openEditor(page(), file, "org.eclipse.ui.DefaultTextEditor");
    ITextEditor text = assertInstanceOf(ITextEditor.class, editor);
    TextSelection second =
        new TextSelection(text.getDocumentProvider().getDocument(text.getEditorInput()), 8, 0);
    IToggleBreakpointsTarget toggle =
        DebugUITools.getToggleBreakpointsTargetManager().getToggleBreakpointsTarget(editor, second);
    assertTrue(toggle.canToggleLineBreakpoints(editor, second));
    toggle.toggleLineBreakpoints(editor, second);
    DapLineBreakpoint set = assertInstanceOf(DapLineBreakpoint.class, all()[0]);
    assertEquals(2, set.getLineNumber());
    assertEquals(file.getLocation().toOSString(), set.path());
    toggle.toggleLineBreakpoints(editor, second);
    assertEquals(0, all().length);
  }

  @Test
  void eachIsToldByWhereItStandsAndItsCondition() throws Exception {
    DapLineBreakpoint line = DapLineBreakpoint.at(file, 3);
    assertEquals("a.c [line: 3]", label(line));
    line.change(DapLineBreakpoint.CONDITION, "size > 4K");
    assertEquals("a.c [line: 3] [if size > 4K]", label(line));
    line.change(DapLineBreakpoint.HIT_CONDITION, "% 5");
    line.change(DapLineBreakpoint.LOG_MESSAGE, "{size} bytes");
    assertEquals("a.c [line: 3] [if size > 4K] [hits: % 5] [prints: {size} bytes]", label(line));
    assertEquals("main()", label(DapFunctionBreakpoint.at("main")));
    assertEquals("0x1000, 16 bytes", label(DapWatchpoint.at(BigInteger.valueOf(0x1000), 16)));
  }

  /** Their editors have breakpoints of their own, or none. */
  @Test
  void sourcesOfOtherLanguagesAreNotOffered() throws Exception {
    IFile notes = project.getFile("notes.txt");
    notes.create("one\n".getBytes(StandardCharsets.UTF_8), 0, null);
    IEditorPart editor = IDE.openEditor(page(), notes, "org.eclipse.ui.DefaultTextEditor");
    TextSelection first = new TextSelection(0, 0);
    assertEquals(
        java.util.Set.of(),
        DebugUITools.getToggleBreakpointsTargetManager()
            .getEnabledToggleBreakpointsTargetIDs(editor, first));
  }

  /** Of what is selected, in a dialog, down to what the adapter is asked. */
  @Test
  void whenALineStopsAndWhatItPrintsIsSetInADialog() throws Exception {
    DapLineBreakpoint line = DapLineBreakpoint.at(file, 3);
    IHandlerService handlers = page().getWorkbenchWindow().getService(IHandlerService.class);
    ICommandService commands = page().getWorkbenchWindow().getService(ICommandService.class);
    var command = commands.getCommand("org.heapatlas.eclipse.ui.breakpointProperties");
    IEvaluationContext context = handlers.createContextSnapshot(false);
    context.addVariable(ISources.ACTIVE_CURRENT_SELECTION_NAME, new StructuredSelection(line));
    page().getWorkbenchWindow().getShell().getDisplay().asyncExec(BreakpointsTest::fillIn);
    handlers.executeCommandInContext(new ParameterizedCommand(command, null), null, context);
    assertEquals("a.c [line: 3] [if size > 64] [hits: >= 2] [prints: {size}]", label(line));
    try (StubAdapter adapter = StubAdapter.start("stub")) {
      Until.holds("the adapter is asked", () -> !adapter.asked().isEmpty());
      SourceBreakpoint asked = adapter.asked().getFirst();
      assertEquals("size > 64", asked.getCondition());
      assertEquals(">= 2", asked.getHitCondition());
      assertEquals("{size}", asked.getLogMessage());
    }
  }

  private static void fillIn() {
    try {
      Until.holds("the dialog", () -> Shells.titled("Breakpoint Properties").isPresent());
      Shell dialog = Shells.titled("Breakpoint Properties").orElseThrow();
      Pictures.take("breakpoint properties");
      List<Text> lines =
          Shells.controls(dialog).stream()
              .filter(Text.class::isInstance)
              .map(Text.class::cast)
              .toList();
      List<String> typed = List.of("size > 64", ">= 2", "{size}");
      for (int i = 0; i < typed.size(); i++) lines.get(i).setText(typed.get(i));
      dialog.getDefaultButton().notifyListeners(SWT.Selection, new Event());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWatchpointKeepsItsKindsOfAccess() throws Exception {
    DapWatchpoint watchpoint = DapWatchpoint.at(BigInteger.valueOf(0x1000), 16);
    watchpoint.setAccess(true);
    watchpoint.setModification(false);
    assertTrue(watchpoint.isAccess());
    assertTrue(!watchpoint.isModification());
    assertTrue(watchpoint.isPersisted());
  }
}
