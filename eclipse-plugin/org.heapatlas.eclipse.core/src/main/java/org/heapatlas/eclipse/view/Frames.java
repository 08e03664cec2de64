package org.heapatlas.eclipse.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * The newest frame of one opened view, put together from full frames and deltas. A frame that an
 * open's answer brought has no number, and whatever is pushed follows it; else a delta follows the
 * frame whose number is one less. Confined to one thread.
 */
public final class Frames {
  /** What is to be done with a pushed frame. */
  public enum Outcome {
    /** It is to be shown. */
    NEWEST,
    /** A newer one is shown already. */
    OLD,
    /** What it is laid over did not come: the view is to be opened anew. */
    BASELESS
  }

  private static final long NONE = -2;
  private static final long OPENED = -1;
  private static final String DATA = "data";

  private long sequence = NONE;
  private JsonElement newest;

  /** As JSON; empty while none has come. */
  public Optional<JsonElement> raw() {
    return Optional.ofNullable(newest);
  }

  /**
   * The frame in the answer that opened the view, or null. One that was pushed may have overtaken
   * it.
   */
  public void open(JsonElement frame) {
    if (sequence != NONE || frame == null || frame.isJsonNull()) return;
    sequence = OPENED;
    newest = frame;
  }

  public Outcome push(Messages.Pushed pushed) {
    if (sequence != NONE && pushed.sequence() <= sequence) return Outcome.OLD;
    boolean follows = sequence == OPENED || (sequence != NONE && pushed.sequence() == sequence + 1);
    if (!pushed.full() && !follows) return Outcome.BASELESS;
    sequence = pushed.sequence();
    newest = pushed.full() ? pushed.frame() : merge(newest, pushed.frame());
    return Outcome.NEWEST;
  }

  /**
   * A delta laid over the frame before it: fields that the delta has replace those of the frame,
   * and so do the fields of its data. Neither of the two is changed.
   */
  public static JsonElement merge(JsonElement before, JsonElement delta) {
    if (!(before instanceof JsonObject base && delta instanceof JsonObject change)) return delta;
    var merged = laidOver(base, change);
    if (base.get(DATA) instanceof JsonObject old && change.get(DATA) instanceof JsonObject young) {
      merged.add(DATA, laidOver(old, young));
    }
    return merged;
  }

  /** Shallow: values are shared, which nobody changes. */
  private static JsonObject laidOver(JsonObject base, JsonObject change) {
    var merged = new JsonObject();
    for (var part : new JsonObject[] {base, change}) {
      for (Map.Entry<String, JsonElement> field : part.entrySet()) {
        merged.add(field.getKey(), field.getValue());
      }
    }
    return merged;
  }
}
