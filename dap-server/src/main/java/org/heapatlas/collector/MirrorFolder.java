package org.heapatlas.collector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Problem;

/**
 * The copy of a node's recording, which grows pass by pass in the order that the node lists; cut
 * short anywhere, it is a recording that was cut short. Names and bytes are a stranger's: no file
 * is written but those of a recording, none through a link, none beyond what was listed. Main
 * entries: held, and begin for a pass. One thread at a time.
 */
final class MirrorFolder {
  /** Of a node, where the user set no limit. */
  static final long MOST_BYTES = 256L << 30;

  private static final int MOST_FILES = 100_000;
  private static final String NUMBER = "(0|[1-9]\\d{0,18})";
  private static final Pattern NAME =
      Pattern.compile(
          "recording\\.json|%1$s/((definitions|symbols|effects|events-%1$s)\\.frames)"
              .formatted(NUMBER));
  private static final String UNFINISHED = ".new";
  private static final int MARK_AT = 16;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> FOR_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final long mostBytes;
  private final Map<String, Listed> held = new ConcurrentHashMap<>();

  /** A file as {@code proto/collector.proto} lists it. */
  record Listed(String name, long mark, long bytes) {}

  /** The folder is made. */
  MirrorFolder(Path folder, long mostBytes) throws IOException {
    this.folder = Files.createDirectory(folder, FOR_OWNER);
    this.mostBytes = mostBytes;
  }

  Path folder() {
    return folder;
  }

  /** What is copied so far. */
  List<Listed> held() {
    return List.copyOf(held.values());
  }

  /** A Problem when the list is none of a recording, or is more than may be copied. */
  Pass begin(List<Listed> listing) {
    if (listing.size() > MOST_FILES) {
      throw Problem.failed("it has %,d files, which is no recording".formatted(listing.size()));
    }
    long bytes = 0;
    Set<String> names = new HashSet<>();
    for (Listed file : listing) {
      if (!NAME.matcher(file.name()).matches() || !names.add(file.name()) || file.bytes() < 0) {
        throw Problem.failed(
            "it lists '%s', which is no file of a recording".formatted(shown(file.name())));
      }
      bytes += Math.min(file.bytes(), mostBytes + 1); // cannot overflow
      refuseMoreThan(mostBytes, bytes);
    }
    // A window that moves on is here beside what takes its place, and no more than that.
    long old =
        held.values().stream()
            .filter(file -> !names.contains(file.name()))
            .mapToLong(Listed::bytes)
            .sum();
    refuseMoreThan(2 * mostBytes, bytes + old);
    return new Pass(List.copyOf(listing), names);
  }

  private void refuseMoreThan(long limit, long bytes) {
    if (bytes > limit) {
      throw Problem.failed(
          "its recording is larger than the %s that are copied at most"
              .formatted(Bytes.text(mostBytes)));
    }
  }

  private static String shown(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?").substring(0, Math.min(name.length(), 80));
  }

  /** One visit to the node: what it has more than is held, in order. */
  final class Pass {
    private final List<Listed> listing;
    private final Set<String> names;
    private final Map<String, Listed> unfinished = new HashMap<>();

    private Pass(List<Listed> listing, Set<String> names) {
      this.listing = listing;
      this.names = names;
    }

    /** The bytes behind those that are there. */
    void write(int file, long offset, ByteBuffer data) throws IOException {
      if (file < 0 || file >= listing.size() || !data.hasRemaining()) {
        throw Problem.failed("it sends a part of no file that it lists");
      }
      Listed whole = listing.get(file);
      Listed here = held.get(whole.name());
      boolean replaces = here != null && here.mark() != whole.mark();
      Listed before = replaces ? unfinished.get(whole.name()) : here;
      long end = offset + data.remaining();
      if (offset != (before == null ? 0 : before.bytes()) || end > whole.bytes()) {
        throw Problem.failed("it sends parts of '%s' in no order".formatted(whole.name()));
      }
      append(path(whole.name(), replaces), offset, data);
      (replaces ? unfinished : held).put(whole.name(), new Listed(whole.name(), whole.mark(), end));
    }

    /**
     * All has come: files that replace others take their place, and then what the node gave up is
     * given up here. A Problem when something did not come.
     */
    void complete() throws IOException {
      for (Listed file : unfinished.values()) {
        Files.move(
            path(file.name(), true), path(file.name(), false), StandardCopyOption.ATOMIC_MOVE);
        held.put(file.name(), file);
      }
      for (Listed file : listing) {
        Listed here = held.get(file.name());
        if (file.bytes() > 0 && (here == null || here.bytes() != file.bytes())) {
          throw Problem.failed("it sends less of '%s' than it lists".formatted(file.name()));
        }
      }
      for (String name : List.copyOf(held.keySet())) {
        if (!names.contains(name)) {
          Files.deleteIfExists(path(name, false));
          held.remove(name);
        }
      }
    }

    /** Whether the disk holds what was listed; it is safe there when this returns. */
    boolean isOnDisk() throws IOException {
      for (Listed file : listing) {
        if (file.bytes() > 0 && !isOnDisk(file)) {
          return false;
        }
      }
      return true;
    }

    private boolean isOnDisk(Listed file) throws IOException {
      try (FileChannel channel =
          FileChannel.open(
              path(file.name(), false),
              Set.<OpenOption>of(
                  StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
        channel.force(true);
        ByteBuffer mark = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        boolean marked = channel.read(mark, MARK_AT) == Long.BYTES;
        return channel.size() == file.bytes() && (marked ? mark.getLong(0) : 0) == file.mark();
      }
    }
  }

  /** Of a name that was checked. */
  private Path path(String name, boolean unfinished) throws IOException {
    Path path = folder.resolve(unfinished ? name + UNFINISHED : name);
    Path in = path.getParent();
    if (!Files.isDirectory(in, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(in, FOR_OWNER);
    }
    return path;
  }

  private static void append(Path path, long offset, ByteBuffer data) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(
            List.of(
                StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    if (offset == 0) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(path, options, OWNER_ONLY)) {
      for (long at = offset; data.hasRemaining(); ) {
        at += channel.write(data, at);
      }
    }
  }

  /** What it takes on the disk; from any thread. */
  long bytes() {
    return held.values().stream().mapToLong(Listed::bytes).sum();
  }
}
