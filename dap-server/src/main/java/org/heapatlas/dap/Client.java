package org.heapatlas.dap;

import com.google.gson.JsonParser;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.BreakpointEventArguments;
import org.eclipse.lsp4j.debug.BreakpointEventArgumentsReason;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.CapabilitiesEventArguments;
import org.eclipse.lsp4j.debug.ContinuedEventArguments;
import org.eclipse.lsp4j.debug.ExitedEventArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.ProcessEventArguments;
import org.eclipse.lsp4j.debug.ProcessEventArgumentsStartMethod;
import org.eclipse.lsp4j.debug.ProgressEndEventArguments;
import org.eclipse.lsp4j.debug.ProgressStartEventArguments;
import org.eclipse.lsp4j.debug.RunInTerminalRequestArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArguments;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.JsonRpcException;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.view.FrameEvent;
import org.heapatlas.view.ViewRequests;

/**
 * The client, as far as we speak first: events, and the requests that it answers. Any thread may
 * call.
 */
public final class Client {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final long PATIENCE_SECONDS = 60;

  private final Endpoint remote;

  Client(Endpoint remote) {
    this.remote = remote;
  }

  public void initialized() {
    send("initialized", null);
  }

  public void output(String category, String text) {
    OutputEventArguments event = new OutputEventArguments();
    event.setCategory(category);
    event.setOutput(text);
    send("output", event);
  }

  /** A sentence of ours for the user, without its end. */
  public void important(String sentence) {
    output("important", "heapatlas: " + sentence + ".\n");
  }

  public void process(WatchedProcess process, ProcessEventArgumentsStartMethod how) {
    ProcessEventArguments event = new ProcessEventArguments();
    event.setName(process.name());
    event.setSystemProcessId(process.pid());
    event.setIsLocalProcess(process.node().isEmpty() && !process.isReplayed());
    event.setStartMethod(how);
    event.setPointerSize(64);
    send("process", event);
  }

  /**
   * One thread has stopped, or all of them; {@code quiet} where the user's eye should stay where it
   * is.
   */
  public void stopped(String reason, int thread, boolean all, boolean quiet) {
    StoppedEventArguments event = new StoppedEventArguments();
    event.setReason(reason);
    event.setThreadId(thread);
    event.setAllThreadsStopped(all);
    event.setPreserveFocusHint(quiet);
    send("stopped", event);
  }

  public void stopped(StoppedEventArguments event) {
    send("stopped", event);
  }

  /** What a breakpoint has become that was answered already. */
  public void breakpoint(Breakpoint breakpoint) {
    BreakpointEventArguments event = new BreakpointEventArguments();
    event.setReason(BreakpointEventArgumentsReason.CHANGED);
    event.setBreakpoint(breakpoint);
    send("breakpoint", event);
  }

  /** What of our abilities has changed. */
  public void capabilities(Capabilities changed) {
    CapabilitiesEventArguments event = new CapabilitiesEventArguments();
    event.setCapabilities(changed);
    send("capabilities", event);
  }

  public void continued(int thread, boolean all) {
    ContinuedEventArguments event = new ContinuedEventArguments();
    event.setThreadId(thread);
    event.setAllThreadsContinued(all);
    send("continued", event);
  }

  /** {@code reason}: started or exited. */
  public void thread(String reason, int thread) {
    ThreadEventArguments event = new ThreadEventArguments();
    event.setReason(reason);
    event.setThreadId(thread);
    send("thread", event);
  }

  public void exited(int status) {
    ExitedEventArguments event = new ExitedEventArguments();
    event.setExitCode(status);
    send("exited", event);
  }

  public void terminated() {
    send("terminated", new TerminatedEventArguments());
  }

  public void progressStart(String id, String title, String request) {
    ProgressStartEventArguments event = new ProgressStartEventArguments();
    event.setProgressId(id);
    event.setTitle(title);
    event.setCancellable(true);
    if (request.matches("\\d{1,9}")) {
      event.setRequestId(Integer.parseInt(request));
    }
    send("progressStart", event);
  }

  public void progressEnd(String id) {
    ProgressEndEventArguments event = new ProgressEndEventArguments();
    event.setProgressId(id);
    send("progressEnd", event);
  }

  public void frame(FrameEvent event) {
    send(ViewRequests.FRAME_EVENT, JsonParser.parseString(event.json()));
  }

  public void runInTerminal(RunInTerminalRequestArguments arguments) {
    CompletableFuture<?> answer = remote.request("runInTerminal", arguments);
    try {
      answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Problem(
          Problem.Kind.FAILED, "the client did not start its terminal: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "the start was cancelled", e);
    }
  }

  private void send(String event, Object arguments) {
    try {
      remote.notify(event, arguments);
    } catch (JsonRpcException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client is gone", e);
    }
  }
}
