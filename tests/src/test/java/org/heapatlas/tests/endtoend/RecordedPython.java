package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recording of python3: one thread makes blocks, another keeps or releases them, and short-lived
 * large ones come and go.
 */
record RecordedPython(Path folder, JsonNode summary) {
  static final String PROGRAM =
      """
      import os, queue, threading
      blocks = queue.Queue()
      def make():
          for i in range(3000):
              blocks.put(bytearray(1000 + i))
          blocks.put(None)
      maker = threading.Thread(target=make)
      maker.start()
      kept = []
      while (block := blocks.get()) is not None:
          if len(block) % 10 == 0:
              kept.append(block)
      maker.join()
      for i in range(50):
          bytearray(200000)
      print('ready', flush=True)
      if len(os.sys.argv) > 1:
          threading.Event().wait()
      os._exit(0)
      """;

  static final List<String> COMMAND = List.of("/usr/bin/python3", "-c", PROGRAM);

  static RecordedPython into(Path folder) throws Exception {
    List<String> words = new ArrayList<>(List.of("record", "-o", folder.toString(), "--"));
    words.addAll(COMMAND);
    Product.Result recorded = TestNode.alone(words);
    if (recorded.status() != 0) {
      throw new IOException("python3 was not recorded: " + recorded.err());
    }
    return new RecordedPython(
        folder, Product.heapatlas("replay", "--json", folder.toString()).json());
  }

  long figure(String name) {
    return summary.path(name).asLong();
  }

  Product.Result query(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("query", folder.toString()));
    all.addAll(Arrays.asList(words));
    return Product.heapatlas(all.toArray(String[]::new));
  }

  /** The rows, each an object. */
  JsonNode rows(String... words) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--json");
    Product.Result result = query(all.toArray(String[]::new));
    if (result.status() != 0) {
      throw new IOException("the query was refused: " + result.err());
    }
    return result.json();
  }
}
