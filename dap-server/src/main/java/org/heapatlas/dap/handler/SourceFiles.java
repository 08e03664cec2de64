package org.heapatlas.dap.handler;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourcePresentationHint;
import org.eclipse.lsp4j.debug.SourceResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.References;
import org.heapatlas.model.Problem;

/**
 * Source files as the debug information names them. A client opens those that are here by itself;
 * of another one it asks us, and gets a text that says where the file was and how to have it shown.
 * The content of no file is handed out.
 */
public final class SourceFiles implements Handler<SourceArguments> {
  private static final String TEXT =
      """
      This source file is not on this machine:

          %s

      It lay there where the program was built. To see it here, put the source tree at the same
      place, or a link to where it is:

          ln -s WHERE/THE/SOURCES/ARE %s

      Programs that are built with -ffile-prefix-map=OLD=NEW name their files otherwise. In VS Code
      a view's link to a line also finds a file in the open folder whose path ends alike.
      """;

  /** As it is shown; by a number where the file is not here, so that a client asks us for it. */
  static Source shown(String file, References references) {
    Source source = new Source();
    Path name = Path.of(file).getFileName();
    source.setName(name == null ? file : name.toString());
    source.setPath(file);
    // Of a library, say, as it lay where that was built: clients pass over such frames to the first
    // that they can show.
    if (!Files.exists(Path.of(file))) {
      source.setPresentationHint(SourcePresentationHint.DEEMPHASIZE);
      source.setOrigin("not on this machine");
      source.setSourceReference(references.missingSource(file));
    }
    return source;
  }

  @Override
  public Object handle(DapSession session, SourceArguments arguments) {
    SourceResponse response = new SourceResponse();
    response.setContent(text(path(session, arguments)));
    response.setMimeType("text/plain");
    return response;
  }

  private static String path(DapSession session, SourceArguments arguments) {
    Source source = arguments.getSource();
    int number =
        source == null || source.getSourceReference() == null
            ? arguments.getSourceReference()
            : source.getSourceReference();
    if (number > 0) {
      return session
          .references()
          .missingSource(number)
          .orElseThrow(() -> Problem.notFound("there is no source file %d".formatted(number)));
    }
    if (source == null || source.getPath() == null || source.getPath().isEmpty()) {
      throw Problem.usedWrongly("'source' names no file; a frame's source has a path");
    }
    return source.getPath();
  }

  private static String text(String path) {
    Path file = Path.of(path);
    if (Files.exists(file)) {
      throw Problem.usedWrongly("'%s' is on this machine; open the file itself".formatted(path));
    }
    return TEXT.formatted(path, file.getParent() == null ? path : file.getParent());
  }
}
