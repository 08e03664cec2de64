package org.heapatlas.dap.handler;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.References;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.dap.replay.Stop;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Found;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Nodes;

/** The commands of the debug console. */
enum Command {
  HELP("help", "lists the commands", "") {
    @Override
    Result run(Scene scene, String argument) {
      return Result.of(
          List.of(values()).stream()
              .map(command -> "%-40s%s".formatted(command.usage, command.text))
              .collect(Collectors.joining("\n")));
    }
  },
  TOP("top [N]", "the N call sites with the most live bytes", "10 100") {
    @Override
    Result run(Scene scene, String argument) {
      HeapSource.SiteQuery query =
          new HeapSource.SiteQuery(Site.Order.LIVE_BYTES, limit(argument), 0, "");
      List<Site> sites = scene.source().sites(scene.process().id(), query).sites();
      return Result.of(
          sites.isEmpty()
              ? "nothing is live"
              : sites.stream().map(Command::line).collect(Collectors.joining("\n")));
    }
  },
  FIND("find ADDRESS", "the allocation that holds an address", "") {
    @Override
    Result run(Scene scene, String argument) {
      if (argument.isEmpty()) {
        throw Problem.usedWrongly("'find' wants an address; write it as 0x…");
      }
      long address = Address.parse(argument);
      WatchedProcess first = scene.process();
      Found found = scene.source().find(first.id(), address);
      if (found.allocation().isPresent()) {
        return result(scene, first, found.allocation().get());
      }
      for (WatchedProcess other : scene.session().debuggee().living()) {
        Optional<Allocation> there = scene.source().find(other.id(), address).allocation();
        if (there.isPresent()) {
          return result(scene, other, there.get());
        }
      }
      return Result.of(nowhere(argument, found));
    }
  },
  MODE(
      "mode [full|full-no-stacks|sampled [MEAN]|off]",
      "how much is recorded; the mean of samples in bytes",
      "full full-no-stacks sampled off") {
    @Override
    Result run(Scene scene, String argument) {
      if (argument.isEmpty()) {
        Mode now = scene.source().summarize(scene.process().id(), 0, false).coverage().mode();
        return Result.of("recording is " + now.text());
      }
      String[] words = argument.split("\\s+", 2);
      Mode mode = Mode.parse(words[0]);
      long mean = words.length > 1 ? mean(mode, words[1]) : 0;
      scene
          .session()
          .debuggee()
          .living()
          .forEach(process -> scene.source().setMode(process.id(), mode, mean));
      return Result.of("recording is now " + mode.text());
    }
  },
  RECORD(
      "record [FOLDER|cut|stop]",
      "keeps every event in a folder; cut seals what there is",
      "cut stop") {
    @Override
    Result run(Scene scene, String argument) {
      return Result.of(Recordings.record(scene, argument));
    }
  },
  CAPTURE("capture ADDRESS [BYTES]", "keeps memory, or a whole block, in the recording", "") {
    @Override
    Result run(Scene scene, String argument) {
      return Result.of(Recordings.capture(scene, argument));
    }
  },
  POSITION("position", "where in its recording the program stands", "") {
    @Override
    Result run(Scene scene, String argument) {
      WatchedProcess process = scene.process();
      return Result.of(
          scene
              .session()
              .debuggee()
              .replay()
              .map(replay -> Stop.position(replay.cursor(process)))
              .orElseGet(() -> Stop.position(scene.source().timeline(process.id()))));
    }
  },
  SEEK("seek TIME|EVENT", "goes to a time of the recording, or before an event", "begin end") {
    @Override
    Result run(Scene scene, String argument) {
      Replay replay = scene.session().replayOrRefuse(word());
      Moment moment = Moment.parse(argument);
      WatchedProcess process = scene.process();
      return new Result("going to " + argument, null, replay.jump(process, process.pid(), moment));
    }
  },
  SQL(
      "sql SELECT … | sql TEMPLATE [name=value …]",
      "asks the session in SQL; 'show tables' is one",
      "") {
    @Override
    Result run(Scene scene, String argument) {
      return Result.of(Sql.answer(scene, argument));
    }

    @Override
    List<Choice> choices() {
      return Sql.choices();
    }
  },
  DOCTOR("doctor", "what the machine can do; of a recording, the one that it was made on", "") {
    @Override
    Result run(Scene scene, String argument) {
      List<Capability> all = scene.source().capabilities();
      boolean replayed = scene.session().debuggee().session().id().equals(Nodes.REPLAY);
      if (replayed && all.isEmpty()) {
        return Result.of("the recording does not say what its machine could do");
      }
      String head = replayed ? "of the machine on which this was recorded, not of this one:\n" : "";
      return Result.of(all.stream().map(Command::line).collect(Collectors.joining("\n", head, "")));
    }
  };

  private static final int TOP_SITES = 10;
  private static final int MOST_SITES = 1000;

  private final String usage;
  private final String text;
  private final String choices;

  Command(String usage, String text, String choices) {
    this.usage = usage;
    this.text = text;
    this.choices = choices;
  }

  /**
   * What a command says, the allocation that it is about, and what begins behind the answer; these
   * may be null.
   */
  record Result(String text, References.Located located, Runnable then) {
    static Result of(String text) {
      return new Result(text, null, null);
    }
  }

  /** Where a command is given: behind a frame, which may be null. */
  record Scene(DapSession session, Integer frame) {
    WatchedProcess process() {
      return session.debuggee().processOfFrame(frame);
    }

    HeapSource source() {
      return session.debuggee().source();
    }
  }

  abstract Result run(Scene scene, String argument);

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String text() {
    return text;
  }

  /** What can stand behind a command, and what it means. */
  record Choice(String word, String text) {}

  List<Choice> choices() {
    return choices.isEmpty()
        ? List.of()
        : Stream.of(choices.split(" ", -1)).map(word -> new Choice(word, "")).toList();
  }

  static Result evaluate(Scene scene, String expression) {
    String[] words = (expression == null ? "" : expression).strip().split("\\s+", 2);
    for (Command command : values()) {
      if (command.word().equals(words[0])) {
        return command.run(scene, words.length > 1 ? words[1].strip() : "");
      }
    }
    throw Problem.usedWrongly("there is no command '%s'; 'help' lists them".formatted(words[0]));
  }

  private static Result result(Scene scene, WatchedProcess process, Allocation allocation) {
    scene.session().references().remember(process.id(), allocation);
    // The view of an address's history follows.
    scene.session().debuggee().session().lookAt(process.id(), allocation.address());
    String where = process.id() == scene.process().id() ? "" : process.title() + ": ";
    return new Result(
        where + line(allocation), new References.Located(process.id(), allocation), null);
  }

  private static int limit(String argument) {
    if (argument.isEmpty()) {
      return TOP_SITES;
    }
    if (!argument.matches("\\d{1,9}")) {
      throw Problem.usedWrongly("'%s' is no number of call sites".formatted(argument));
    }
    return Math.clamp(Integer.parseInt(argument), 1, MOST_SITES);
  }

  private static long mean(Mode mode, String argument) {
    if (mode != Mode.SAMPLED || !argument.matches("[1-9]\\d{0,11}")) {
      throw Problem.usedWrongly(
          "'%s' is no mean of samples; write 'mode sampled BYTES'".formatted(argument));
    }
    return Long.parseLong(argument);
  }

  private static String line(Site site) {
    return "%10s in %,d  %s"
        .formatted(
            Bytes.text(site.liveBytes()),
            site.liveAllocations(),
            site.stack().described().orElse("(no stack)"));
  }

  private static String line(Allocation allocation) {
    return "%s, %,d bytes, allocated at %.3f s by thread %d"
        .formatted(
            Address.text(allocation.address()),
            allocation.size(),
            allocation.time() / 1e9,
            allocation.tid());
  }

  private static String line(Capability capability) {
    String instead =
        capability.usedInstead().isEmpty() ? "" : "; used instead: " + capability.usedInstead();
    return "%-24s%-12s%s%s"
        .formatted(capability.name(), capability.state(), capability.why(), instead);
  }

  private static String nowhere(String address, Found found) {
    String region =
        found.region().map(r -> " in " + (r.name().isEmpty() ? r.kind() : r.name())).orElse("");
    String before = found.before().map(a -> "; before it " + line(a)).orElse("");
    String after = found.after().map(a -> "; after it " + line(a)).orElse("");
    return "no live allocation holds " + address + region + before + after;
  }
}
