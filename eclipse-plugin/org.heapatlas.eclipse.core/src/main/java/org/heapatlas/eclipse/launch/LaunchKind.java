package org.heapatlas.eclipse.launch;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;

/** What a launch configuration watches. */
public enum LaunchKind {
  PROGRAM,
  ATTACH,
  RECORDING;

  public static LaunchKind of(ILaunchConfiguration configuration) throws CoreException {
    String written = configuration.getAttribute(LaunchAttributes.KIND, PROGRAM.name());
    for (LaunchKind kind : values()) {
      if (kind.name().equals(written)) {
        return kind;
      }
    }
    return PROGRAM;
  }
}
