package org.heapatlas.eclipse.ui.launch;

import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchCheck;
import org.heapatlas.eclipse.launch.LaunchKind;

/** What has happened already. */
final class RecordingTab extends KindTab {
  RecordingTab() {
    super("Recording", "recording", LaunchKind.RECORDING, "Replay a recording");
  }

  @Override
  void fillKind(Fields into) {
    into.folder(
        "Folder:",
        LaunchAttributes.RECORDING,
        "The folder of a recording, or of several nodes' recordings");
    into.text(
        "Begin at:", LaunchAttributes.AT, "Its end; or a time, 12.5s, or the number of an event");
  }

  @Override
  Optional<String> problemOfKind(ILaunchConfiguration configuration) throws CoreException {
    return LaunchCheck.recording(configuration);
  }
}
