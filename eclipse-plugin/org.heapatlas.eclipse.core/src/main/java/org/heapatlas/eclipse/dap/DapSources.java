package org.heapatlas.eclipse.dap;

import java.io.File;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.sourcelookup.AbstractSourceLookupDirector;
import org.eclipse.debug.core.sourcelookup.AbstractSourceLookupParticipant;
import org.eclipse.debug.core.sourcelookup.ISourceLookupParticipant;
import org.eclipse.debug.core.sourcelookup.containers.LocalFileStorage;
import org.eclipse.lsp4j.debug.Source;

/**
 * Finds a frame's source: a file at the path that the adapter names, in the workspace if it is
 * there; else by that name in the containers that the launch's Source tab lists; else what the
 * adapter itself holds.
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
      Optional<Object> file = source.flatMap(Participant::file);
      if (file.isPresent()) {
        return new Object[] {file.get()};
      }
      Object[] contained = super.findSourceElements(element);
      boolean asked =
          source.map(Source::getSourceReference).filter(number -> number > 0).isPresent();
      return contained.length > 0 || !asked
          ? contained
          : new Object[] {DapSourceText.read(((DapFrame) element).target(), source.get())};
    }

    private static Optional<Source> source(Object element) {
      return element instanceof DapFrame frame ? frame.source() : Optional.empty();
    }

    private static Optional<Object> file(Source source) {
      File file = source.getPath() == null ? null : new File(source.getPath());
      if (file == null || !file.isFile()) {
        return Optional.empty();
      }
      return Stream.of(
              ResourcesPlugin.getWorkspace().getRoot().findFilesForLocationURI(file.toURI()))
          .filter(IFile::exists)
          .map(Object.class::cast)
          .findFirst()
          .or(() -> Optional.of(new LocalFileStorage(file)));
    }
  }
}
