package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.debug.Module;
import org.eclipse.lsp4j.debug.ModulesArguments;
import org.eclipse.lsp4j.debug.ModulesResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Address;
import org.heapatlas.model.LoadedModule;

/** The executable and the libraries of the main process. */
public final class Modules implements Handler<ModulesArguments> {
  @Override
  public Object handle(DapSession session, ModulesArguments arguments) {
    Debuggee debuggee = session.debuggee();
    List<Module> all = new ArrayList<>();
    for (LoadedModule module : debuggee.source().modules(debuggee.mainProcess().id())) {
      all.add(shown(module));
    }
    int start =
        Math.clamp(
            arguments.getStartModule() == null ? 0 : arguments.getStartModule(), 0, all.size());
    int count =
        arguments.getModuleCount() == null || arguments.getModuleCount() <= 0
            ? all.size()
            : arguments.getModuleCount();
    ModulesResponse response = new ModulesResponse();
    response.setModules(
        all.subList(start, (int) Math.min(all.size(), (long) start + count))
            .toArray(Module[]::new));
    response.setTotalModules(all.size());
    return response;
  }

  private static Module shown(LoadedModule module) {
    Module shown = new Module();
    shown.setId(module.path());
    shown.setName(module.path().substring(module.path().lastIndexOf('/') + 1));
    shown.setPath(module.path());
    shown.setVersion(module.buildId());
    shown.setAddressRange(new Address.Range(module.from(), module.to()).toString());
    shown.setSymbolStatus(
        module.hasLines()
            ? "symbols and lines"
            : module.hasSymbols() ? "symbols without lines" : "no symbols");
    return shown;
  }
}
