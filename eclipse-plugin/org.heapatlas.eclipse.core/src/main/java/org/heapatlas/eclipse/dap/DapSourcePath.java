package org.heapatlas.eclipse.dap;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.sourcelookup.ISourceContainer;
import org.eclipse.debug.core.sourcelookup.ISourcePathComputerDelegate;
import org.eclipse.debug.core.sourcelookup.containers.WorkspaceSourceContainer;

/** Where sources are looked for that are not at the paths that an adapter names: the workspace. */
public final class DapSourcePath implements ISourcePathComputerDelegate {
  @Override
  public ISourceContainer[] computeSourceContainers(
      ILaunchConfiguration configuration, IProgressMonitor monitor) {
    return new ISourceContainer[] {new WorkspaceSourceContainer()};
  }
}
