package org.heapatlas.eclipse.ui.launch;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.resources.IContainer;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ICoreRunnable;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationType;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.ILaunchShortcut;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.ElementListSelectionDialog;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.ui.Problem;

/**
 * <i>Debug As &gt; HeapAtlas</i>: starts a program, or one that is in a project, by the
 * configuration that there is for it, or one that is made and kept.
 */
public final class LaunchShortcut implements ILaunchShortcut {
  private static final String TITLE = "Debug with HeapAtlas";

  @Override
  public void launch(ISelection selection, String mode) {
    if (selection instanceof IStructuredSelection chosen) {
      launch(Adapters.adapt(chosen.getFirstElement(), IResource.class), mode);
    }
  }

  @Override
  public void launch(IEditorPart editor, String mode) {
    IFile source = Adapters.adapt(editor.getEditorInput(), IFile.class);
    launch(source == null ? null : source.getProject(), mode);
  }

  private static void launch(IResource resource, String mode) {
    switch (resource) {
      case IFile program -> start(program, mode);
      case IContainer folder -> search(folder, mode);
      case null, default -> {
        // An editor on a file of no project, say.
      }
    }
  }

  private static void start(IFile program, String mode) {
    try {
      DebugUITools.launch(configuration(program), mode);
    } catch (CoreException e) {
      Problem.show("The program cannot be started", e);
    }
  }

  /** In a job, for a project may hold many files, and each is looked into. */
  private static void search(IContainer folder, String mode) {
    Display display = PlatformUI.getWorkbench().getDisplay();
    ICoreRunnable look =
        monitor -> {
          List<IFile> found = Programs.in(folder, monitor);
          if (display.isDisposed()) return;
          display.asyncExec(() -> choose(folder, found).ifPresent(program -> start(program, mode)));
        };
    Job search = Job.create("Looking for programs in '%s'".formatted(folder.getName()), look);
    search.setUser(true);
    search.schedule();
  }

  private static Optional<IFile> choose(IContainer folder, List<IFile> programs) {
    Shell shell = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    if (programs.isEmpty()) {
      MessageDialog.openInformation(
          shell,
          TITLE,
          "There is no native program in '%s'. Build it, and refresh the project if it was built outside of Eclipse; or name the program in Run > Debug Configurations… > HeapAtlas."
              .formatted(folder.getName()));
      return Optional.empty();
    }
    return programs.size() == 1 ? Optional.of(programs.getFirst()) : ask(shell, programs);
  }

  private static Optional<IFile> ask(Shell shell, List<IFile> programs) {
    var dialog =
        new ElementListSelectionDialog(
            shell,
            LabelProvider.createTextProvider(
                each ->
                    each instanceof IFile file ? file.getProjectRelativePath().toString() : ""));
    dialog.setTitle(TITLE);
    dialog.setMessage("Choose a program (? = any character, * = any text):");
    dialog.setElements(programs.toArray());
    return dialog.open() == Window.OK && dialog.getFirstResult() instanceof IFile chosen
        ? Optional.of(chosen)
        : Optional.empty();
  }

  private static ILaunchConfiguration configuration(IFile program) throws CoreException {
    ILaunchManager manager = DebugPlugin.getDefault().getLaunchManager();
    ILaunchConfigurationType type = manager.getLaunchConfigurationType(LaunchAttributes.TYPE);
    String path = program.getLocation().toOSString();
    for (ILaunchConfiguration known : manager.getLaunchConfigurations(type)) {
      if (LaunchKind.of(known) == LaunchKind.PROGRAM
          && known.getAttribute(LaunchAttributes.PROGRAM, "").equals(path)) {
        return known;
      }
    }
    ILaunchConfigurationWorkingCopy made =
        type.newInstance(null, manager.generateLaunchConfigurationName(program.getName()));
    made.setAttribute(LaunchAttributes.KIND, LaunchKind.PROGRAM.name());
    made.setAttribute(LaunchAttributes.PROGRAM, path);
    made.setAttribute(LaunchAttributes.FOLDER, program.getProject().getLocation().toOSString());
    made.setMappedResources(new IResource[] {program});
    return made.doSave();
  }
}
