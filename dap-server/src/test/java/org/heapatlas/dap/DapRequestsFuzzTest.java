package org.heapatlas.dap;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Requests of the protocol with arguments of any kind. */
class DapRequestsFuzzTest {
  private static final String[] COMMANDS = {
    "initialize",
    "attach",
    "launch",
    "threads",
    "pause",
    "continue",
    "stackTrace",
    "scopes",
    "variables",
    "readMemory",
    "writeMemory",
    "modules",
    "loadedSources",
    "evaluate",
    "completions",
    "cancel",
    "setBreakpoints",
    "setDataBreakpoints",
    "setFunctionBreakpoints",
    "setExceptionBreakpoints",
    "dataBreakpointInfo",
    "configurationDone",
    "reverseContinue",
    "stepBack",
    "stepIn",
    "stepOut",
    "goto",
    "gotoTargets",
    "heapatlas/views",
    "heapatlas/open",
    "heapatlas/act",
    "heapatlas/close",
    "heapatlas/watchpoints",
    "next",
    "terminate"
  };
  private static final String[] NAMES = {
    "pid",
    "nodes",
    "tls",
    "program",
    "args",
    "cwd",
    "env",
    "mode",
    "console",
    "threadId",
    "startFrame",
    "levels",
    "frameId",
    "variablesReference",
    "memoryReference",
    "offset",
    "count",
    "expression",
    "recording",
    "at",
    "name",
    "source",
    "line",
    "targetId",
    "text",
    "column",
    "breakpoints",
    "filters",
    "view",
    "handle",
    "action",
    "target",
    "arguments",
    "viewport",
    "parameters"
  };
  private static final String[] VALUES = {
    "4711",
    "-1",
    "0",
    "2147483647",
    "9e99",
    "true",
    "null",
    "[]",
    "{}",
    "[\"a\",1]",
    "\"\"",
    "\"0x7f0000001000\"",
    "\"0x1@7\"",
    "\"@\"",
    "\"\\u0000\"",
    "\"find 0x1\"",
    "\"top -1\"",
    "\"mode\"",
    "\"memory.map\"",
    "\"memory.sites\"",
    "\"view-1\"",
    "\"drill\"",
    "\"sort\"",
    "{\"line\":1}",
    "[{}]",
    "{\"path\":\"/src/file.c\"}",
    "[{\"line\":1,\"condition\":\"size > 1\",\"logMessage\":\"{size}\"}]",
    "[{\"name\":\"function0\",\"hitCondition\":\"2\"}]",
    "[{\"dataId\":\"0x7f0000000000-0x7f0000000001@7\"}]",
    "\"seek 1ms\""
  };

  @FuzzTest
  void anyArgumentsAreAnsweredOrRefused(FuzzedDataProvider data) throws IOException {
    StringBuilder all =
        new StringBuilder(Conversation.message(1, "initialize", "{\"adapterID\":\"x\"}"));
    all.append(
        data.consumeBoolean()
            ? Conversation.message(2, "attach", "{\"pid\":4711}")
            : Conversation.message(2, "launch", "{\"recording\":\"/recording\"}")
                + Conversation.message(3, "configurationDone", "{}"));
    for (int seq = 4; seq < 12 && data.remainingBytes() > 0; seq++) {
      StringBuilder arguments = new StringBuilder("{");
      for (int i = data.consumeInt(0, 4); i > 0; i--) {
        arguments
            .append(arguments.length() == 1 ? "\"" : ",\"")
            .append(data.pickValue(NAMES))
            .append("\":")
            .append(data.consumeInt(0, 9) == 0 ? text(data) : data.pickValue(VALUES));
      }
      all.append(
          Conversation.message(seq, data.pickValue(COMMANDS), arguments.append('}').toString()));
    }
    Conversation.hold(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(FuzzedDataProvider data) {
    return new JsonPrimitive(data.consumeString(20)).toString();
  }
}
