package org.heapatlas.dap.handler;

import java.util.List;
import org.eclipse.lsp4j.debug.LoadedSourcesArguments;
import org.eclipse.lsp4j.debug.LoadedSourcesResponse;
import org.eclipse.lsp4j.debug.Source;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Site;
import org.heapatlas.model.StackFrame;
import org.heapatlas.session.HeapSource;

/**
 * The source files that allocate: those in the stacks of the call sites with the most live bytes.
 */
public final class LoadedSources implements Handler<LoadedSourcesArguments> {
  private static final int SITES = 1000;

  @Override
  public Object handle(DapSession session, LoadedSourcesArguments arguments) {
    Debuggee debuggee = session.debuggee();
    List<Site> sites =
        debuggee
            .source()
            .sites(
                debuggee.mainProcess().id(),
                new HeapSource.SiteQuery(Site.Order.LIVE_BYTES, SITES, 0, ""))
            .sites();
    LoadedSourcesResponse response = new LoadedSourcesResponse();
    response.setSources(
        sites.stream()
            .flatMap(site -> site.stack().frames().stream())
            .map(StackFrame::file)
            .filter(file -> !file.isEmpty())
            .distinct()
            .sorted()
            .map(file -> SourceFiles.shown(file, session.references()))
            .toArray(Source[]::new));
    return response;
  }
}
