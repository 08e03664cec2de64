package org.heapatlas.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;

/**
 * The other recordings in the folder in which the open one lies. Their names come from whoever sees
 * a view, so that nothing else can be named: no path, and no link that leads elsewhere.
 */
public final class RecordingsBeside {
  private static final String MARK = "definitions.frames";
  private static final int MOST = 1000;

  private final Path recording;
  private final Function<Path, Node> opener;

  public RecordingsBeside(Path recording, Function<Path, Node> opener) {
    this.recording = recording.toAbsolutePath().normalize();
    this.opener = opener;
  }

  /** Of those that look like one, in order; the folder is read anew. */
  public List<String> names() {
    try (Stream<Path> all = Files.list(recording.resolveSibling(""))) {
      return all.limit(MOST)
          .filter(folder -> !folder.equals(recording) && looksLikeOne(folder))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** A recording holds a folder for each process. */
  private static boolean looksLikeOne(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.limit(MOST).anyMatch(process -> Files.exists(process.resolve(MARK)));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** The recording of this name, which the caller closes. */
  public Node open(String name) {
    return opener.apply(folder(name));
  }

  private Path folder(String name) {
    if (name.isBlank() || name.contains("/") || name.equals(".") || name.equals("..")) {
      throw Problem.usedWrongly(
          "'%s' is no name of a folder beside the open recording; move the other there"
              .formatted(name));
    }
    try {
      Path folder = recording.resolveSibling(name);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw Problem.usedWrongly(
            "there is no folder '%s' beside the open recording".formatted(name));
      }
      if (folder.equals(recording) || Files.isSameFile(folder, recording)) {
        throw Problem.usedWrongly(
            "'%s' is the open recording itself; choose a time span to compare its instants"
                .formatted(name));
      }
      return folder;
    } catch (IOException | InvalidPathException e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY, "the folder '%s' cannot be read".formatted(name), e);
    }
  }
}
