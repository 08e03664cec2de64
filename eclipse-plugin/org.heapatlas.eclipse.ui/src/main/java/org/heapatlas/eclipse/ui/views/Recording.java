package org.heapatlas.eclipse.ui.views;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.core.resources.IResource;

/**
 * What a recording's folder says of itself without being opened. It is untrusted: whatever is not
 * as expected is left out.
 *
 * @param program as it was started; empty where the folder does not say
 * @param begun null where it is not known
 */
record Recording(Path folder, String program, Instant begun, long bytes) {
  private static final String DESCRIPTION = "recording.json";
  private static final long LARGEST_DESCRIPTION = 1 << 20;
  private static final int DEEPEST = 4;
  private static final int MOST = 200;
  private static final Set<String> LEFT_OUT =
      Set.of("node_modules", ".git", ".metadata", "target", "build", "dist");

  /** The recordings in and below a folder, the latest first. Reads many folders: not for the UI. */
  static List<Recording> in(Path folder) throws IOException {
    List<Recording> found = new ArrayList<>();
    Files.walkFileTree(
        folder, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, new Search(found));
    found.sort(
        Comparator.comparing(Recording::begun, Comparator.nullsLast(Comparator.reverseOrder())));
    return found;
  }

  private static final class Search extends SimpleFileVisitor<Path> {
    private final List<Recording> found;

    Search(List<Recording> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (found.size() >= MOST) return FileVisitResult.TERMINATE;
      Path name = folder.getFileName();
      if (name != null && LEFT_OUT.contains(name.toString())) return FileVisitResult.SKIP_SUBTREE;
      Optional<Recording> recording = at(folder);
      recording.ifPresent(found::add);
      return recording.isPresent() ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }
  }

  /** Whether the folder of this file is a recording, as far as the file's name tells. */
  static boolean isDescription(IResource file) {
    return DESCRIPTION.equals(file.getName());
  }

  /** Empty: it is none, or cannot be read. */
  static Optional<Recording> at(Path folder) {
    Path description = folder.resolve(DESCRIPTION);
    try {
      if (!Files.isRegularFile(description) || Files.size(description) > LARGEST_DESCRIPTION) {
        return Optional.empty();
      }
      if (!(JsonParser.parseString(Files.readString(description)) instanceof JsonObject told)) {
        return Optional.empty();
      }
      String program = told.get("program") instanceof JsonPrimitive text ? text.getAsString() : "";
      Instant begun =
          told.get("started") instanceof JsonPrimitive seconds && seconds.isNumber()
              ? Instant.ofEpochMilli((long) (seconds.getAsDouble() * 1000))
              : null;
      return Optional.of(new Recording(folder, program, begun, bytesIn(folder)));
    } catch (JsonParseException | IOException unreadable) {
      return Optional.empty();
    }
  }

  private static long bytesIn(Path folder) throws IOException {
    long[] sum = new long[1];
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum[0];
  }

  String name() {
    return folder.getFileName().toString();
  }
}
