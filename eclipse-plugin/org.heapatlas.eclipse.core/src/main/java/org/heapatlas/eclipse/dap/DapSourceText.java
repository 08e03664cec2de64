package org.heapatlas.eclipse.dap;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.core.resources.IEncodedStorage;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.debug.core.DebugException;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceResponse;

/**
 * A source that only the adapter has, as it was when it was looked up. Two of the same reference
 * are equal, and open one editor.
 */
public final class DapSourceText extends PlatformObject implements IEncodedStorage {
  private final DapTarget target;
  private final Source source;
  private final String text;

  private DapSourceText(DapTarget target, Source source, String text) {
    this.target = target;
    this.source = source;
    this.text = text;
  }

  /** Asks for it: editors read it on the user interface's thread, which never waits. */
  static DapSourceText read(DapTarget target, Source source) throws DebugException {
    SourceArguments arguments = new SourceArguments();
    arguments.setSource(source);
    arguments.setSourceReference(source.getSourceReference());
    SourceResponse answer =
        Waiting.forAnswer(
            target.server().source(arguments), new SourceResponse(), "Reading " + source.getName());
    return new DapSourceText(target, source, Objects.toString(answer.getContent(), ""));
  }

  @Override
  public InputStream getContents() {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String getCharset() {
    return StandardCharsets.UTF_8.name();
  }

  @Override
  public IPath getFullPath() {
    return source.getPath() == null ? null : IPath.fromOSString(source.getPath());
  }

  @Override
  public String getName() {
    return Objects.toString(source.getName(), "source");
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DapSourceText text
        && text.target == target
        && Objects.equals(text.source.getSourceReference(), source.getSourceReference());
  }

  @Override
  public int hashCode() {
    return Objects.hash(target, source.getSourceReference());
  }
}
