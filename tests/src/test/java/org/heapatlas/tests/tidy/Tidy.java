package org.heapatlas.tests.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The style of the project as checks over its text. Each check answers one sentence a breach: file,
 * line, what, and what to do instead. Called by {@link TidyTest} on the checkout and by {@link
 * TidyOfTidyTest} on small texts.
 */
final class Tidy {
  static final int MAX_FILE_LINES = 800;
  static final int MAX_FUNCTION_LINES = 70;

  private static final Set<String> TOP_LEVEL =
      Set.of(
          "pom.xml",
          "README.md",
          "dap-server",
          "eclipse-plugin",
          "vscode-extension",
          "proto",
          "native-bridge",
          "feature",
          "update-site",
          "tests",
          "mvnw",
          "heapatlas",
          "LICENSE",
          "ARCHITECTURE.md",
          "CONTRIBUTING.md");
  private static final Set<String> CODE = Set.of(".java", ".ts", ".cc", ".cpp", ".c", ".h", ".hpp");
  private static final Set<String> SKIPPED =
      Set.of("target", "node_modules", "dist", ".git", ".mvn", "build");

  /** A banned text and its replacement; a key is a regular expression. */
  private static final Map<Pattern, String> BANNED =
      Map.ofEntries(
          Map.entry(
              Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b"),
              "finish it, or say it in the documentation"),
          Map.entry(
              Pattern.compile("https?://[^/]*(?:maven\\.org|npmjs|debian\\.org)"),
              "name no registry's host"),
          Map.entry(Pattern.compile("/home/\\w+/|/work/"), "write no path of one machine"),
          Map.entry(
              Pattern.compile("\\bSystem\\.exit\\("),
              "return a status; only Main may end the process"),
          Map.entry(
              Pattern.compile("\\be\\.printStackTrace\\("),
              "log it, or tell the user in one sentence"),
          Map.entry(Pattern.compile(": any\\b|<any>|as any\\b"), "give it a type"),
          Map.entry(
              Pattern.compile(
                  "\\b(?:class|record|interface|struct) \\w*(?:Manager|Helper|Util|Utils)\\b"),
              "name what it is"));

  private final Path root;

  Tidy(Path root) {
    this.root = root;
  }

  List<String> breaches() throws IOException {
    List<String> found = new ArrayList<>(topLevel());
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(this::isOurs).toList()) {
        found.addAll(check(root.relativize(file).toString(), Files.readAllLines(file)));
      }
    }
    return found;
  }

  private List<String> topLevel() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(
              name -> !name.startsWith(".") && !TOP_LEVEL.contains(name) && !name.equals("target"))
          .map(name -> name + ": does not belong at the top level; put it in the room it is for")
          .toList();
    }
  }

  private boolean isOurs(Path file) {
    for (Path part : root.relativize(file)) {
      if (SKIPPED.contains(part.toString()) || part.toString().startsWith("build-")) {
        return false;
      }
    }
    return Files.isRegularFile(file) && isCode(file.toString());
  }

  private static boolean isCode(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && CODE.contains(name.substring(dot));
  }

  static List<String> check(String name, List<String> lines) {
    List<String> found = new ArrayList<>();
    if (lines.size() > MAX_FILE_LINES) {
      found.add(
          "%s: %d lines, at most %d; split it by what it does"
              .formatted(name, lines.size(), MAX_FILE_LINES));
    }
    for (int i = 0; i < lines.size(); i++) {
      for (var banned : BANNED.entrySet()) {
        if (banned.getKey().matcher(lines.get(i)).find() && !exempt(name, banned.getKey())) {
          found.add(
              "%s:%d: '%s'; %s".formatted(name, i + 1, lines.get(i).strip(), banned.getValue()));
        }
      }
    }
    found.addAll(longFunctions(name, lines));
    return found;
  }

  private static boolean exempt(String name, Pattern pattern) {
    boolean exit = pattern.pattern().contains("System");
    boolean typeScript = pattern.pattern().startsWith(": any");
    return name.contains("/tidy/")
        || (typeScript && !name.endsWith(".ts"))
        || (exit && (name.endsWith("/Main.java") || name.startsWith("tests/")));
  }

  /**
   * Bodies longer than the limit, found by indentation: formatted code closes a body at the
   * indentation of its first line, which is no deeper than the line with the brace. Lines that open
   * a type or a namespace are no functions.
   */
  private static List<String> longFunctions(String name, List<String> lines) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!opensFunction(line)) {
        continue;
      }
      for (int j = i + 1; j < lines.size(); j++) {
        if (lines.get(j).stripLeading().startsWith("}") && indent(lines.get(j)) <= indent(line)) {
          if (j - i + 1 > MAX_FUNCTION_LINES) {
            found.add(
                "%s:%d: a function of %d lines, at most %d; split it"
                    .formatted(name, i + 1, j - i + 1, MAX_FUNCTION_LINES));
          }
          break;
        }
      }
    }
    return found;
  }

  private static final Pattern OPENS = Pattern.compile("\\)[^;={}]*(?:->\\s*[\\w:<>]+ )?\\{\\s*$");
  private static final Pattern CONTAINER =
      Pattern.compile(
          "\\b(?:class|interface|record|enum|namespace|struct|union)\\b|\\bdescribe\\(");

  private static boolean opensFunction(String line) {
    return OPENS.matcher(line).find() && !CONTAINER.matcher(line).find();
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
