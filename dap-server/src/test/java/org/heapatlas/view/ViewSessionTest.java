package org.heapatlas.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewSessionTest {
  private final FakeHeap heap = new FakeHeap();
  private final BlockingQueue<FrameEvent> direct = new LinkedBlockingQueue<>();
  private final Session session = new Session("test", heap);
  private ViewSession views = new ViewSession(() -> session, direct::add, 64 << 10);

  @AfterEach
  void close() {
    views.close();
  }

  private JsonNode ask(String request, String arguments) {
    ViewRequests requests =
        new ViewRequests(views, asked -> new ChannelHost.Address("ws://here", "secret"));
    return Json.read(requests.answer(request, Json.read(arguments)));
  }

  @Test
  void aViewOpensWithItsFirstFrameAndItsChannel() {
    heap.appear(WatchedProcess.State.RUNNING);
    JsonNode opened = ask("heapatlas/open", "{\"view\":\"memory.overview\"}");
    assertThat(opened.path("handle").asText()).isNotEmpty();
    assertThat(opened.at("/frame/widget").asText()).isEqualTo("keyFigures");
    assertThat(opened.at("/frame/data/figures").size()).isPositive();
    assertThat(opened.at("/channel/token").asText()).isEqualTo("secret");
  }

  @Test
  void framesComeOnlyWhileSomethingChanges() throws InterruptedException {
    heap.appear(WatchedProcess.State.RUNNING);
    ask("heapatlas/open", "{\"view\":\"memory.overview\"}");
    assertThat(direct.poll(400, TimeUnit.MILLISECONDS)).as("nothing changed").isNull();
    heap.extraBytes = 1;
    FrameEvent event = direct.poll(3, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.sequence()).isEqualTo(2);
  }

  @Test
  void aLargeFrameStaysOutOfTheAnswerAndComesOverTheChannel() throws InterruptedException {
    heap.appear(WatchedProcess.State.RUNNING);
    views.close();
    views = new ViewSession(() -> session, direct::add, 1000);
    JsonNode opened = ask("heapatlas/open", "{\"view\":\"memory.map\"}");
    assertThat(opened.has("frame")).isFalse();
    BlockingQueue<FrameEvent> bulk = new LinkedBlockingQueue<>();
    views.attachBulk(bulk::add);
    FrameEvent event = bulk.poll(3, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.frame().length()).isGreaterThan(1000);
    assertThat(Json.read(event.json()).at("/frame/widget").asText()).isEqualTo("heatmap");
    assertThat(direct).isEmpty();
  }

  @Test
  void theFirstFrameOfALaterViewIsOnTheChannelWhenTheAnswerComes() {
    heap.appear(WatchedProcess.State.RUNNING);
    views.close();
    views = new ViewSession(() -> session, direct::add, 1000);
    BlockingQueue<FrameEvent> bulk = new LinkedBlockingQueue<>();
    views.attachBulk(bulk::add);
    JsonNode opened = ask("heapatlas/open", "{\"view\":\"memory.map\"}");
    FrameEvent first = bulk.poll();
    assertThat(first).isNotNull();
    assertThat(first.handle()).isEqualTo(opened.path("handle").asText());
    assertThat(first.sequence()).isEqualTo(1);
  }

  @Test
  void aClosedViewIsGone() {
    heap.appear(WatchedProcess.State.RUNNING);
    String handle = ask("heapatlas/open", "{\"view\":\"memory.sites\"}").path("handle").asText();
    ask("heapatlas/close", "{\"handle\":\"%s\"}".formatted(handle));
    assertThatThrownBy(
            () -> ask("heapatlas/act", "{\"handle\":\"%s\",\"action\":\"sort\"}".formatted(handle)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(handle);
  }

  @Test
  void requestsThatLackSomethingNameIt() {
    assertThatThrownBy(() -> ask("heapatlas/open", "{}")).hasMessageContaining("'view'");
    assertThatThrownBy(() -> ask("heapatlas/open", "{\"view\":\"memory.dreams\"}"))
        .hasMessageContaining("'memory.dreams'");
    assertThatThrownBy(() -> ask("heapatlas/open", "[]")).hasMessageContaining("'view'");
    assertThatThrownBy(() -> ask("heapatlas/burn", "{}")).hasMessageContaining("'heapatlas/burn'");
  }
}
