package org.heapatlas.eclipse.launch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.variables.VariablesPlugin;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.heapatlas.eclipse.dap.StartRequest;

/** What the server is asked for, of what a launch configuration says. Main entry: {@link #of}. */
public final class LaunchRequest {
  private static final String WATCH_REQUEST = "heapatlas/watchpoints";
  private static final String ADAPTER = "heapatlas";

  private final ILaunchConfiguration configuration;
  private final Map<String, Object> arguments = new HashMap<>();

  private LaunchRequest(ILaunchConfiguration configuration) {
    this.configuration = configuration;
  }

  /** Throws, with a sentence for the user, where something is missing or a variable is unknown. */
  public static StartRequest of(ILaunchConfiguration configuration) throws CoreException {
    return new LaunchRequest(configuration).request();
  }

  private StartRequest request() throws CoreException {
    LaunchKind kind = LaunchKind.of(configuration);
    switch (kind) {
      case PROGRAM -> program();
      case ATTACH -> attach();
      case RECORDING -> recording();
    }
    if (kind != LaunchKind.RECORDING) {
      monitoring();
    }
    return new StartRequest(
        ADAPTER,
        kind == LaunchKind.ATTACH ? StartRequest.Kind.ATTACH : StartRequest.Kind.LAUNCH,
        arguments,
        WATCH_REQUEST);
  }

  private void program() throws CoreException {
    require("program", LaunchAttributes.PROGRAM, "Name the program to start.");
    String[] words = DebugPlugin.parseArguments(text(LaunchAttributes.ARGUMENTS));
    arguments.put("args", List.of(words));
    put("cwd", LaunchAttributes.FOLDER);
    boolean terminal = configuration.getAttribute(LaunchAttributes.TERMINAL, false);
    arguments.put("console", terminal ? "integratedTerminal" : "internalConsole");
    flag("stopOnEntry", LaunchAttributes.STOP_ON_ENTRY);
    arguments.put("env", environment());
  }

  private Map<String, String> environment() throws CoreException {
    Map<String, String> changed = new HashMap<>();
    for (Map.Entry<String, String> variable :
        configuration
            .getAttribute(ILaunchManager.ATTR_ENVIRONMENT_VARIABLES, Map.<String, String>of())
            .entrySet()) {
      changed.put(variable.getKey(), substituted(variable.getValue()));
    }
    if (!configuration.getAttribute(ILaunchManager.ATTR_APPEND_ENVIRONMENT_VARIABLES, true)) {
      throw new CoreException(
          Status.error(
              "HeapAtlas adds variables to the environment and cannot replace it; choose 'Append environment'."));
    }
    return changed;
  }

  private void attach() throws CoreException {
    List<String> nodes = configuration.getAttribute(LaunchAttributes.NODES, List.of());
    if (nodes.isEmpty()) {
      require("pid", LaunchAttributes.PID, "Choose a process, or name the nodes to watch.");
    } else {
      arguments.put("nodes", nodes);
      put("tls", LaunchAttributes.TLS);
    }
  }

  private void recording() throws CoreException {
    require("recording", LaunchAttributes.RECORDING, "Name the recording's folder.");
    put("at", LaunchAttributes.AT);
    flag("stopOnEntry", LaunchAttributes.STOP_ON_ENTRY);
  }

  private void monitoring() throws CoreException {
    put("mode", LaunchAttributes.MODE);
    put("record", LaunchAttributes.RECORD);
    if (arguments.containsKey("record")) {
      put("recordLast", LaunchAttributes.RECORD_LAST);
      put("recordMax", LaunchAttributes.RECORD_MAX);
      flag("recordOnFinding", LaunchAttributes.RECORD_ON_FINDING);
    }
  }

  private void require(String argument, String attribute, String otherwise) throws CoreException {
    put(argument, attribute);
    if (!arguments.containsKey(argument)) {
      throw new CoreException(Status.error(otherwise));
    }
  }

  private void put(String argument, String attribute) throws CoreException {
    String text = text(attribute);
    if (!text.isEmpty()) {
      arguments.put(argument, text);
    }
  }

  private void flag(String argument, String attribute) throws CoreException {
    if (configuration.getAttribute(attribute, false)) {
      arguments.put(argument, true);
    }
  }

  private String text(String attribute) throws CoreException {
    return substituted(configuration.getAttribute(attribute, "")).strip();
  }

  private static String substituted(String text) throws CoreException {
    return VariablesPlugin.getDefault().getStringVariableManager().performStringSubstitution(text);
  }

  /** The words of a list that was typed, divided by commas or blanks. */
  public static List<String> words(String typed) {
    return Arrays.stream(typed.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }
}
