package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** Says what this adapter can do. Answered at once: nothing here may connect, load or wait. */
public final class Initialize implements Handler<InitializeRequestArguments> {
  @Override
  public Object handle(DapSession session, InitializeRequestArguments arguments) {
    session.introduce(arguments == null ? new InitializeRequestArguments() : arguments);
    Capabilities can = new Capabilities();
    can.setSupportsConfigurationDoneRequest(true);
    can.setSupportsEvaluateForHovers(false);
    can.setSupportsCompletionsRequest(true);
    can.setCompletionTriggerCharacters(new String[] {" "});
    can.setSupportsModulesRequest(true);
    can.setSupportsLoadedSourcesRequest(true);
    can.setSupportsReadMemoryRequest(true);
    can.setSupportsWriteMemoryRequest(true);
    can.setSupportsTerminateRequest(true);
    can.setSupportTerminateDebuggee(true);
    can.setSupportsCancelRequest(true);
    can.setSupportsDelayedStackTraceLoading(true);
    can.setSupportsStepBack(true);
    can.setSupportsGotoTargetsRequest(true);
    can.setSupportsFunctionBreakpoints(true);
    can.setSupportsDataBreakpoints(true);
    can.setSupportsDataBreakpointBytes(true);
    can.setSupportsConditionalBreakpoints(true);
    can.setSupportsHitConditionalBreakpoints(true);
    can.setSupportsLogPoints(true);
    can.setExceptionBreakpointFilters(ExceptionBreakpoints.filters());
    can.setSupportsExceptionFilterOptions(true);
    can.setSupportsExceptionInfoRequest(true);
    return can;
  }

  /** A program that runs goes forward alone, which is known only when it has been started. */
  static Capabilities ofRunningProgram() {
    Capabilities changed = new Capabilities();
    changed.setSupportsStepBack(false);
    changed.setSupportsGotoTargetsRequest(false);
    changed.setSupportsDataBreakpoints(false);
    return changed;
  }
}
