package org.heapatlas.dap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.heapatlas.dap.handler.ExportQuery;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole conversations with the adapter over a heap that is known. */
class DapDialogueTest {
  private final FakeHeap heap = new FakeHeap();
  private ServedAdapter adapter;
  private TestClient client;

  /** This machine alone. */
  private final class FakeNodes implements Nodes {
    @Override
    public Node local() {
      return new FakeNode(heap);
    }

    @Override
    public Node remote(List<String> addresses, Path certificates) {
      throw Problem.failed("the collector at %s cannot be reached".formatted(addresses));
    }

    @Override
    public Node replay(Path recording) {
      throw Problem.usedWrongly("'%s' is no recording".formatted(recording));
    }
  }

  @BeforeEach
  void connect() throws IOException {
    adapter = new ServedAdapter(new FakeNodes());
    client = adapter.client();
  }

  @AfterEach
  void disconnect() throws Exception {
    adapter.close();
  }

  private void attached() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    client.event("initialized");
    client.body("attach", "{\"pid\":4711}");
    client.event("process");
    client.body("configurationDone", "{}");
  }

  private int firstThread() throws IOException {
    return client
        .body("threads", "{}")
        .getAsJsonArray("threads")
        .get(0)
        .getAsJsonObject()
        .get("id")
        .getAsInt();
  }

  @Test
  void threadsKeepTheirNumbers() throws IOException {
    attached();
    JsonArray threads = client.body("threads", "{}").getAsJsonArray("threads");
    assertThat(threads).hasSize(2);
    assertThat(threads.get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("fake[4711] · main (4711)");
    assertThat(client.body("threads", "{}").getAsJsonArray("threads")).isEqualTo(threads);
  }

  @Test
  void aPausedThreadShowsItsStackWithSourceLinesAndTheProcessesFigures() throws IOException {
    attached();
    int thread = firstThread();
    client.body("pause", "{\"threadId\":%d}".formatted(thread));
    assertThat(client.event("stopped").getAsJsonObject("body").get("reason").getAsString())
        .isEqualTo("pause");
    JsonObject stack = client.body("stackTrace", "{\"threadId\":%d}".formatted(thread));
    assertThat(stack.get("totalFrames").getAsInt()).isEqualTo(2);
    JsonObject caller = stack.getAsJsonArray("stackFrames").get(1).getAsJsonObject();
    assertThat(caller.get("name").getAsString()).isEqualTo("function0");
    assertThat(caller.getAsJsonObject("source").get("path").getAsString()).isEqualTo("/src/file.c");
    JsonObject second =
        client.body(
            "stackTrace", "{\"threadId\":%d,\"startFrame\":1,\"levels\":5}".formatted(thread));
    assertThat(second.getAsJsonArray("stackFrames")).hasSize(1);

    client.body("evaluate", "{\"expression\":\"find 0x7f0000001010\"}");
    JsonArray scopes =
        client
            .body("scopes", "{\"frameId\":%d}".formatted(caller.get("id").getAsInt()))
            .getAsJsonArray("scopes");
    assertThat(names(scopes)).containsExactly("Allocation", "Found allocation", "Process");
    for (int i = 0; i < 2; i++) {
      int allocation = scopes.get(i).getAsJsonObject().get("variablesReference").getAsInt();
      assertThat(
              names(
                  client
                      .body("variables", "{\"variablesReference\":%d}".formatted(allocation))
                      .getAsJsonArray("variables")))
          .containsExactly(
              "address",
              "size",
              "owner",
              "tag",
              "tenant",
              "objectType",
              "arena",
              "age",
              "thread",
              "stack");
    }
    int process = scopes.get(2).getAsJsonObject().get("variablesReference").getAsInt();
    assertThat(
            names(
                client
                    .body("variables", "{\"variablesReference\":%d}".formatted(process))
                    .getAsJsonArray("variables")))
        .contains("live bytes", "lost");

    client.body("continue", "{\"threadId\":%d}".formatted(thread));
    assertThat(
            client
                .ask("variables", "{\"variablesReference\":%d}".formatted(process))
                .get("success")
                .getAsBoolean())
        .isFalse();
  }

  private static List<String> names(JsonArray array) {
    return array.asList().stream()
        .map(each -> each.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  @Test
  void memoryOfALiveProcessIsWritten() throws IOException {
    attached();
    JsonObject written =
        client.body(
            "writeMemory",
            "{\"memoryReference\":\"0x7f0000001000\",\"offset\":16,\"data\":\"3q2+7w==\"}");
    assertThat(written.get("bytesWritten").getAsInt()).isEqualTo(4);
    assertThat(heap.calls).contains("write deadbeef at 0x7f0000001010");
    assertThat(
            client
                .ask("writeMemory", "{\"memoryReference\":\"0x10\",\"data\":\"%\"}")
                .get("message")
                .getAsString())
        .contains("base64");
  }

  @Test
  void theConsoleFindsAllocationsAndTheirMemory() throws IOException {
    attached();
    JsonObject found = client.body("evaluate", "{\"expression\":\"find 0x7f0000001010\"}");
    assertThat(found.get("memoryReference").getAsString()).isEqualTo("0x7f0000001000");
    assertThat(found.get("variablesReference").getAsInt()).isPositive();
    JsonObject memory =
        client.body(
            "readMemory", "{\"memoryReference\":\"0x7f0000001000\",\"offset\":16,\"count\":8}");
    assertThat(memory.get("address").getAsString()).isEqualTo("0x7f0000001010");
    assertThat(Base64.getDecoder().decode(memory.get("data").getAsString()))
        .containsExactly(1, 2, 3);
    assertThat(memory.get("unreadableBytes").getAsInt()).isEqualTo(5);
    assertThat(client.body("evaluate", "{\"expression\":\"top 2\"}").get("result").getAsString())
        .contains("function1")
        .doesNotContain("function2");
    assertThat(
            client
                .body("evaluate", "{\"expression\":\"mode sampled\"}")
                .get("result")
                .getAsString())
        .contains("sampled");
    client.body("evaluate", "{\"expression\":\"mode sampled 4096\"}");
    assertThat(heap.calls).contains("mode sampled", "mode sampled 4096");
    assertThat(
            client
                .ask("evaluate", "{\"expression\":\"mode full 4096\"}")
                .get("message")
                .getAsString())
        .contains("'4096'");
    assertThat(client.ask("evaluate", "{\"expression\":\"dance\"}").get("message").getAsString())
        .contains("'dance'");
  }

  @Test
  void commandsAndTheirChoicesAreCompleted() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    JsonObject item =
        client
            .body("completions", "{\"text\":\" mode sam\",\"column\":10}")
            .getAsJsonArray("targets")
            .get(0)
            .getAsJsonObject();
    assertThat(item.get("start").getAsInt()).isEqualTo(6);
    assertThat(item.get("length").getAsInt()).isEqualTo(3);
    assertThat(labels("{\"text\":\"m\",\"column\":2}")).containsExactly("mode");
    assertThat(labels("{\"text\":\"mode s\",\"column\":7}")).containsExactly("sampled");
    assertThat(labels("{\"text\":\"\",\"column\":1}"))
        .contains("help", "top", "find", "mode", "doctor");
  }

  private List<String> labels(String arguments) throws IOException {
    return client.body("completions", arguments).getAsJsonArray("targets").asList().stream()
        .map(each -> each.getAsJsonObject().get("label").getAsString())
        .toList();
  }

  @Test
  void theConsoleTakesSqlAndCompletesTheQueriesThatHaveNames() throws IOException {
    attached();
    assertThat(
            client
                .body("evaluate", "{\"expression\":\"sql SELECT name FROM threads ORDER BY 1\"}")
                .get("result")
                .getAsString())
        .isEqualTo("name\nmain\nworker");
    assertThat(
            client
                .ask("evaluate", "{\"expression\":\"sql SELECT * FROM read_text('/etc/passwd')\"}")
                .get("message")
                .getAsString())
        .contains("file system operations are disabled");
    assertThat(
            client
                .body("evaluate", "{\"expression\":\"sql growth to=1s rows=5\"}")
                .get("result")
                .getAsString())
        .startsWith("function  place");
    assertThat(labels("{\"text\":\"sql le\",\"column\":7}")).containsExactly("leaks");
  }

  @Test
  void aQueryOfTheConsoleCanBeCancelled() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\",\"supportsProgressReporting\":true}");
    client.body("attach", "{\"pid\":4711}");
    client.send("evaluate", "{\"expression\":\"sql SELECT sleep_ms(50000)\"}");
    JsonObject progress = client.event("progressStart").getAsJsonObject("body");
    client.body("cancel", "{\"progressId\":%s}".formatted(progress.get("progressId")));
    assertThat(client.refusal().get("message").getAsString()).isEqualTo("cancelled");
  }

  @Test
  void theRowsOfAQueryAreWrittenInTheFormatThatTheFileIsNamedAfter(@TempDir Path folder)
      throws IOException {
    attached();
    Path file = folder.resolve("threads.csv");
    String asked = "{\"sql\":\"SELECT name FROM threads ORDER BY 1\",\"path\":\"%s\"}";
    JsonArray scripts =
        client.body(ExportQuery.REQUEST, asked.formatted(file)).getAsJsonArray("scripts");
    assertThat(scripts.get(0).getAsJsonObject().get("code").getAsString())
        .contains("pandas.read_csv(\"%s\")".formatted(file));
    assertThat(file).hasContent("name\r\nmain\r\nworker");
    client.body(ExportQuery.REQUEST, asked.formatted(folder.resolve("threads.PARQUET")));
    assertThat(folder.resolve("threads.PARQUET")).content(ISO_8859_1).startsWith("PAR1");

    assertThat(refusalOf(ExportQuery.REQUEST, asked.formatted(folder.resolve("threads.doc"))))
        .isEqualTo("'doc' is no ending of a file of rows; choose one of csv, parquet, xlsx, json");
    assertThat(refusalOf(ExportQuery.REQUEST, asked.formatted("threads.csv")))
        .contains("no absolute path");
    assertThat(refusalOf(ExportQuery.REQUEST, asked.formatted(folder.resolve("no/threads.csv"))))
        .endsWith("cannot be written: its folder is not there");
    String wrong = asked.replace("name FROM", "nobody FROM").formatted(file);
    assertThat(refusalOf(ExportQuery.REQUEST, wrong)).contains("nobody");
    assertThat(file).as("what was written before stays").hasContent("name\r\nmain\r\nworker");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  private String refusalOf(String request, String arguments) throws IOException {
    return client.ask(request, arguments).get("message").getAsString();
  }

  @Test
  void modulesAndSourcesAreListed() throws IOException {
    attached();
    JsonObject module =
        client.body("modules", "{}").getAsJsonArray("modules").get(0).getAsJsonObject();
    assertThat(module.get("symbolStatus").getAsString()).isEqualTo("symbols and lines");
    assertThat(client.body("loadedSources", "{}").getAsJsonArray("sources")).hasSize(1);
  }

  @Test
  void viewsOpenActAndClose() throws IOException {
    attached();
    assertThat(client.body("heapatlas/views", "{}").getAsJsonArray("views"))
        .hasSizeGreaterThanOrEqualTo(4);
    JsonObject opened = client.body("heapatlas/open", "{\"view\":\"memory.overview\"}");
    String handle = opened.get("handle").getAsString();
    assertThat(opened.getAsJsonObject("channel").get("token").getAsString()).isEqualTo("secret");
    assertThat(opened.getAsJsonObject("frame").get("widget").getAsString()).isEqualTo("keyFigures");
    heap.extraBytes = 5;
    assertThat(client.event("heapatlas/frame").getAsJsonObject("body").get("handle").getAsString())
        .isEqualTo(handle);
    client.body("heapatlas/close", "{\"handle\":\"%s\"}".formatted(handle));
    assertThat(
            client
                .ask("heapatlas/act", "{\"handle\":\"%s\",\"action\":\"x\"}".formatted(handle))
                .get("success")
                .getAsBoolean())
        .isFalse();
  }

  @Test
  void whatIsNoMessageIsRefusedAndTheSessionGoesOn() throws IOException {
    for (String body :
        new String[] {
          "{\"seq\":1,,",
          "[]",
          "42",
          "null",
          "{}",
          "",
          "{\"seq\":{},\"type\":\"request\"}",
          "{\"seq\":1,\"type\":\"request\"}",
          "{\"seq\":x,\"type\":\"request\",\"command\":\"threads\"}",
          "\"\"",
          "[".repeat(100_000)
        }) {
      client.sendBody(body);
      assertThat(client.refusal().get("message").getAsString()).as(body).isNotBlank();
    }
    assertThat(message("frobnicate", "{}")).contains("'frobnicate'");
    assertThat(message("stackTrace", "{\"threadId\":\"x\"}")).contains("'stackTrace'");
    assertThat(message("threads", "{}")).contains("'threads'").contains("'initialize' first");
    client.body("initialize", "{\"adapterID\":\"test\"}");
    assertThat(message("initialize", "{\"adapterID\":\"test\"}")).contains("once");
    assertThat(message("threads", "{}")).contains("launch");
    assertThat(message("next", "{\"threadId\":1}")).contains("does not step");
  }

  private String message(String request, String arguments) throws IOException {
    JsonObject answer = client.ask(request, arguments);
    assertThat(answer.get("success").getAsBoolean()).isFalse();
    return answer.get("message").getAsString();
  }

  @Test
  void whatIsOutOfStepIsRefusedOnceAndTheSessionGoesOn() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    String request = "{\"seq\":7,\"type\":\"request\",\"command\":\"threads\"}";
    String[] disorder = {
      "Content-Length: 100000000\r\n\r\n" + "x".repeat(100_000),
      "Content-Length: 10\r\n\r\n" + request,
      "Content-Length: %d\r\n\r\n%sand more".formatted(request.length() + 3, request),
      "Content-Length: many\r\n\r\n" + request,
      "Content-Length: -5\r\n\r\n" + request,
      "\0\1\2 noise \uffff\n\n\r\n",
      "a".repeat(20_000),
      "\r\n\r\n",
      request
    };
    for (String each : disorder) {
      client.sendRaw(each);
      assertThat(message("frobnicate", "{}")).as(each).contains("'frobnicate'");
      assertThat(client.refusal().get("message").getAsString()).as(each).isNotBlank();
      client.nothingKept("response");
    }
    client.body("attach", "{\"pid\":4711}");
  }

  @Test
  void aBrowsersRequestIsNeverServed() throws IOException {
    String body =
        "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"adapterID\":\"x\"}}";
    client.sendRaw(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
    assertThat(client.refusal().get("message").getAsString()).contains("HTTP");
    client.awaitEnd();
    client.nothingKept("response");
  }

  @Test
  void breakpointsOfEveryKindStayUnverifiedAndSayWhy() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    for (String[] request :
        new String[][] {
          {"setBreakpoints", "{\"source\":{\"path\":\"/a.c\"},\"breakpoints\":[{\"line\":7}]}"},
          {"setFunctionBreakpoints", "{\"breakpoints\":[{\"name\":\"main\"}]}"},
          {"setInstructionBreakpoints", "{\"breakpoints\":[{\"instructionReference\":\"0x1\"}]}"},
          {"setDataBreakpoints", "{\"breakpoints\":[{\"dataId\":\"0x1\"}]}"}
        }) {
      JsonArray answered = client.body(request[0], request[1]).getAsJsonArray("breakpoints");
      assertThat(answered).as(request[0]).hasSize(1);
      JsonObject breakpoint = answered.get(0).getAsJsonObject();
      assertThat(breakpoint.get("verified").getAsBoolean()).isFalse();
      assertThat(breakpoint.get("message").getAsString()).contains("HeapAtlas");
    }
    JsonObject info = client.body("dataBreakpointInfo", "{\"name\":\"x\"}");
    assertThat(info.has("dataId")).isFalse();
    assertThat(info.get("description").getAsString()).contains("HeapAtlas");
  }

  @Test
  void aRunningProgramIsStoppedAtAFindingThatItsFilterWants() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    client.body("attach", "{\"pid\":4711}");
    JsonArray answered =
        client
            .body(
                "setExceptionBreakpoints",
                "{\"filters\":[\"nonsense\"],\"filterOptions\":[{\"filterId\":\"double-free\",\"condition\":\"size"
                    + " > 40\"}]}")
            .getAsJsonArray("breakpoints");
    assertThat(answered.get(0).getAsJsonObject().get("verified").getAsBoolean()).isFalse();
    assertThat(answered.get(1).getAsJsonObject().get("verified").getAsBoolean()).isTrue();
    heap.raise(FakeFinding.doubleFree(1, 40));
    heap.raise(FakeFinding.doubleFree(2, 48));
    JsonObject stopped = client.event("stopped").getAsJsonObject("body");
    assertThat(stopped.get("reason").getAsString()).isEqualTo("exception");
    assertThat(stopped.get("description").getAsString()).isEqualTo("double-free 2");
    JsonObject report =
        client.body(
            "exceptionInfo", "{\"threadId\":%d}".formatted(stopped.get("threadId").getAsInt()));
    assertThat(report.get("exceptionId").getAsString()).isEqualTo("double-free");
  }

  @Test
  void whatTakesLongShowsProgressAndCanBeCancelled() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\",\"supportsProgressReporting\":true}");
    client.body("attach", "{\"pid\":4711}");
    heap.slow = true;
    int request = client.send("modules", "{}");
    JsonObject progress = client.event("progressStart").getAsJsonObject("body");
    assertThat(progress.get("cancellable").getAsBoolean()).isTrue();
    assertThat(progress.get("requestId").getAsInt()).isEqualTo(request);
    assertThat(client.body("threads", "{}").getAsJsonArray("threads")).hasSize(2);
    String id = progress.get("progressId").getAsString();
    client.body("cancel", "{\"progressId\":\"%s\"}".formatted(id));
    assertThat(client.refusal().get("message").getAsString()).isEqualTo("cancelled");
    assertThat(client.event("progressEnd").getAsJsonObject("body").get("progressId").getAsString())
        .isEqualTo(id);
  }

  @Test
  void nodesThatCannotBeReachedAreNamed() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    assertThat(message("attach", "{}")).contains("'pid'").contains("'nodes'");
    assertThat(message("attach", "{\"nodes\":[\"far:7\"]}")).contains("'tls'");
    assertThat(message("attach", "{\"nodes\":[\"far:7\"],\"tls\":\"/x\"}")).contains("far:7");
    assertThat(message("threads", "{}")).as("nothing is waited for").contains("launch");
  }

  @Test
  void launchArgumentsOfWrongTypesAreNamed() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    assertThat(client.ask("launch", "{}").get("message").getAsString()).contains("'program'");
    assertThat(client.ask("launch", "{\"program\":5}").get("message").getAsString())
        .contains("'program'");
    assertThat(
            client.ask("launch", "{\"program\":\"x\",\"args\":[1]}").get("message").getAsString())
        .contains("'args'");
    assertThat(
            client
                .ask("launch", "{\"program\":\"x\",\"mode\":\"loud\"}")
                .get("message")
                .getAsString())
        .contains("'loud'");
    assertThat(client.ask("attach", "{\"pid\":1}").get("message").getAsString())
        .contains("no process 1");
  }

  @Test
  void anAttachedProcessGoesOnWhenTheClientDisconnects() throws IOException {
    attached();
    client.body("disconnect", "{}");
    client.awaitEnd();
    assertThat(heap.calls).contains("detach", "close").noneMatch(call -> call.contains("KILL"));
  }

  @Test
  void anAttachedProcessEndsWhenTheClientSaysSo() throws IOException {
    attached();
    client.body("disconnect", "{\"terminateDebuggee\":true}");
    assertThat(heap.calls).contains("signal KILL");
  }

  @Test
  void theEndOfTheProcessEndsTheSession() throws IOException {
    attached();
    heap.appear(WatchedProcess.State.ENDED);
    client.event("terminated");
    assertThat(Optional.of(client.body("threads", "{}").getAsJsonArray("threads").size()))
        .hasValue(0);
  }

  @Test
  void terminateAsksAndTheSessionStaysUntilTheProcessHasEnded() throws IOException {
    attached();
    client.body("terminate", "{}");
    client.event("terminated");
    assertThat(heap.calls).contains("signal TERMINATE").doesNotContain("signal KILL");
  }
}
