package org.heapatlas.eclipse.tests;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.Launch;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetVariableArguments;
import org.eclipse.lsp4j.debug.SetVariableResponse;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.Thread;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesResponse;
import org.eclipse.lsp4j.debug.WriteMemoryArguments;
import org.eclipse.lsp4j.debug.WriteMemoryResponse;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.debug.DebugLauncher;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapTransport;
import org.heapatlas.eclipse.dap.StartRequest;

/**
 * An adapter of a program with two threads that stand. It refuses to run it, and to change anything
 * in it. It may have a channel for views.
 */
public final class StubAdapter implements IDebugProtocolServer, AutoCloseable {
  static final String REFUSAL = "Not while the stub has its hand on it.";
  private static final int LOCALS = 7;

  private final URI channel;
  private final AtomicInteger openings = new AtomicInteger();
  private final List<SourceBreakpoint> asked = new CopyOnWriteArrayList<>();
  private IDebugProtocolClient client;
  private DapTarget target;

  private StubAdapter(URI channel) {
    this.channel = channel;
  }

  /** A session of a type with it. */
  static StubAdapter start(String type) throws IOException {
    return start(type, null);
  }

  /**
   * @param channel where the views' channel listens; null where there is none
   */
  public static StubAdapter start(String type, URI channel) throws IOException {
    StubAdapter adapter = new StubAdapter(channel);
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    Launcher<IDebugProtocolClient> launcher =
        DebugLauncher.createLauncher(
            adapter,
            IDebugProtocolClient.class,
            Channels.newInputStream(there.source()),
            Channels.newOutputStream(back.sink()));
    adapter.client = launcher.getRemoteProxy();
    launcher.startListening();
    Workbench.staysInPlace();
    ILaunch launch = new Launch(null, ILaunchManager.DEBUG_MODE, null);
    DebugPlugin.getDefault().getLaunchManager().addLaunch(launch);
    adapter.target =
        DapTarget.start(
            launch,
            "stub",
            new StartRequest(type, StartRequest.Kind.LAUNCH, Map.of()),
            new DapTransport(
                Channels.newInputStream(back.source()),
                Channels.newOutputStream(there.sink()),
                () -> close(back)));
    return adapter;
  }

  /** Its own reader ends with the session's side of the streams. */
  private static void close(Pipe back) {
    try {
      back.sink().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public DapTarget target() {
    return target;
  }

  /** How often it was asked to open a view, each time to learn of the channel. */
  public int openings() {
    return openings.get();
  }

  /** The lines at which it was asked to stop last. */
  List<SourceBreakpoint> asked() {
    return List.copyOf(asked);
  }

  private static <T> CompletableFuture<T> refused() {
    return CompletableFuture.failedFuture(
        new ResponseErrorException(
            new ResponseError(ResponseErrorCode.RequestFailed, REFUSAL, null)));
  }

  @Override
  public CompletableFuture<Capabilities> initialize(InitializeRequestArguments arguments) {
    Capabilities capabilities = new Capabilities();
    capabilities.setSupportsConfigurationDoneRequest(true);
    capabilities.setSupportsSetVariable(true);
    capabilities.setSupportsReadMemoryRequest(true);
    capabilities.setSupportsWriteMemoryRequest(true);
    return CompletableFuture.completedFuture(capabilities);
  }

  @Override
  public CompletableFuture<Void> launch(Map<String, Object> arguments) {
    client.initialized();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> configurationDone(ConfigurationDoneArguments arguments) {
    StoppedEventArguments stop = new StoppedEventArguments();
    stop.setReason("pause");
    stop.setThreadId(1);
    stop.setAllThreadsStopped(true);
    client.stopped(stop);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<SetBreakpointsResponse> setBreakpoints(
      SetBreakpointsArguments arguments) {
    asked.clear();
    asked.addAll(List.of(arguments.getBreakpoints()));
    SetBreakpointsResponse response = new SetBreakpointsResponse();
    response.setBreakpoints(asked.stream().map(at -> new Breakpoint()).toArray(Breakpoint[]::new));
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public CompletableFuture<ThreadsResponse> threads() {
    ThreadsResponse response = new ThreadsResponse();
    response.setThreads(new Thread[] {thread(1, "main"), thread(2, "worker")});
    return CompletableFuture.completedFuture(response);
  }

  private static Thread thread(int id, String name) {
    Thread thread = new Thread();
    thread.setId(id);
    thread.setName(name);
    return thread;
  }

  @Override
  public CompletableFuture<StackTraceResponse> stackTrace(StackTraceArguments arguments) {
    StackFrame frame = new StackFrame();
    frame.setId(arguments.getThreadId());
    frame.setName("held");
    StackTraceResponse response = new StackTraceResponse();
    response.setStackFrames(new StackFrame[] {frame});
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public CompletableFuture<ScopesResponse> scopes(ScopesArguments arguments) {
    Scope locals = new Scope();
    locals.setName("Locals");
    locals.setVariablesReference(LOCALS);
    ScopesResponse response = new ScopesResponse();
    response.setScopes(new Scope[] {locals});
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public CompletableFuture<VariablesResponse> variables(VariablesArguments arguments) {
    Variable count = new Variable();
    count.setName("count");
    count.setValue("41");
    VariablesResponse response = new VariablesResponse();
    response.setVariables(new Variable[] {count});
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public CompletableFuture<ContinueResponse> continue_(ContinueArguments arguments) {
    return refused();
  }

  @Override
  public CompletableFuture<SetVariableResponse> setVariable(SetVariableArguments arguments) {
    return refused();
  }

  @Override
  public CompletableFuture<WriteMemoryResponse> writeMemory(WriteMemoryArguments arguments) {
    return refused();
  }

  @Override
  public CompletableFuture<Void> disconnect(DisconnectArguments arguments) {
    return CompletableFuture.completedFuture(null);
  }

  @JsonRequest("heapatlas/views")
  public CompletableFuture<JsonElement> views(JsonObject arguments) {
    return CompletableFuture.completedFuture(JsonParser.parseString(StubViews.VIEWS));
  }

  @JsonRequest("heapatlas/open")
  public CompletableFuture<JsonElement> open(JsonObject arguments) {
    openings.incrementAndGet();
    return CompletableFuture.completedFuture(
        JsonParser.parseString(
            "{handle: 'first', channel: {url: '%s', token: 'the-token'}}".formatted(channel)));
  }

  @JsonRequest("heapatlas/close")
  public CompletableFuture<JsonElement> close(JsonObject arguments) {
    return CompletableFuture.completedFuture(new JsonObject());
  }

  @Override
  public void close() throws Exception {
    target.terminate();
    Until.holds("the stub's session has ended", target::isTerminated);
    DebugPlugin.getDefault().getLaunchManager().removeLaunch(target.getLaunch());
  }
}
