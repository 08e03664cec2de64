package org.heapatlas.eclipse.ui.launch;

import org.eclipse.debug.ui.AbstractLaunchConfigurationTabGroup;
import org.eclipse.debug.ui.CommonTab;
import org.eclipse.debug.ui.EnvironmentTab;
import org.eclipse.debug.ui.ILaunchConfigurationDialog;
import org.eclipse.debug.ui.ILaunchConfigurationTab;
import org.eclipse.debug.ui.sourcelookup.SourceLookupTab;

/** The tabs of a launch configuration of HeapAtlas. */
public final class HeapAtlasTabs extends AbstractLaunchConfigurationTabGroup {
  @Override
  public void createTabs(ILaunchConfigurationDialog dialog, String mode) {
    setTabs(
        new ILaunchConfigurationTab[] {
          new ProgramTab(),
          new AttachTab(),
          new RecordingTab(),
          new MonitoringTab(),
          new EnvironmentTab(),
          new SourceLookupTab(),
          new CommonTab()
        });
  }
}
