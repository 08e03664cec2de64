package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.Test;

/** Conversations about a recording that is played: to the client it runs as a program does. */
class PlayingDialogueTest extends ReplayConversation {
  private String timeline;

  private void opened(String more) throws IOException {
    launched(more);
    timeline =
        client.body("heapatlas/open", "{\"view\":\"memory.timeline\"}").get("handle").getAsString();
  }

  private void act(String action, String arguments) throws IOException {
    client.body(
        "heapatlas/act",
        "{\"handle\":\"%s\",\"action\":\"%s\",\"arguments\":%s}"
            .formatted(timeline, action, arguments));
  }

  /** Tells that it runs, before it tells where it stops. */
  private void plays(String arguments) throws IOException {
    act("play", arguments);
    assertThat(
            client
                .event("continued")
                .getAsJsonObject("body")
                .get("allThreadsContinued")
                .getAsBoolean())
        .isTrue();
  }

  @Test
  void itRunsUntilItsEndWhereTheClientHearsThatItStopped() throws IOException {
    opened(",\"stopOnEntry\":true");
    plays("{\"speed\":100}");
    JsonObject end = stopped();
    assertThat(end.get("reason").getAsString()).isEqualTo("end of the recording");
    assertThat(end.get("allThreadsStopped").getAsBoolean()).isTrue();
    assertThat(position()).isEqualTo(300);
    plays("{\"direction\":\"backward\",\"speed\":100}");
    JsonObject begin = stopped();
    assertThat(begin.get("reason").getAsString()).isEqualTo("beginning of the recording");
    assertThat(position()).isZero();
  }

  @Test
  void aWatchedBlockStopsItInBothDirectionsAsContinueIsStopped() throws IOException {
    opened(",\"stopOnEntry\":true");
    client.body(
        "heapatlas/watchpoints",
        "{\"watchpoints\":[{\"address\":\"0x%x\",\"bytes\":8}]}"
            .formatted(BLOCK + 10 * FakeHeap.PAGE + 256));
    for (long event : new long[] {31, 32}) {
      plays("{\"speed\":0.5}");
      JsonObject hit = stopped();
      assertThat(hit.get("reason").getAsString()).isEqualTo("data breakpoint");
      assertThat(hit.getAsJsonArray("hitBreakpointIds")).hasSize(1);
      assertThat(position()).isEqualTo(event);
    }
    plays("{\"direction\":\"backward\",\"speed\":100}");
    stopped();
    assertThat(position()).isEqualTo(31);
  }

  @Test
  void pauseStopsItAndSoDoesAStepWhichIsToldOnce() throws IOException {
    opened(",\"at\":\"30\"");
    plays("{\"speed\":0.0001}");
    assertThat(moved("pause", thread("main")).get("reason").getAsString()).isEqualTo("pause");
    assertThat(position()).as("so slow that it has hardly moved").isBetween(30L, 31L);
    plays("{\"direction\":\"backward\"}");
    assertThat(moved("next", thread("main")).get("reason").getAsString()).isEqualTo("step");
    plays("{}");
    act("pause", "{}");
    assertThat(stopped().get("reason").getAsString()).isEqualTo("pause");
    client.nothingKept("stopped");
  }

  @Test
  void itIsNotPlayedWhileItIsSearched() throws IOException {
    opened("");
    heap.past.patience = 0;
    client.body("setFunctionBreakpoints", "{\"breakpoints\":[{\"name\":\"nowhere\"}]}");
    client.body("reverseContinue", "{\"threadId\":%d}".formatted(thread("main")));
    assertThat(
            client
                .ask("heapatlas/act", "{\"handle\":\"%s\",\"action\":\"play\"}".formatted(timeline))
                .get("message")
                .getAsString())
        .contains("is being searched");
    moved("pause", thread("main"));
  }

  @Test
  void theOpenViewsFollowAndSayWhichWayTimeRuns() throws IOException {
    opened(",\"stopOnEntry\":true");
    plays("{\"speed\":0.1}");
    JsonObject time = frameTime();
    while (time.get("now").getAsLong() == 0) {
      time = frameTime();
    }
    assertThat(time.get("pace").getAsDouble()).isEqualTo(0.1);
    act("pause", "{}");
    while (time.get("pace").getAsDouble() != 0) {
      time = frameTime();
    }
  }

  private JsonObject frameTime() throws IOException {
    return client
        .event("heapatlas/frame")
        .getAsJsonObject("body")
        .getAsJsonObject("frame")
        .getAsJsonObject("time");
  }
}
