package org.heapatlas.dap.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word of a condition, and where it begins in the text. The last one is the end. */
record Token(Kind kind, String text, int at) {
  enum Kind {
    NUMBER("0[xX][0-9a-fA-F]{1,16}|\\d{1,15}(?:\\.\\d{1,9})?(?:ns|us|ms|s|m|h|[KMGT])?(?!\\w)"),
    TEXT("\"[^\"]*\"|'[^']*'"),
    NAME("[A-Za-z_]\\w*"),
    OPERATOR("&&|\\|\\||==|!=|<=|>=|[<>~!()]"),
    END("$");

    private final Pattern pattern;

    Kind(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  static List<Token> of(String text) {
    List<Token> tokens = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      Token next = next(text, at);
      tokens.add(next);
      at += next.text.length();
    }
    tokens.add(new Token(Kind.END, "", text.length()));
    return tokens;
  }

  private static Token next(String text, int at) {
    for (Kind kind : Kind.values()) {
      Matcher matcher = kind.pattern.matcher(text).region(at, text.length());
      if (kind != Kind.END && matcher.lookingAt()) {
        return new Token(kind, matcher.group(), at);
      }
    }
    throw Condition.wrong(at, "'%s' is not understood".formatted(text.charAt(at)));
  }
}
