package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.jobs.IJobChangeEvent;
import org.eclipse.core.runtime.jobs.IJobChangeListener;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.core.runtime.jobs.JobChangeAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the view of recordings looks for them again. */
class RecordingsViewTest {
  private final AtomicInteger searches = new AtomicInteger();
  private final IJobChangeListener counting =
      new JobChangeAdapter() {
        @Override
        public void scheduled(IJobChangeEvent event) {
          if (event.getJob().getName().equals("Looking for recordings")) searches.incrementAndGet();
        }
      };
  private IProject project;

  @BeforeEach
  void show() throws Exception {
    project = ResourcesPlugin.getWorkspace().getRoot().getProject("recorded");
    project.create(null);
    project.open(null);
    Views.perspective().showView("org.heapatlas.eclipse.ui.view.recordings");
    Job.getJobManager().addJobChangeListener(counting);
  }

  @AfterEach
  void delete() throws Exception {
    Job.getJobManager().removeJobChangeListener(counting);
    project.delete(true, true, null);
  }

  /** Listeners are told of a change before it returns. */
  private int searchesAfter(org.eclipse.core.runtime.ICoreRunnable change) throws Exception {
    Until.holds("no search goes on", RecordingsViewTest::isQuiet);
    int before = searches.get();
    ResourcesPlugin.getWorkspace().run(change, null);
    return searches.get() - before;
  }

  private static boolean isQuiet() {
    return java.util.Arrays.stream(Job.getJobManager().find(null))
        .noneMatch(job -> job.getName().equals("Looking for recordings"));
  }

  @Test
  void aFileThatChangesIsNoReasonToLookAgainAFolderThatComesIs() throws Exception {
    IFile file = project.getFile("a.c");
    byte[] text = "int a;\n".getBytes(StandardCharsets.UTF_8);
    assertEquals(0, searchesAfter(monitor -> file.create(text, IResource.NONE, monitor)));
    assertEquals(
        0, searchesAfter(monitor -> file.createMarker("org.eclipse.core.resources.problemmarker")));
    assertEquals(1, searchesAfter(monitor -> project.getFolder("out").create(true, true, monitor)));
    assertEquals(
        1,
        searchesAfter(
            monitor -> project.getFile("recording.json").create(text, IResource.NONE, monitor)));
  }
}
