import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lays out what the bundle carries: {@code java Stage.java APP PAGE NATIVE TO} makes TO/app (the
 * server's jars), TO/page and TO/native of those folders. Native parts of systems that none of ours
 * is for are left out of the jars, for they make half of their weight, and symbols out of the
 * programs. Called by the build; does nothing when none of these has changed since TO was made, and
 * fails with a sentence when something is missing.
 */
final class Stage {
  private static final List<String> PROGRAMS =
      List.of("heapatlas-collector", "heapatlas-launch", "libheapatlas-runtime.so");
  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(_\\w+)?");
  private static final Pattern FOREIGN =
      Pattern.compile(".*(aarch_?64|arm64|osx|macos|windows|riscv|ppc).*");

  private Stage() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path app = existing(args[0], "./mvnw -pl dap-server package");
    Path page = existing(args[1], "npm run build in vscode-extension");
    Path programs = existing(args[2], "cmake --build native-bridge/build");
    Path to = Path.of(args[3]);
    Path stamp = to.resolveSibling(to.getFileName() + ".stamp");
    String state = state(List.of(app, page, programs));
    if (Files.exists(stamp) && Files.readString(stamp).equals(state)) {
      return;
    }
    Files.deleteIfExists(stamp);
    delete(to);
    copyJars(app, Files.createDirectories(to.resolve("app")));
    copyTree(page, to.resolve("page"));
    copyPrograms(programs, Files.createDirectories(to.resolve("native")));
    Files.writeString(stamp, state);
  }

  /** Each file's name, size and time; equal for folders in which nothing has changed. */
  private static String state(List<Path> folders) throws IOException {
    StringBuilder state = new StringBuilder();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          state
              .append(file)
              .append(' ')
              .append(Files.size(file))
              .append(' ')
              .append(Files.getLastModifiedTime(file).toMillis())
              .append('\n');
        }
      }
    }
    return state.toString();
  }

  private static Path existing(String folder, String madeBy) {
    Path path = Path.of(folder);
    if (!Files.isDirectory(path)) {
      throw new IllegalStateException(
          "The Eclipse bundle of the server needs '%s'; run %s first.".formatted(path, madeBy));
    }
    return path;
  }

  private static void copyJars(Path from, Path to) throws IOException {
    for (Path jar : list(from)) {
      if (jar.toString().endsWith(".jar")) {
        withoutForeignParts(
            Files.copy(jar, to.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING));
      }
    }
  }

  private static void withoutForeignParts(Path jar) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of())) {
      List<Path> foreign;
      try (Stream<Path> entries = Files.walk(zip.getPath("/"))) {
        foreign = entries.filter(Stage::isForeign).toList();
      }
      for (Path entry : foreign) {
        Files.delete(entry);
      }
    }
  }

  private static boolean isForeign(Path entry) {
    String name = entry.toString();
    return NATIVE.matcher(name).matches() && FOREIGN.matcher(name).matches();
  }

  private static void copyPrograms(Path from, Path to) throws IOException, InterruptedException {
    for (String program : PROGRAMS) {
      Path copy = Files.copy(from.resolve(program), to.resolve(program));
      int status =
          new ProcessBuilder("strip", "--strip-all", copy.toString()).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException("'strip %s' ended with status %d.".formatted(copy, status));
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(from)) {
      all = files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
    }
    for (Path file : all) {
      Files.copy(file, to.resolve(from.relativize(file)));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
