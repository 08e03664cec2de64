package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.ide.IDE;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.ui.findings.FindingMarkers;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a program does wrong is a problem of the workspace, on the line that does it. */
class FindingsTest {
  private static final Path PROGRAMS =
      Path.of(System.getProperty("heapatlas.root"), "tests", "programs");

  private IProject project;
  private IFile source;
  private Path program;

  @BeforeEach
  void compile() throws Exception {
    Views.perspective();
    project = ResourcesPlugin.getWorkspace().getRoot().getProject("twice");
    project.create(new NullProgressMonitor());
    project.open(new NullProgressMonitor());
    Path folder = project.getLocation().toPath();
    Files.copy(PROGRAMS.resolve("double_free.c"), folder.resolve("twice.c"));
    program = folder.resolve("twice");
    Process compiler =
        new ProcessBuilder("gcc", "-g", "-O0", "-w", "-o", "twice", folder + "/twice.c")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    project.refreshLocal(IResource.DEPTH_INFINITE, new NullProgressMonitor());
    source = project.getFile("twice.c");
  }

  @AfterEach
  void deleteProject() throws Exception {
    Launches.endAll();
    Views.closeAll(Views.perspective());
    project.delete(true, true, new NullProgressMonitor());
  }

  @Test
  void aDoubleFreeIsMarkedOnItsLineWhileTheSessionRuns() throws Exception {
    launch();
    Until.holds("the marker", () -> marks().size() == 1);
    IMarker mark = marks().getFirst();
    assertEquals(secondRelease(), mark.getAttribute(IMarker.LINE_NUMBER));
    assertEquals(IMarker.SEVERITY_ERROR, mark.getAttribute(IMarker.SEVERITY));
    assertTrue(mark.getAttribute(IMarker.MESSAGE, "").startsWith("double-free: "));
    Launches.endAll();
    Until.holds("no marker without a session", () -> marks().isEmpty());
  }

  @Test
  void itsQuickFixShowsTheReport() throws Exception {
    launch();
    Until.holds("the marker", () -> marks().size() == 1);
    IDE.getMarkerHelpRegistry().getResolutions(marks().getFirst())[0].run(marks().getFirst());
    IWorkbenchPage page = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    WidgetView report = Views.ofServer(page, "memory.report");
    Until.holds(
        "the report",
        () ->
            Views.data(report, 0).orElse(null) instanceof Document document
                && document.blocks().getFirst() instanceof Document.Heading heading
                && heading.text().startsWith("double-free of"));
    Pictures.take("report");
  }

  /** The line of the function that releases what was released, from 1. */
  private static int secondRelease() throws Exception {
    List<String> lines = Files.readAllLines(PROGRAMS.resolve("double_free.c"));
    String function = lines.stream().filter(l -> l.contains("void drop_idle(")).findFirst().get();
    return lines.indexOf(function) + 1;
  }

  private List<IMarker> marks() throws Exception {
    return List.of(source.findMarkers(FindingMarkers.TYPE, false, IResource.DEPTH_ZERO));
  }

  private void launch() throws Exception {
    Launches.launchInPlace(
        LaunchKind.PROGRAM,
        Map.of(LaunchAttributes.PROGRAM, program.toString(), LaunchAttributes.ARGUMENTS, "600"));
  }
}
