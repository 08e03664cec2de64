package org.heapatlas.eclipse.ui.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.core.resources.IContainer;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;

/** Native programs among the resources of the workspace: files that can be executed, in ELF. */
final class Programs {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

  /** Where the kind of a file stands, and the two kinds that are started. */
  private static final int KIND_AT = 16;

  private static final int EXECUTABLE = 2;
  private static final int POSITION_INDEPENDENT = 3;
  private static final int MOST = 200;

  private Programs() {}

  /** A library of the name {@code lib….so…} is none, although the system could execute some. */
  static boolean isProgram(IResource resource) {
    if (!(resource instanceof IFile) || resource.getLocation() == null) return false;
    Path file = resource.getLocation().toPath();
    return !resource.getName().matches("lib.*\\.so(\\..*)?")
        && Files.isRegularFile(file)
        && Files.isExecutable(file)
        && isElf(file);
  }

  private static boolean isElf(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] head = bytes.readNBytes(KIND_AT + 1);
      return head.length > KIND_AT
          && Arrays.equals(MAGIC, Arrays.copyOf(head, MAGIC.length))
          && (head[KIND_AT] == EXECUTABLE || head[KIND_AT] == POSITION_INDEPENDENT);
    } catch (IOException unreadable) {
      // Nobody can start what nobody can read.
      return false;
    }
  }

  /** Those in a folder and below, as the workspace knows it. Reads many files: not for the UI. */
  static List<IFile> in(IContainer folder, IProgressMonitor monitor) throws CoreException {
    List<IFile> found = new ArrayList<>();
    folder.accept(
        resource -> {
          if (monitor.isCanceled()) throw new OperationCanceledException();
          if (found.size() < MOST && isProgram(resource)) found.add((IFile) resource);
          return found.size() < MOST;
        });
    return found;
  }
}
