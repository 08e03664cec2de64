package org.heapatlas.gateway;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The built page's files, by their plain names only. */
record PageFiles(Path folder) {
  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "scene-stage.js", "text/javascript; charset=utf-8",
          "page.css", "text/css; charset=utf-8");

  void send(Context context, String name) throws IOException {
    String type = TYPES.get(name);
    Path file = folder.resolve(type == null ? "index.html" : name);
    if (type == null || !Files.isRegularFile(file)) {
      throw new NotFoundResponse(
          "There is no file '%s'; build the page (./heapatlas does).".formatted(name));
    }
    context.contentType(type).result(Files.readAllBytes(file));
  }
}
