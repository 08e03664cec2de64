package org.heapatlas.collector;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;

/**
 * One node's part of a recording: the collector there records, and a thread of its own fetches what
 * is new again and again, so that little is missing whoever dies. A node that does not answer is
 * asked again; the trouble with it is told when it begins, changes and ends. Main entries: begin,
 * status, finish.
 */
final class NodeMirror {
  private static final long PAUSE_MILLIS = 300;
  private static final long PAUSE_IN_TROUBLE_MILLIS = 1000;

  private final RemoteCalls calls;
  private final String name;
  private final MirrorFolder copy;
  private final Consumer<String> onTrouble;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("copy of a node").unstarted(this::run);
  private volatile RecordingStatus latest;
  private volatile String trouble = "";

  private NodeMirror(
      RemoteCalls calls,
      String name,
      MirrorFolder copy,
      RecordingStatus begun,
      Consumer<String> onTrouble) {
    this.calls = calls;
    this.name = name;
    this.copy = copy;
    this.latest = begun;
    this.onTrouble = onTrouble;
  }

  /** {@code name} is new on the node. What is there is copied when this returns. */
  static NodeMirror begin(
      RemoteCalls calls,
      String name,
      MirrorFolder copy,
      RecordingStatus begun,
      Consumer<String> onTrouble) {
    NodeMirror mirror = new NodeMirror(calls, name, copy, begun, onTrouble);
    mirror.pass();
    mirror.thread.start();
    return mirror;
  }

  /** As the last visit found it; the bytes are those that are here. */
  RecordingStatus status() {
    RecordingStatus now = latest;
    // A visit that is still copying has not told yet why the node has ended.
    String why = trouble.isEmpty() ? why(now).orElse("") : trouble;
    return new RecordingStatus(
        copy.folder().toString(),
        now.recording() && trouble.isEmpty(),
        why,
        now.events(),
        copy.bytes(),
        now.processes(),
        now.missing());
  }

  /** Ends the recording on the node, copies what is lacking, and has the node give up its copy. */
  void finish() {
    end();
    try {
      latest = calls.of(name);
      Optional<String> early = why(latest);
      latest = calls.stop(name);
      if (!calls.fetch(name, copy).isOnDisk()) {
        throw Problem.failed("the copy '%s' is not what the node has".formatted(copy.folder()));
      }
      calls.remove(name);
      tell(early.orElse(""));
    } catch (Problem problem) {
      tell("%s; the rest lies there in '%s'".formatted(problem.getMessage(), latest.folder()));
    } catch (IOException e) {
      tell("the copy '%s' cannot be read: %s".formatted(copy.folder(), e.getMessage()));
    }
  }

  /** Leaves the recording as it is, on both sides. */
  void end() {
    over.countDown();
    thread.interrupt(); // a node that does not answer is not waited for
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!over.await(
          trouble.isEmpty() ? PAUSE_MILLIS : PAUSE_IN_TROUBLE_MILLIS, TimeUnit.MILLISECONDS)) {
        pass();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass() {
    try {
      latest = calls.of(name); // first, for it is not waited for as long as a copy is
      calls.fetch(name, copy);
      tell(why(latest).orElse(""));
    } catch (Problem problem) {
      if (over.getCount() == 0) {
        return; // it was broken off
      }
      boolean another = problem.kind() == Problem.Kind.NOT_FOUND;
      tell(
          another
              ? "the collector that recorded has ended, and the one that is there now does not"
              : problem.getMessage());
    }
  }

  private static Optional<String> why(RecordingStatus status) {
    return status.recording() ? Optional.empty() : Optional.of(status.why());
  }

  private void tell(String sentence) {
    if (!sentence.equals(trouble)) {
      trouble = sentence;
      onTrouble.accept(sentence);
    }
  }
}
