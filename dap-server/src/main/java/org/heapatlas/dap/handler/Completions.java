package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.debug.CompletionItem;
import org.eclipse.lsp4j.debug.CompletionItemType;
import org.eclipse.lsp4j.debug.CompletionsArguments;
import org.eclipse.lsp4j.debug.CompletionsResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** The commands that begin as typed, and behind a command its choices; each replaces its word. */
public final class Completions implements Handler<CompletionsArguments> {
  @Override
  public Object handle(DapSession session, CompletionsArguments arguments) {
    String text = arguments.getText() == null ? "" : arguments.getText();
    int first = Boolean.FALSE.equals(session.abilities().getColumnsStartAt1()) ? 0 : 1;
    String before = text.substring(0, Math.clamp(arguments.getColumn() - first, 0, text.length()));
    String command = before.stripLeading();
    int space = command.indexOf(' ');
    String word = space < 0 ? command : command.substring(command.lastIndexOf(' ') + 1);
    List<CompletionItem> items = new ArrayList<>();
    for (Command candidate : Command.values()) {
      if (space < 0 && candidate.word().startsWith(word)) {
        items.add(item(candidate.word(), candidate.text(), CompletionItemType.FUNCTION));
      } else if (space >= 0 && candidate.word().equals(command.substring(0, space))) {
        candidate.choices().stream()
            .filter(choice -> choice.word().startsWith(word))
            .forEach(
                choice -> items.add(item(choice.word(), choice.text(), CompletionItemType.VALUE)));
      }
    }
    for (CompletionItem item : items) {
      item.setStart(before.length() - word.length());
      item.setLength(word.length());
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
