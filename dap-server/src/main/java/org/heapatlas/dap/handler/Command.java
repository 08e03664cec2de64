package org.heapatlas.dap.handler;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Found;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.session.HeapSource;

/** The commands of the debug console. */
enum Command {
  HELP("help", "lists the commands", "") {
    @Override
    Result run(DapSession session, String argument) {
      return Result.of(
          List.of(values()).stream()
              .map(command -> "%-32s%s".formatted(command.usage, command.text))
              .collect(Collectors.joining("\n")));
    }
  },
  TOP("top [N]", "the N call sites with the most live bytes", "") {
    @Override
    Result run(DapSession session, String argument) {
      Debuggee debuggee = session.debuggee();
      int limit =
          argument.isEmpty() ? TOP_SITES : (int) Math.clamp(Address.parse(argument), 1, MOST_SITES);
      List<Site> sites =
          debuggee
              .source()
              .sites(
                  debuggee.mainProcess().id(),
                  new HeapSource.SiteQuery(Site.Order.LIVE_BYTES, limit, 0, ""))
              .sites();
      return Result.of(
          sites.isEmpty()
              ? "nothing is live"
              : sites.stream().map(Command::line).collect(Collectors.joining("\n")));
    }
  },
  FIND("find ADDRESS", "the allocation that holds an address", "") {
    @Override
    Result run(DapSession session, String argument) {
      Debuggee debuggee = session.debuggee();
      Found found = debuggee.source().find(debuggee.mainProcess().id(), Address.parse(argument));
      found.allocation().ifPresent(session.references()::remember);
      return found
          .allocation()
          .map(allocation -> new Result(line(allocation), allocation))
          .orElseGet(() -> Result.of(nowhere(argument, found)));
    }
  },
  MODE("mode full|sampled|off", "how much is recorded from now on", "full sampled off") {
    @Override
    Result run(DapSession session, String argument) {
      Mode mode = Mode.parse(argument);
      Debuggee debuggee = session.debuggee();
      debuggee.living().forEach(process -> debuggee.source().setMode(process.id(), mode));
      return Result.of("recording is now " + mode.text());
    }
  },
  DOCTOR("doctor", "what this machine can do", "") {
    @Override
    Result run(DapSession session, String argument) {
      return Result.of(
          session.debuggee().source().capabilities().stream()
              .map(Command::line)
              .collect(Collectors.joining("\n")));
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

  /** What a command says, and the allocation that it is about, if any. */
  record Result(String text, Allocation allocation) {
    static Result of(String text) {
      return new Result(text, null);
    }
  }

  abstract Result run(DapSession session, String argument);

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String text() {
    return text;
  }

  List<String> choices() {
    return choices.isEmpty() ? List.of() : List.of(choices.split(" ", -1));
  }

  static Result evaluate(DapSession session, String expression) {
    String[] words = expression.strip().split("\\s+", 2);
    for (Command command : values()) {
      if (command.word().equals(words[0])) {
        return command.run(session, words.length > 1 ? words[1].strip() : "");
      }
    }
    throw Problem.usedWrongly("there is no command '%s'; 'help' lists them".formatted(words[0]));
  }

  private static String line(Site site) {
    return "%10s in %,d  %s"
        .formatted(
            Bytes.text(site.liveBytes()),
            site.liveAllocations(),
            site.caller().map(frame -> frame.title() + "  " + frame.place()).orElse("(no stack)"));
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
