package org.heapatlas.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;

/** The templates that come with us, and beside them the user's own, which may replace ours. */
public final class Templates {
  private static final List<String> OURS =
      List.of(
          "growth",
          "leaks",
          "churn",
          "short-lived-large",
          "cross-thread-frees",
          "size-class-waste");
  private static final String ENDING = ".sql";

  private final Map<String, Template> all = new TreeMap<>();

  private Templates() {}

  /** The user's are the files *.sql of this folder, which need not be there. */
  public static Templates with(Path folder) {
    Templates templates = new Templates();
    for (String name : OURS) {
      templates.add(name, HeapDatabase.resource("templates/" + name + ENDING));
    }
    if (Files.isDirectory(folder)) {
      templates.addFolder(folder);
    }
    return templates;
  }

  /** The folder that the XDG base directory specification gives. */
  public static Path folderOf(Map<String, String> environment) {
    String chosen = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path config =
        chosen.startsWith("/")
            ? Path.of(chosen)
            : Path.of(environment.getOrDefault("HOME", "/"), ".config");
    return config.resolve("heapatlas").resolve("queries");
  }

  private void addFolder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(ENDING)).toList()) {
        String name = file.getFileName().toString();
        add(name.substring(0, name.length() - ENDING.length()), Files.readString(file));
      }
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "the queries in '%s' cannot be read: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  private void add(String name, String sql) {
    all.put(name, Template.parse(name, sql));
  }

  public Collection<Template> all() {
    return all.values();
  }

  public Optional<Template> find(String name) {
    return Optional.ofNullable(all.get(name));
  }

  public Template get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "there is no template '%s'; there are %s"
                        .formatted(name, all.keySet().stream().collect(Collectors.joining(", ")))));
  }

  /** For people: each with what it is for and what can be set. */
  public String described() {
    return all.values().stream().map(Templates::described).collect(Collectors.joining("\n"));
  }

  private static String described(Template template) {
    return "%s: %s%n    %s%n%s"
        .formatted(
            template.name(),
            template.title(),
            template.description(),
            template.parameters().stream()
                .map(each -> "    %s=%s  %s%n".formatted(each.name(), each.usual(), each.text()))
                .collect(Collectors.joining()));
  }

  /** The SQL of the template that a text names, its parameters set; any other text as it is. */
  public String expanded(String text) {
    List<String> words = List.of(text.strip().split("\\s+"));
    return find(words.getFirst())
        .map(found -> found.with(Template.assignments(words.subList(1, words.size()))))
        .orElse(text);
  }
}
