package org.heapatlas.eclipse.ui.launch;

import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchCheck;
import org.heapatlas.eclipse.launch.LaunchKind;

/** The program that is started. */
final class ProgramTab extends KindTab {
  ProgramTab() {
    super("Program", "program", LaunchKind.PROGRAM, "Start a program");
  }

  @Override
  void fillKind(Fields into) {
    into.file(
        "Program:",
        LaunchAttributes.PROGRAM,
        "The program to run. It needs no change, and no rebuild.");
    into.lines("Arguments:", LaunchAttributes.ARGUMENTS, "Its arguments, as on a command line");
    into.folder("Working directory:", LaunchAttributes.FOLDER, "The workbench's own");
    into.check("Run in a console of its own, with input", LaunchAttributes.TERMINAL, false);
    into.check("Stop before its first instruction", LaunchAttributes.STOP_ON_ENTRY, false);
  }

  @Override
  Optional<String> problemOfKind(ILaunchConfiguration configuration) throws CoreException {
    return LaunchCheck.program(configuration);
  }
}
