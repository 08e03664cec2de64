package org.heapatlas.eclipse.tests.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Random;
import org.heapatlas.eclipse.view.Frames;
import org.heapatlas.eclipse.view.Frames.Outcome;
import org.heapatlas.eclipse.view.Messages;
import org.junit.jupiter.api.Test;

/** What becomes of the frames of one view, in whatever order they come. */
class FramesTest {
  private static Messages.Pushed pushed(long sequence, boolean full, String frame) {
    return new Messages.Pushed("view-1", sequence, full, json(frame));
  }

  private static JsonElement json(String text) {
    return JsonParser.parseString(text);
  }

  @Test
  void deltasAreLaidOverWhatTheOpensAnswerBrought() {
    var frames = new Frames();
    frames.open(json("{title: 'map', data: {a: 1, b: 2}}"));
    assertEquals(Outcome.NEWEST, frames.push(pushed(7, false, "{data: {b: 3}}")));
    assertEquals(json("{title: 'map', data: {a: 1, b: 3}}"), frames.raw().orElseThrow());
  }

  @Test
  void aFrameThatOvertookTheOpensAnswerStays() {
    var frames = new Frames();
    frames.push(pushed(2, true, "{title: 'newer'}"));
    frames.open(json("{title: 'older'}"));
    assertEquals(json("{title: 'newer'}"), frames.raw().orElseThrow());
  }

  @Test
  void anOldFrameChangesNothing() {
    var frames = new Frames();
    frames.push(pushed(5, true, "{title: 'five'}"));
    assertEquals(Outcome.OLD, frames.push(pushed(4, true, "{title: 'four'}")));
    assertEquals(json("{title: 'five'}"), frames.raw().orElseThrow());
  }

  @Test
  void aDeltaWhoseBaseDidNotComeAsksForTheViewAnew() {
    var frames = new Frames();
    assertEquals(Outcome.BASELESS, frames.push(pushed(3, false, "{title: 'delta'}")));
    frames.push(pushed(4, true, "{title: 'four'}"));
    assertEquals(Outcome.BASELESS, frames.push(pushed(6, false, "{title: 'six'}")));
  }

  @Test
  void aFrameWithoutDataTakesThemAway() {
    assertEquals(
        json("{title: 'A', empty: 'gone', data: null}"),
        Frames.merge(json("{title: 'A', data: {total: 1}}"), json("{empty: 'gone', data: null}")));
  }

  @Test
  void whatDeltasAddUpToIsTheFullFrame() {
    var random = new Random(1);
    var full = frame(random);
    var frames = new Frames();
    frames.push(new Messages.Pushed("view-1", 0, true, full));
    for (int sequence = 1; sequence < 500; sequence++) {
      var next = frame(random);
      var before = full.deepCopy();
      frames.push(new Messages.Pushed("view-1", sequence, false, deltaOf(full, next)));
      assertEquals(next, frames.raw().orElseThrow());
      assertEquals(before, full, "the frame before was changed");
      full = next;
    }
  }

  private static JsonObject frame(Random random) {
    var frame = fields(random);
    frame.add("data", fields(random));
    return frame;
  }

  private static JsonObject fields(Random random) {
    var fields = new JsonObject();
    for (int i = 0; i < 6; i++) {
      if (random.nextInt(4) == 0) fields.add("field" + i, JsonNull.INSTANCE);
      else fields.addProperty("field" + i, random.nextInt(3));
    }
    return fields;
  }

  /** The fields that differ, as a server sends them. */
  private static JsonObject deltaOf(JsonObject before, JsonObject next) {
    var delta = new JsonObject();
    for (var field : next.entrySet()) {
      var old = before.get(field.getKey());
      if (field.getValue().equals(old)) continue;
      boolean nested = field.getValue().isJsonObject();
      delta.add(
          field.getKey(),
          nested
              ? deltaOf(old.getAsJsonObject(), field.getValue().getAsJsonObject())
              : field.getValue());
    }
    return delta;
  }
}
