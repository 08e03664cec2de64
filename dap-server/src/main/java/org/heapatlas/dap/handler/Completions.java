package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.debug.CompletionItem;
import org.eclipse.lsp4j.debug.CompletionItemType;
import org.eclipse.lsp4j.debug.CompletionsArguments;
import org.eclipse.lsp4j.debug.CompletionsResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** The commands that begin as typed, and behind a command its choices. */
public final class Completions implements Handler<CompletionsArguments> {
  @Override
  public Object handle(DapSession session, CompletionsArguments arguments) {
    String text = arguments.getText() == null ? "" : arguments.getText();
    String typed =
        text.substring(0, Math.clamp(arguments.getColumn() - 1, 0, text.length())).stripLeading();
    List<CompletionItem> items = new ArrayList<>();
    for (Command command : Command.values()) {
      if (command.word().startsWith(typed)) {
        items.add(item(command.word(), command.text(), CompletionItemType.FUNCTION));
      }
      String behind =
          typed.startsWith(command.word() + " ")
              ? typed.substring(command.word().length() + 1)
              : null;
      if (behind != null) {
        command.choices().stream()
            .filter(choice -> choice.startsWith(behind.stripLeading()))
            .forEach(choice -> items.add(item(choice, "", CompletionItemType.VALUE)));
      }
    }
    CompletionsResponse response = new CompletionsResponse();
    response.setTargets(items.toArray(CompletionItem[]::new));
    return response;
  }

  private static CompletionItem item(String label, String detail, CompletionItemType type) {
    CompletionItem item = new CompletionItem();
    item.setLabel(label);
    item.setDetail(detail);
    item.setType(type);
    return item;
  }
}
