package org.heapatlas.eclipse.ui.launch;

import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchCheck;
import org.heapatlas.eclipse.launch.LaunchKind;

/** What runs already: a process of this machine, or all that other machines' collectors watch. */
final class AttachTab extends KindTab {
  AttachTab() {
    super("Attach", "attach", LaunchKind.ATTACH, "Attach to what runs already");
  }

  @Override
  void fillKind(Fields into) {
    into.browsed(
        "Process:",
        LaunchAttributes.PID,
        "The number of a process of this machine",
        "Choose…",
        () -> ProcessPicker.choose(getShell()));
    into.words("Nodes:", LaunchAttributes.NODES, "Instead of a process: host:port, host:port");
    into.folder(
        "Certificates:",
        LaunchAttributes.TLS,
        "With nodes: the folder with ca.crt, client.crt and client.key");
  }

  @Override
  Optional<String> problemOfKind(ILaunchConfiguration configuration) throws CoreException {
    return LaunchCheck.attach(configuration);
  }
}
