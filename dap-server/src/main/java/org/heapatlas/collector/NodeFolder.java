package org.heapatlas.collector;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.heapatlas.model.Problem;

/**
 * The folder in which programs, collector and servers of one user meet: $HEAPATLAS_DIR, or a folder
 * in shared memory. It must be a real folder of this user that nobody else may enter; anything else
 * is refused, never repaired.
 */
public record NodeFolder(Path path) {
  private static final String CLOSED = "rwx------";

  public static NodeFolder ofEnvironment(Map<String, String> environment) {
    String chosen = environment.getOrDefault("HEAPATLAS_DIR", "");
    return new NodeFolder(
        chosen.isEmpty() ? Path.of("/dev/shm/heapatlas-" + ownUser()) : Path.of(chosen));
  }

  public Path socket() {
    return path.resolve("collector.sock");
  }

  public Path log() {
    return path.resolve("collector.log");
  }

  /**
   * Makes the folder where it is missing, and refuses one that somebody else could have planted.
   */
  public void ensure() {
    try {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(CLOSED)));
    } catch (FileAlreadyExistsException e) {
      check();
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "the node folder '%s' cannot be made (%s); name another one in HEAPATLAS_DIR"
              .formatted(path, reason(e)),
          e);
    }
  }

  /** In the system's words, which an exception of its own class leaves out. */
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException none -> "the folder above it does not exist";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> e.getClass().getSimpleName();
    };
  }

  private void check() {
    try {
      boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      String permissions =
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
      if (!folder || owner != ownUser() || !permissions.equals(CLOSED)) {
        throw Problem.failed(
            "the node folder '%s' is not a folder of yours with mode 0700; remove it or name another one in HEAPATLAS_DIR"
                .formatted(path));
      }
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED, "the node folder '%s' cannot be examined".formatted(path), e);
    }
  }

  private static int ownUser() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new Problem(Problem.Kind.FAILED, "/proc is not mounted; HeapAtlas needs it", e);
    }
  }
}
