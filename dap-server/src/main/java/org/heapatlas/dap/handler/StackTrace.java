package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackFramePresentationHint;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.References;
import org.heapatlas.dap.ThreadIds;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;

/** The call stack of a stopped thread, in the window that the client asks for. */
public final class StackTrace implements Handler<StackTraceArguments> {
  @Override
  public Object handle(DapSession session, StackTraceArguments arguments) {
    ThreadIds.Key thread =
        session
            .threadIds()
            .find(arguments.getThreadId())
            .orElseThrow(
                () -> Problem.notFound("there is no thread %d".formatted(arguments.getThreadId())));
    Stack stack = stack(session, thread);
    int total = stack.frames().size();
    int start =
        Math.clamp(arguments.getStartFrame() == null ? 0 : arguments.getStartFrame(), 0, total);
    int levels =
        arguments.getLevels() == null || arguments.getLevels() <= 0 ? total : arguments.getLevels();
    List<org.heapatlas.model.StackFrame> window =
        stack.frames().subList(start, (int) Math.min(total, (long) start + levels));
    int first = Boolean.FALSE.equals(session.abilities().getLinesStartAt1()) ? 0 : 1;
    References.FrameKey key = new References.FrameKey(thread.process(), thread.tid());
    StackTraceResponse response = new StackTraceResponse();
    response.setStackFrames(
        window.stream()
            .map(
                frame -> shown(frame, session.references(), session.references().frame(key), first))
            .toArray(StackFrame[]::new));
    response.setTotalFrames(total);
    return response;
  }

  /** Of a recording: the stack of the event at which the thread stands, or of its last one. */
  private static Stack stack(DapSession session, ThreadIds.Key thread) {
    Debuggee debuggee = session.debuggee();
    return debuggee
        .replay()
        .map(
            replay ->
                replay
                    .eventOf(thread)
                    .map(event -> replay.stackOf(thread.process(), event))
                    .orElse(Stack.EMPTY))
        .orElseGet(() -> debuggee.source().threadStack(thread.process(), thread.tid()));
  }

  static StackFrame shown(
      org.heapatlas.model.StackFrame frame, References references, int id, int first) {
    StackFrame shown = new StackFrame();
    shown.setId(id);
    shown.setName(frame.title());
    shown.setInstructionPointerReference(Address.text(frame.pc()));
    if (frame.file().isEmpty()) {
      shown.setPresentationHint(StackFramePresentationHint.SUBTLE);
    } else if (!Path.of(frame.file()).isAbsolute()) {
      // Below a folder that nobody knows: clients would open it, and show that this failed.
      shown.setName("%s (%s)".formatted(frame.title(), frame.place()));
      shown.setPresentationHint(StackFramePresentationHint.SUBTLE);
    } else {
      shown.setSource(SourceFiles.shown(frame.file(), references));
      shown.setLine(Math.max(0, frame.line() - 1 + first));
      shown.setColumn(first);
    }
    return shown;
  }
}
