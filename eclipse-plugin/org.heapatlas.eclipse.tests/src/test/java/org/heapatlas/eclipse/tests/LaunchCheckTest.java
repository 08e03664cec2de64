package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.heapatlas.eclipse.dap.StartRequest;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchCheck;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.launch.LaunchRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a launch configuration may say, and what the server is asked for then. */
class LaunchCheckTest {
  @TempDir private Path folder;

  private static ILaunchConfigurationWorkingCopy configuration(Map<String, Object> attributes)
      throws CoreException {
    ILaunchConfigurationWorkingCopy configuration =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE)
            .newInstance(null, "check");
    attributes.forEach(configuration::setAttribute);
    return configuration;
  }

  @Test
  void aProgramIsNamedAndCanBeStarted() throws Exception {
    assertEquals(
        Optional.of("Name the program to start."), LaunchCheck.program(configuration(Map.of())));
    assertEquals(
        Optional.of("'%s' is no program that can be started.".formatted(folder.resolve("none"))),
        LaunchCheck.program(
            configuration(Map.of(LaunchAttributes.PROGRAM, folder.resolve("none").toString()))));
    assertEquals(
        Optional.of("The working directory '/no/such' does not exist."),
        LaunchCheck.program(
            configuration(
                Map.of(LaunchAttributes.PROGRAM, "sqlite3", LaunchAttributes.FOLDER, "/no/such"))));
    assertEquals(
        Optional.empty(),
        LaunchCheck.program(
            configuration(
                Map.of(
                    LaunchAttributes.PROGRAM,
                    "${workspace_loc}/server",
                    LaunchAttributes.FOLDER,
                    folder.toString()))));
  }

  @Test
  void eitherAProcessOrNodesAreAttachedTo() throws Exception {
    assertEquals(
        Optional.of("Choose a process, or name the nodes to watch."),
        LaunchCheck.attach(configuration(Map.of())));
    assertEquals(
        Optional.empty(), LaunchCheck.attach(configuration(Map.of(LaunchAttributes.PID, "42"))));
    assertEquals(
        Optional.of("Choose either a process or nodes."),
        LaunchCheck.attach(
            configuration(
                Map.of(LaunchAttributes.PID, "42", LaunchAttributes.NODES, List.of("a:1")))));
    assertEquals(
        Optional.of("'a' is no node; write host:port."),
        LaunchCheck.attach(configuration(Map.of(LaunchAttributes.NODES, List.of("a")))));
    assertEquals(
        Optional.of("Name the folder with ca.crt, client.crt and client.key."),
        LaunchCheck.attach(
            configuration(Map.of(LaunchAttributes.NODES, List.of("a:1", "[::1]:2")))));
  }

  @Test
  void aRecordingIsThereAndItsMomentReadable() throws Exception {
    assertEquals(
        Optional.of("Name the recording's folder."),
        LaunchCheck.recording(configuration(Map.of())));
    Map<String, Object> here =
        Map.of(LaunchAttributes.RECORDING, folder.toString(), LaunchAttributes.AT, "noon");
    assertEquals(
        Optional.of("'noon' is no time; write 12.5s, or an event's number."),
        LaunchCheck.recording(configuration(here)));
  }

  @Test
  void aRecordingIsKeptInANewFolder() throws Exception {
    assertEquals(
        Optional.of("'%s' exists; a recording wants a new folder.".formatted(folder)),
        LaunchCheck.monitoring(configuration(Map.of(LaunchAttributes.RECORD, folder.toString()))));
    assertEquals(
        Optional.of("'soon' is no time span; write 30s, 5m or 1h."),
        LaunchCheck.monitoring(
            configuration(
                Map.of(
                    LaunchAttributes.RECORD,
                    folder.resolve("new").toString(),
                    LaunchAttributes.RECORD_LAST,
                    "soon"))));
  }

  @Test
  void theServerIsAskedForWhatTheConfigurationSays() throws Exception {
    StartRequest asked =
        LaunchRequest.of(
            configuration(
                Map.of(
                    LaunchAttributes.PROGRAM, "server",
                    LaunchAttributes.ARGUMENTS, "--port 0 'two words'",
                    LaunchAttributes.MODE, "sampled",
                    LaunchAttributes.RECORD_MAX, "2G",
                    ILaunchManager.ATTR_ENVIRONMENT_VARIABLES, Map.of("A", "b"))));
    assertEquals(StartRequest.Kind.LAUNCH, asked.kind());
    assertEquals(
        Map.of(
            "program", "server",
            "args", List.of("--port", "0", "two words"),
            "console", "internalConsole",
            "env", Map.of("A", "b"),
            "mode", "sampled"),
        asked.arguments());
  }

  @Test
  void attachingAsksForTheProcessAlone() throws Exception {
    StartRequest asked =
        LaunchRequest.of(
            configuration(
                Map.of(
                    LaunchAttributes.KIND, LaunchKind.ATTACH.name(), LaunchAttributes.PID, "42")));
    assertEquals(StartRequest.Kind.ATTACH, asked.kind());
    assertEquals(Map.of("pid", "42"), asked.arguments());
    CoreException refusal =
        assertThrows(
            CoreException.class,
            () ->
                LaunchRequest.of(
                    configuration(Map.of(LaunchAttributes.KIND, LaunchKind.RECORDING.name()))));
    assertEquals("Name the recording's folder.", refusal.getMessage());
  }
}
