package org.heapatlas.eclipse.ui.launch;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.swt.widgets.Composite;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchCheck;
import org.heapatlas.eclipse.launch.LaunchKind;

/** How much is recorded, and whether it is kept. */
final class MonitoringTab extends HeapAtlasTab {
  MonitoringTab() {
    super("Monitoring", "monitoring");
  }

  @Override
  void fill(Composite page, Fields into) {
    into.choice(
        "Mode:",
        LaunchAttributes.MODE,
        List.of(
            new Fields.Choice(
                "full", "Full: every allocation and release, each with its whole call stack"),
            new Fields.Choice(
                "full-no-stacks", "Full without stacks: every allocation and release"),
            new Fields.Choice("sampled", "Sampled: a Poisson sample by bytes, scaled without bias"),
            new Fields.Choice(
                "off", "Off: nothing, until it is switched on while the program runs")));
    into.folder("Record into:", LaunchAttributes.RECORD, "A new folder, to be replayed later");
    into.text("Keep the last:", LaunchAttributes.RECORD_LAST, "All; or 30s, 5m, 1h alone");
    into.text("Keep at most:", LaunchAttributes.RECORD_MAX, "No limit; or 500M, 20G on disk");
    into.check(
        "Seal what there is when a finding is raised", LaunchAttributes.RECORD_ON_FINDING, false);
  }

  @Override
  Optional<String> problem(ILaunchConfiguration configuration) throws CoreException {
    return LaunchKind.of(configuration) == LaunchKind.RECORDING
        ? Optional.empty()
        : LaunchCheck.monitoring(configuration);
  }
}
