package org.heapatlas.eclipse.dap;

import java.io.File;
import java.util.Optional;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.sourcelookup.AbstractSourceLookupDirector;
import org.eclipse.debug.core.sourcelookup.AbstractSourceLookupParticipant;
import org.eclipse.debug.core.sourcelookup.ISourceLookupParticipant;
import org.eclipse.debug.core.sourcelookup.containers.LocalFileStorage;
import org.eclipse.lsp4j.debug.Source;

/**
 * Finds a frame's source: what the adapter itself holds; a file at the path that it names, in the
 * workspace if it is there; else by that name in the containers that the launch's Source tab lists.
 */
public final class DapSources extends AbstractSourceLookupDirector {
  @Override
  public void initializeParticipants() {
    addParticipants(new ISourceLookupParticipant[] {new Participant()});
  }

  private static final class Participant extends AbstractSourceLookupParticipant {
    @Override
    public String getSourceName(Object element) {
      return source(element).map(Source::getPath).orElse(null);
    }

    @Override
    public Object[] findSourceElements(Object element) throws CoreException {
      Optional<Source> source = source(element);
      Optional<Object> found = source.flatMap(known -> direct((DapFrame) element, known));
      return found.isPresent() ? new Object[] {found.get()} : super.findSourceElements(element);
    }

    private static Optional<Source> source(Object element) {
      return element instanceof DapFrame frame ? frame.source() : Optional.empty();
    }

    private static Optional<Object> direct(DapFrame frame, Source source) {
      if (source.getSourceReference() != null && source.getSourceReference() > 0) {
        return Optional.of(new DapSourceText(frame.target(), source));
      }
      File file = source.getPath() == null ? null : new File(source.getPath());
      if (file == null || !file.isFile()) {
        return Optional.empty();
      }
      IFile[] inWorkspace =
          ResourcesPlugin.getWorkspace().getRoot().findFilesForLocationURI(file.toURI());
      return Optional.of(inWorkspace.length > 0 ? inWorkspace[0] : new LocalFileStorage(file));
    }
  }
}
