package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.core.expressions.EvaluationContext;
import org.eclipse.core.expressions.EvaluationResult;
import org.eclipse.core.expressions.ExpressionConverter;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.core.runtime.Platform;
import org.eclipse.core.runtime.jobs.IJobChangeEvent;
import org.eclipse.core.runtime.jobs.IJobChangeListener;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.jobs.JobChangeAdapter;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.jface.viewers.StructuredSelection;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.ui.launch.LaunchShortcut;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** <i>Debug As &gt; HeapAtlas</i>. */
class LaunchShortcutTest {
  private static final int STATUS_OF_STEPS = 7;

  private final ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
  private IProject project;
  private IFile program;
  private IFile source;

  @BeforeEach
  void compile() throws Exception {
    project = ResourcesPlugin.getWorkspace().getRoot().getProject("steps");
    project.create(null);
    project.open(null);
    source = project.getFile("notes.c");
    source.create("int a;\n".getBytes(StandardCharsets.UTF_8), IResource.NONE, null);
    DapSession.compiled("steps.c", project.getLocation().toPath());
    project.refreshLocal(IResource.DEPTH_INFINITE, null);
    program = project.getFile("program");
  }

  @AfterEach
  void delete() throws Exception {
    Launches.endAll();
    for (ILaunchConfiguration kept : kept()) kept.delete();
    project.delete(true, true, null);
  }

  private List<ILaunchConfiguration> kept() throws Exception {
    return Arrays.asList(
        launches.getLaunchConfigurations(
            launches.getLaunchConfigurationType(LaunchAttributes.TYPE)));
  }

  private static EvaluationResult offeredOn(Object selected) throws Exception {
    IConfigurationElement shortcut =
        Arrays.stream(
                Platform.getExtensionRegistry()
                    .getConfigurationElementsFor("org.eclipse.debug.ui.launchShortcuts"))
            .filter(each -> "org.heapatlas.eclipse.ui.shortcut".equals(each.getAttribute("id")))
            .findFirst()
            .orElseThrow();
    IConfigurationElement enablement =
        shortcut.getChildren("contextualLaunch")[0].getChildren("enablement")[0];
    EvaluationContext context = new EvaluationContext(null, List.of(selected));
    context.addVariable("selection", List.of(selected));
    return ExpressionConverter.getDefault().perform(enablement).evaluate(context);
  }

  @Test
  void itIsOfferedOnProgramsAndProjectsAlone() throws Exception {
    assertEquals(EvaluationResult.TRUE, offeredOn(program));
    assertEquals(EvaluationResult.TRUE, offeredOn(project));
    assertEquals(EvaluationResult.FALSE, offeredOn(source));
  }

  @Test
  void aProgramIsStartedByOneConfigurationThatIsKept() throws Exception {
    runs(program);
    assertEquals(1, kept().size());
    assertEquals("program", kept().getFirst().getName());
    runs(program);
    assertEquals(1, kept().size());
  }

  @Test
  void theOneProgramOfAProjectIsStarted() throws Exception {
    List<Thread> searchers = new CopyOnWriteArrayList<>();
    IJobChangeListener searches =
        new JobChangeAdapter() {
          @Override
          public void running(IJobChangeEvent event) {
            if (event.getJob().getName().equals("Looking for programs in 'steps'")) {
              searchers.add(event.getJob().getThread());
            }
          }
        };
    Job.getJobManager().addJobChangeListener(searches);
    runs(project);
    Job.getJobManager().removeJobChangeListener(searches);
    assertEquals(1, searchers.size());
    assertNotSame(Thread.currentThread(), searchers.getFirst(), "nothing looks into files here");
    assertEquals(
        program.getLocation().toOSString(),
        kept().getFirst().getAttribute(LaunchAttributes.PROGRAM, ""));
  }

  /** To its own end, with the status that it has alone. */
  private void runs(IResource selected) throws Exception {
    Workbench.staysInPlace();
    new LaunchShortcut().launch(new StructuredSelection(selected), ILaunchManager.DEBUG_MODE);
    Until.holds("a launch ends", this::hasEnded);
    ILaunch launch = launches.getLaunches()[0];
    assertEquals(STATUS_OF_STEPS, launch.getProcesses()[0].getExitValue());
    launches.removeLaunch(launch);
  }

  private boolean hasEnded() {
    ILaunch[] all = launches.getLaunches();
    return all.length == 1 && all[0].getProcesses().length > 0 && all[0].isTerminated();
  }
}
