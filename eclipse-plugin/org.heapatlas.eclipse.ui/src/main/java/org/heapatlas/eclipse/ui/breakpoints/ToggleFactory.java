package org.heapatlas.eclipse.ui.breakpoints;

import java.util.Locale;
import java.util.Set;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTarget;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTargetFactory;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.IWorkbenchPart;

/** Offers breakpoints of this debug model wherever sources of native programs are edited. */
public final class ToggleFactory implements IToggleBreakpointsTargetFactory {
  private static final String ID = "org.heapatlas.eclipse.ui.toggle";

  /** Of what compiles to a program with an allocator and lines; other editors have breakpoints. */
  private static final Set<String> NATIVE =
      Set.of(
          "c", "h", "cc", "hh", "cpp", "hpp", "cxx", "hxx", "c++", "h++", "inc", "inl", "ipp",
          "tcc", "tpp", "cu", "cuh", "m", "mm", "s", "asm", "rs", "go", "zig", "nim", "d", "swift",
          "f", "for", "f90", "f95", "f03", "f08", "adb", "ads", "pas", "v", "cr", "ml", "hs");

  @Override
  public Set<String> getToggleTargets(IWorkbenchPart part, ISelection selection) {
    return part instanceof IEditorPart editor && isNative(editor.getEditorInput().getName())
        ? Set.of(ID)
        : Set.of();
  }

  private static boolean isNative(String file) {
    String extension = file.substring(file.lastIndexOf('.') + 1);
    return NATIVE.contains(extension.toLowerCase(Locale.ROOT));
  }

  @Override
  public String getDefaultToggleTarget(IWorkbenchPart part, ISelection selection) {
    return getToggleTargets(part, selection).isEmpty() ? null : ID;
  }

  @Override
  public IToggleBreakpointsTarget createToggleTarget(String target) {
    return new LineToggle();
  }

  @Override
  public String getToggleTargetName(String target) {
    return "HeapAtlas Breakpoints";
  }

  @Override
  public String getToggleTargetDescription(String target) {
    return "Stop at events whose stack passes the line";
  }
}
