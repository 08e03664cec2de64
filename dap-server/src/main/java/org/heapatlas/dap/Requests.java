package org.heapatlas.dap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.services.ServiceEndpoints;
import org.heapatlas.dap.handler.Attach;
import org.heapatlas.dap.handler.Breakpoints;
import org.heapatlas.dap.handler.Cancel;
import org.heapatlas.dap.handler.Completions;
import org.heapatlas.dap.handler.ConfigurationDone;
import org.heapatlas.dap.handler.Continue;
import org.heapatlas.dap.handler.DataBreakpoints;
import org.heapatlas.dap.handler.Disconnect;
import org.heapatlas.dap.handler.Evaluate;
import org.heapatlas.dap.handler.ExceptionBreakpoints;
import org.heapatlas.dap.handler.ExportQuery;
import org.heapatlas.dap.handler.Goto;
import org.heapatlas.dap.handler.Initialize;
import org.heapatlas.dap.handler.Launch;
import org.heapatlas.dap.handler.LoadedSources;
import org.heapatlas.dap.handler.Modules;
import org.heapatlas.dap.handler.Pause;
import org.heapatlas.dap.handler.ReadMemory;
import org.heapatlas.dap.handler.Scopes;
import org.heapatlas.dap.handler.SourceFiles;
import org.heapatlas.dap.handler.StackTrace;
import org.heapatlas.dap.handler.Steps;
import org.heapatlas.dap.handler.Terminate;
import org.heapatlas.dap.handler.Threads;
import org.heapatlas.dap.handler.Variables;
import org.heapatlas.dap.handler.Watchpoints;
import org.heapatlas.dap.handler.WriteMemory;
import org.heapatlas.model.Problem;
import org.heapatlas.view.Json;
import org.heapatlas.view.ViewRequests;

/** The table of requests: the one place that says which class answers which. */
final class Requests {
  private static final Map<String, Handler<?>> HANDLERS = new LinkedHashMap<>();

  static {
    HANDLERS.put("initialize", new Initialize());
    HANDLERS.put("launch", new Launch());
    HANDLERS.put("attach", new Attach());
    HANDLERS.put("configurationDone", new ConfigurationDone());
    HANDLERS.put("setBreakpoints", Breakpoints.SOURCE);
    HANDLERS.put("setFunctionBreakpoints", Breakpoints.FUNCTION);
    HANDLERS.put("setInstructionBreakpoints", Breakpoints.INSTRUCTION);
    HANDLERS.put("setDataBreakpoints", DataBreakpoints.SET);
    HANDLERS.put("dataBreakpointInfo", DataBreakpoints.INFO);
    HANDLERS.put(Watchpoints.REQUEST, new Watchpoints());
    HANDLERS.put("setExceptionBreakpoints", ExceptionBreakpoints.SET);
    HANDLERS.put("exceptionInfo", ExceptionBreakpoints.INFO);
    HANDLERS.put("breakpointLocations", Breakpoints.LOCATIONS);
    HANDLERS.put("threads", new Threads());
    HANDLERS.put("pause", new Pause());
    HANDLERS.put("continue", new Continue());
    HANDLERS.put("reverseContinue", Steps.REVERSE);
    HANDLERS.put("next", Steps.NEXT);
    HANDLERS.put("stepIn", Steps.IN);
    HANDLERS.put("stepOut", Steps.OUT);
    HANDLERS.put("stepBack", Steps.BACK);
    HANDLERS.put("gotoTargets", Goto.TARGETS);
    HANDLERS.put("goto", Goto.GO);
    HANDLERS.put("stackTrace", new StackTrace());
    HANDLERS.put("scopes", new Scopes());
    HANDLERS.put("variables", new Variables());
    HANDLERS.put("readMemory", new ReadMemory());
    HANDLERS.put("writeMemory", new WriteMemory());
    HANDLERS.put("modules", new Modules());
    HANDLERS.put("loadedSources", new LoadedSources());
    HANDLERS.put("source", new SourceFiles());
    HANDLERS.put("evaluate", new Evaluate());
    HANDLERS.put(ExportQuery.REQUEST, new ExportQuery());
    HANDLERS.put("completions", new Completions());
    HANDLERS.put("cancel", new Cancel());
    HANDLERS.put("terminate", new Terminate());
    HANDLERS.put("disconnect", new Disconnect());
    for (String request : ViewRequests.ALL) {
      HANDLERS.put(request, view(request));
    }
  }

  private static final Set<String> IMMEDIATE = Set.of("initialize", "disconnect");
  private static final Set<String> STARTING = Set.of("launch", "attach");
  private static final Set<String> WITHOUT_ARGUMENTS =
      Set.of(
          "initialize",
          "launch",
          "attach",
          "configurationDone",
          "threads",
          "loadedSources",
          "cancel",
          "terminate",
          "disconnect");
  private static final Map<String, String> TITLES =
      Map.of(
          "launch",
          "Starting the program",
          "attach",
          "Attaching",
          "stackTrace",
          "Reading the call stack",
          "readMemory",
          "Reading memory",
          "modules",
          "Reading the modules",
          "evaluate",
          "Running the command",
          ExportQuery.REQUEST,
          "Writing the rows of the query",
          "setBreakpoints",
          "Looking for the lines in the recording");

  private Requests() {}

  private static Handler<JsonElement> view(String request) {
    return (session, arguments) -> {
      String text = arguments == null ? "{}" : arguments.toString();
      return JsonParser.parseString(session.views().answer(request, Json.read(text)));
    };
  }

  /** What the message's type tells about its arguments: LSP4J's own table, and ours. */
  static Map<String, JsonRpcMethod> methods() {
    Map<String, JsonRpcMethod> methods =
        new LinkedHashMap<>(ServiceEndpoints.getSupportedMethods(IDebugProtocolServer.class));
    methods.putAll(ServiceEndpoints.getSupportedMethods(IDebugProtocolClient.class));
    for (String request : ViewRequests.ALL) {
      methods.put(request, ours(request));
    }
    methods.put(Watchpoints.REQUEST, ours(Watchpoints.REQUEST));
    methods.put(ExportQuery.REQUEST, ours(ExportQuery.REQUEST));
    return methods;
  }

  private static JsonRpcMethod ours(String request) {
    return JsonRpcMethod.request(request, JsonElement.class, JsonObject.class);
  }

  /**
   * The table is the only place where handlers are put, each under the request whose arguments it
   * takes.
   */
  @SuppressWarnings("unchecked")
  static Handler<Object> handler(String request) {
    return (Handler<Object>) HANDLERS.get(request);
  }

  /** What is said to the user while a request takes its time. */
  static String title(String request) {
    return TITLES.getOrDefault(request, "Waiting for the collector");
  }

  static Problem unsupported(String request) {
    return Problem.usedWrongly("the request '%s' is not supported".formatted(request));
  }

  static boolean needsArguments(String request) {
    return !WITHOUT_ARGUMENTS.contains(request) && !ViewRequests.ALL.contains(request);
  }

  static boolean isImmediate(String request) {
    return IMMEDIATE.contains(request);
  }

  static boolean startsDebuggee(String request) {
    return STARTING.contains(request);
  }
}
