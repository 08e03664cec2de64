package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.Test;

/** Conversations about a recording that is stepped through, searched and looked at. */
class ReplayDialogueTest extends ReplayConversation {
  @Test
  void aRecordingStopsFirstAtItsEndAndTheStackOfAThreadIsThatOfItsLastEvent() throws IOException {
    JsonObject stop = launched("");
    assertThat(stop.get("reason").getAsString()).isEqualTo("entry");
    assertThat(stop.get("description").getAsString()).isEqualTo("at the end of the recording");
    assertThat(stop.get("text").getAsString()).startsWith("event 300 of 300, 0.300000 s of 0.3");
    JsonObject stack = client.body("stackTrace", "{\"threadId\":%d}".formatted(thread("main")));
    JsonObject caller = stack.getAsJsonArray("stackFrames").get(1).getAsJsonObject();
    assertThat(caller.get("name").getAsString()).isEqualTo("function9");
    assertThat(caller.get("line").getAsInt()).isEqualTo(10);
  }

  @Test
  void aThreadIsSteppedBackAndForthAlongItsOwnEvents() throws IOException {
    launched("");
    int main = thread("main");
    moved("stepBack", main);
    assertThat(position()).isEqualTo(298);
    JsonObject back = moved("stepBack", main);
    assertThat(back.get("reason").getAsString()).isEqualTo("step");
    assertThat(back.get("description").getAsString())
        .startsWith("allocation of 64 bytes")
        .endsWith("going backward");
    assertThat(position()).isEqualTo(297);
    assertThat(moved("next", main).get("description").getAsString()).doesNotContain("backward");
    assertThat(position()).isEqualTo(298);
    assertThat(moved("stepIn", main).get("threadId").getAsInt()).isEqualTo(thread("worker"));
    assertThat(position()).isEqualTo(299);
    moved("next", main);
    assertThat(position()).isEqualTo(300);
  }

  @Test
  void aStepOutEndsBehindTheReturnOfTheFunction() throws IOException {
    launched(",\"at\":\"30\"");
    int main = thread("main");
    moved("stepOut", main);
    assertThat(position()).as("two events in function0, then one in function1").isEqualTo(33);
  }

  @Test
  void stepsBeyondTheEndsStopThere() throws IOException {
    launched(",\"stopOnEntry\":true");
    assertThat(position()).isZero();
    int main = thread("main");
    assertThat(moved("stepBack", main).get("description").getAsString())
        .startsWith("at the beginning of the recording");
    JsonObject end = moved("continue", main);
    assertThat(end.get("reason").getAsString()).isEqualTo("end of the recording");
    assertThat(position()).isEqualTo(300);
    assertThat(moved("reverseContinue", main).get("reason").getAsString())
        .isEqualTo("beginning of the recording");
    assertThat(position()).isZero();
  }

  @Test
  void thereIsAThreadToGoOnWithEvenBeforeTheFirstOne() throws IOException {
    heap.threads = List.of();
    JsonObject stop = launched(",\"stopOnEntry\":true");
    assertThat(thread("thread")).isEqualTo(stop.get("threadId").getAsInt());
    moved("next", thread("thread"));
    assertThat(position()).isEqualTo(1);
  }

  @Test
  void theEventIsShownWithTheAllocationOfItsBlock() throws IOException {
    launched(",\"at\":\"32\"");
    int worker = thread("worker");
    JsonArray frames =
        client
            .body("stackTrace", "{\"threadId\":%d}".formatted(worker))
            .getAsJsonArray("stackFrames");
    int frame = frames.get(0).getAsJsonObject().get("id").getAsInt();
    JsonObject scope =
        client
            .body("scopes", "{\"frameId\":%d}".formatted(frame))
            .getAsJsonArray("scopes")
            .get(0)
            .getAsJsonObject();
    assertThat(scope.get("name").getAsString()).isEqualTo("Event");
    JsonArray variables =
        client
            .body(
                "variables",
                "{\"variablesReference\":%d}".formatted(scope.get("variablesReference").getAsInt()))
            .getAsJsonArray("variables");
    assertThat(variables.asList())
        .extracting(
            each ->
                each.getAsJsonObject().get("name").getAsString()
                    + "="
                    + each.getAsJsonObject().get("value").getAsString())
        .contains(
            "kind=release",
            "size=11 B",
            "thread=4712",
            "time=0.032000000 s",
            "position=32",
            "allocated at position=31");
  }

  @Test
  void aWatchedBlockStopsAtItsReleaseAndItsAllocationInBothDirections() throws IOException {
    launched("");
    String address = "0x" + Long.toHexString(BLOCK + 10 * FakeHeap.PAGE + 256);
    JsonObject info =
        client.body(
            "dataBreakpointInfo",
            "{\"name\":\"%s\",\"asAddress\":true,\"bytes\":8}".formatted(address));
    String id = info.get("dataId").getAsString();
    JsonObject set =
        client
            .body("setDataBreakpoints", "{\"breakpoints\":[{\"dataId\":\"%s\"}]}".formatted(id))
            .getAsJsonArray("breakpoints")
            .get(0)
            .getAsJsonObject();
    assertThat(set.get("verified").getAsBoolean()).isTrue();
    int main = thread("main");
    JsonObject release = moved("reverseContinue", main);
    assertThat(release.get("reason").getAsString()).isEqualTo("data breakpoint");
    assertThat(release.getAsJsonArray("hitBreakpointIds").get(0)).isEqualTo(set.get("id"));
    assertThat(position()).isEqualTo(32);
    moved("reverseContinue", main);
    assertThat(position()).isEqualTo(31);
    moved("continue", main);
    assertThat(position()).isEqualTo(32);
  }

  @Test
  void aFrontEndsOwnWatchpointsStopBesideTheDataBreakpointsOfTheProtocol() throws IOException {
    launched("");
    String address = "0x" + Long.toHexString(BLOCK + 10 * FakeHeap.PAGE + 256);
    JsonArray watched =
        client
            .body(
                "heapatlas/watchpoints",
                "{\"watchpoints\":[{\"address\":\"%s\",\"bytes\":8,\"condition\":\"kind == 'release'\"},"
                        .formatted(address)
                    + "{\"address\":\"here\",\"bytes\":8},{\"address\":\"0x10\",\"bytes\":0},"
                    + "{\"address\":\"0x10@99\",\"bytes\":1}]}")
            .getAsJsonArray("watchpoints");
    assertThat(watched.asList())
        .extracting(each -> each.getAsJsonObject().get("verified").getAsBoolean())
        .containsExactly(true, false, false, false);
    assertThat(watched.asList())
        .extracting(each -> each.getAsJsonObject().get("mechanism").getAsString())
        .containsExactly("recording, exact", "", "", "");
    assertThat(watched.asList())
        .extracting(each -> each.getAsJsonObject().get("message").getAsString())
        .satisfiesExactly(
            none -> assertThat(none).isEmpty(),
            noAddress -> assertThat(noAddress).contains("'here'"),
            noBytes -> assertThat(noBytes).contains("from 1 to 2^30 bytes"),
            noProcess -> assertThat(noProcess).contains("0x10@99"));
    client.body("setDataBreakpoints", "{\"breakpoints\":[]}");
    int main = thread("main");
    JsonObject release = moved("reverseContinue", main);
    assertThat(release.getAsJsonArray("hitBreakpointIds").get(0))
        .isEqualTo(watched.get(0).getAsJsonObject().get("id"));
    assertThat(position()).isEqualTo(32);
    moved("reverseContinue", main);
    assertThat(position()).as("the allocation does not fulfil the condition").isZero();
    moved("continue", main);
    assertThat(position()).isEqualTo(32);
    client.body("heapatlas/watchpoints", "{\"watchpoints\":[]}");
    assertThat(moved("continue", main).get("reason").getAsString())
        .isEqualTo("end of the recording");
  }

  @Test
  void lineAndFunctionBreakpointsStopAtEventsWhoseStackPassesThere() throws IOException {
    JsonObject early =
        client
            .body(
                "setBreakpoints",
                "{\"source\":{\"path\":\"/src/file.c\"},\"breakpoints\":[{\"line\":3},{\"line\":77}]}")
            .getAsJsonArray("breakpoints")
            .get(0)
            .getAsJsonObject();
    assertThat(early.get("verified").getAsBoolean()).isFalse();
    JsonObject stop = launched("");
    for (boolean there : new boolean[] {true, false}) {
      JsonObject told = client.event("breakpoint").getAsJsonObject("body");
      assertThat(told.getAsJsonObject("breakpoint").get("verified").getAsBoolean())
          .isEqualTo(there);
    }
    assertThat(stop.get("reason").getAsString()).isEqualTo("breakpoint");
    assertThat(position()).as("the first allocation in function2").isEqualTo(6);
    client.body(
        "setFunctionBreakpoints",
        "{\"breakpoints\":[{\"name\":\"function4\"},{\"name\":\"none\"}]}");
    int main = thread("main");
    moved("continue", main);
    assertThat(position()).isEqualTo(7);
    assertThat(moved("continue", main).get("reason").getAsString())
        .isEqualTo("function breakpoint");
    assertThat(position()).isEqualTo(12);
    moved("reverseContinue", main);
    assertThat(position()).isEqualTo(7);
  }

  @Test
  void conditionsHitCountsAndLogPoints() throws IOException {
    launched(",\"stopOnEntry\":true");
    String set =
        "{\"source\":{\"path\":\"/moved/file.c\"},\"breakpoints\":["
            + "{\"line\":1,\"condition\":\"size > 20 && size != 64\",\"hitCondition\":\"2\"},"
            + "{\"line\":2,\"condition\":\"size ==\"},"
            + "{\"line\":3,\"logMessage\":\"{size} bytes in {function}\",\"condition\":\"position < 9\"}]}";
    JsonArray shown = client.body("setBreakpoints", set).getAsJsonArray("breakpoints");
    assertThat(shown.get(0).getAsJsonObject().get("verified").getAsBoolean())
        .as("a file that lies elsewhere is known by its name")
        .isTrue();
    assertThat(shown.get(1).getAsJsonObject().get("message").getAsString()).contains("character 8");
    moved("continue", thread("main"));
    assertThat(position()).as("the second event with 31 bytes or more").isEqualTo(91);
    assertThat(logged()).isEqualTo("64 bytes in function2\n");
    assertThat(logged()).isEqualTo("3 bytes in function2\n");
  }

  private String logged() throws IOException {
    JsonObject output = client.event("output").getAsJsonObject("body");
    return output.get("category").getAsString().equals("console")
        ? output.get("output").getAsString()
        : logged();
  }

  @Test
  void aLongSearchShowsProgressAndIsEndedByPause() throws IOException {
    launched("");
    heap.past.patience = 0;
    int main = thread("main");
    client.body("setFunctionBreakpoints", "{\"breakpoints\":[{\"name\":\"nowhere\"}]}");
    client.body("reverseContinue", "{\"threadId\":%d}".formatted(main));
    String id =
        client.event("progressStart").getAsJsonObject("body").get("progressId").getAsString();
    assertThat(client.ask("next", "{\"threadId\":%d}".formatted(main)).get("message").getAsString())
        .contains("'pause'");
    assertThat(moved("pause", main).get("reason").getAsString()).isEqualTo("pause");
    assertThat(client.event("progressEnd").getAsJsonObject("body").get("progressId").getAsString())
        .isEqualTo(id);
    heap.past.patience = Integer.MAX_VALUE;
    moved("stepBack", main);
    assertThat(position()).isEqualTo(298);
  }

  @Test
  void theConsoleGoesToATimeAndALineOffersItsEvents() throws IOException {
    launched("");
    client.body("evaluate", "{\"expression\":\"seek 30ms\"}");
    assertThat(stopped().get("reason").getAsString()).isEqualTo("goto");
    assertThat(position()).isEqualTo(30);
    JsonArray targets =
        client
            .body("gotoTargets", "{\"source\":{\"path\":\"/src/file.c\"},\"line\":5}")
            .getAsJsonArray("targets");
    assertThat(targets).hasSize(2);
    int target = targets.get(0).getAsJsonObject().get("id").getAsInt();
    client.body("goto", "{\"threadId\":%d,\"targetId\":%d}".formatted(thread("main"), target));
    stopped();
    assertThat(position()).as("the last event of function4 before").isEqualTo(13);
    assertThat(
            client.ask("evaluate", "{\"expression\":\"seek soon\"}").get("message").getAsString())
        .contains("'soon'");
  }

  @Test
  void theOpenViewsFollow() throws IOException {
    launched(",\"at\":\"30ms\"");
    JsonObject opened =
        client.body("heapatlas/open", "{\"view\":\"memory.overview\"}").getAsJsonObject("frame");
    assertThat(opened.get("title").getAsString()).isEqualTo("fake[4711], replayed");
    JsonObject time = opened.getAsJsonObject("time");
    assertThat(time.get("replayed").getAsBoolean()).isTrue();
    assertThat(time.get("live").getAsBoolean()).isFalse();
    assertThat(time.get("now").getAsLong()).isEqualTo(30_000_000);
    assertThat(time.get("to").getAsLong()).isEqualTo(300_000_000);
    moved("stepBack", thread("main"));
    JsonObject frame =
        client.event("heapatlas/frame").getAsJsonObject("body").getAsJsonObject("frame");
    assertThat(frame.getAsJsonObject("time").get("now").getAsLong()).isEqualTo(28_000_000);
    assertThat(frame.getAsJsonObject("time").get("direction").getAsString()).isEqualTo("backward");
  }

  @Test
  void whatIsNoRecordingIsRefusedInTheCollectorsWordsAndAnotherMayFollow() throws IOException {
    assertThat(client.ask("launch", "{\"recording\":\"/nothing\"}").get("message").getAsString())
        .isEqualTo("'/nothing' is no recording");
    assertThat(
            client
                .ask("launch", "{\"recording\":\"/recording\",\"at\":\"soon\"}")
                .get("message")
                .getAsString())
        .contains("'soon'");
    launched("");
    client.body("disconnect", "{}");
    client.awaitEnd();
    assertThat(heap.calls).contains("close").noneMatch(call -> call.startsWith("signal"));
  }

  @Test
  void aSourceFileThatIsNotHereIsToldWithWhereItLay() throws IOException {
    launched("");
    JsonObject source =
        client
            .body("stackTrace", "{\"threadId\":%d}".formatted(thread("main")))
            .getAsJsonArray("stackFrames")
            .get(1)
            .getAsJsonObject()
            .getAsJsonObject("source");
    assertThat(source.get("presentationHint").getAsString()).isEqualTo("deemphasize");
    assertThat(source.get("origin").getAsString()).isEqualTo("not on this machine");
    int number = source.get("sourceReference").getAsInt();
    assertThat(number).isPositive();
    String asked = "{\"sourceReference\":%d}";
    assertThat(client.body("source", asked.formatted(number)).get("content").getAsString())
        .startsWith("This source file is not on this machine:\n\n    /src/file.c\n")
        .contains("ln -s WHERE/THE/SOURCES/ARE /src\n");
    String byPath = "{\"sourceReference\":0,\"source\":{\"path\":\"%s\"}}";
    assertThat(client.body("source", byPath.formatted("/src/file.c")).get("content").getAsString())
        .contains("/src/file.c");
    assertThat(client.ask("source", byPath.formatted("/etc/passwd")).get("message").getAsString())
        .as("no file's content is handed out")
        .isEqualTo("'/etc/passwd' is on this machine; open the file itself");
    assertThat(client.ask("source", asked.formatted(99_999)).get("message").getAsString())
        .isEqualTo("there is no source file 99999");
    assertThat(client.ask("source", asked.formatted(0)).get("message").getAsString())
        .contains("names no file");
  }

  @Test
  void aWatchpointOnASampledRecordingSaysThatItMissesWhatWasNotSampled() throws IOException {
    heap.sampled = true;
    launched("");
    JsonObject watched =
        client
            .body(
                "heapatlas/watchpoints",
                "{\"watchpoints\":[{\"address\":\"0x%x\",\"bytes\":8}]}".formatted(BLOCK))
            .getAsJsonArray("watchpoints")
            .get(0)
            .getAsJsonObject();
    assertThat(watched.get("mechanism").getAsString()).isEqualTo("recording, sampled");
    assertThat(watched.get("message").getAsString()).startsWith("a sample of the blocks");
  }
}
