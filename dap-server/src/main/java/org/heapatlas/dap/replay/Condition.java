package org.heapatlas.dap.replay;

import java.math.BigDecimal;
import java.util.List;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;

/**
 * What must hold of an event for a breakpoint to stop there. It compares the event's {@link
 * EventFacts.Name names} with numbers and texts, and can do nothing else:
 *
 * <pre>
 *   any        = all { "||" all }
 *   all        = single { "&&" single }
 *   single     = "!" single | "(" any ")" | comparison
 *   comparison = value ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" ) value
 *   value      = name | "text" | number, also 0x10, 4K, 1.5s
 * </pre>
 *
 * {@code ~}: the text on the left contains the one on the right.
 */
sealed interface Condition {
  boolean holds(EventFacts facts);

  record Any(Condition left, Condition right) implements Condition {
    @Override
    public boolean holds(EventFacts facts) {
      return left.holds(facts) || right.holds(facts);
    }
  }

  record All(Condition left, Condition right) implements Condition {
    @Override
    public boolean holds(EventFacts facts) {
      return left.holds(facts) && right.holds(facts);
    }
  }

  record Not(Condition inner) implements Condition {
    @Override
    public boolean holds(EventFacts facts) {
      return !inner.holds(facts);
    }
  }

  record Comparison(Value left, String operator, Value right) implements Condition {
    @Override
    public boolean holds(EventFacts facts) {
      if (left.isText()) {
        String first = left.text(facts);
        String second = right.text(facts);
        return switch (operator) {
          case "==" -> first.equals(second);
          case "!=" -> !first.equals(second);
          default -> first.contains(second);
        };
      }
      int order = left.number(facts).compareTo(right.number(facts));
      return switch (operator) {
        case "==" -> order == 0;
        case "!=" -> order != 0;
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    }
  }

  /** A name of the event's, or what is written there. */
  sealed interface Value {
    boolean isText();

    String text(EventFacts facts);

    BigDecimal number(EventFacts facts);
  }

  record Named(EventFacts.Name name) implements Value {
    @Override
    public boolean isText() {
      return name.isText();
    }

    @Override
    public String text(EventFacts facts) {
      return facts.text(name);
    }

    @Override
    public BigDecimal number(EventFacts facts) {
      return BigDecimal.valueOf(facts.number(name));
    }
  }

  record Literal(String text, BigDecimal number) implements Value {
    @Override
    public boolean isText() {
      return number == null;
    }

    @Override
    public String text(EventFacts facts) {
      return text;
    }

    @Override
    public BigDecimal number(EventFacts facts) {
      return number;
    }
  }

  /** A Problem says what is wrong, and at which character. */
  static Condition parse(String text) {
    if (text.length() > Parser.LONGEST) {
      throw Problem.usedWrongly(
          "the condition is longer than %d characters".formatted(Parser.LONGEST));
    }
    return new Parser(Token.of(text)).whole();
  }

  static Problem wrong(int at, String what) {
    return Problem.usedWrongly(
        "the condition is wrong at character %d: %s".formatted(at + 1, what));
  }

  /** By recursive descent; the depth is bounded by the text's length. */
  final class Parser {
    static final int LONGEST = 1000;
    private static final List<String> OF_TEXTS = List.of("==", "!=", "~");
    private static final List<String> OF_NUMBERS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final List<Token> tokens;
    private int next;

    private Parser(List<Token> tokens) {
      this.tokens = tokens;
    }

    private Condition whole() {
      Condition condition = any();
      if (peek().kind() != Token.Kind.END) {
        throw wrong(peek().at(), "nothing is expected behind the condition");
      }
      return condition;
    }

    private Condition any() {
      Condition left = all();
      while (accept("||")) {
        left = new Any(left, all());
      }
      return left;
    }

    private Condition all() {
      Condition left = single();
      while (accept("&&")) {
        left = new All(left, single());
      }
      return left;
    }

    private Condition single() {
      if (accept("!")) {
        return new Not(single());
      }
      if (accept("(")) {
        Condition inner = any();
        if (!accept(")")) {
          throw wrong(peek().at(), "')' is missing");
        }
        return inner;
      }
      return comparison();
    }

    private Condition comparison() {
      Value left = value();
      Token operator = take();
      List<String> fitting = left.isText() ? OF_TEXTS : OF_NUMBERS;
      if (!fitting.contains(operator.text())) {
        throw wrong(
            operator.at(),
            "%s is compared by one of %s"
                .formatted(left.isText() ? "a text" : "a number", String.join(" ", fitting)));
      }
      int at = peek().at();
      Value right = value();
      if (left.isText() != right.isText()) {
        throw wrong(at, left.isText() ? "a text is expected" : "a number is expected");
      }
      return new Comparison(left, operator.text(), right);
    }

    private Value value() {
      Token token = take();
      return switch (token.kind()) {
        case NUMBER -> new Literal(null, number(token));
        case TEXT -> new Literal(token.text().substring(1, token.text().length() - 1), null);
        case NAME -> new Named(name(token));
        case OPERATOR, END -> throw wrong(token.at(), "a name, a number or a text is expected");
      };
    }

    private static EventFacts.Name name(Token token) {
      return EventFacts.Name.of(token.text())
          .orElseThrow(
              () ->
                  wrong(
                      token.at(),
                      "an event has no '%s'; it has %s"
                          .formatted(token.text(), EventFacts.Name.all())));
    }

    private static BigDecimal number(Token token) {
      String text = token.text();
      if (text.startsWith("0x") || text.startsWith("0X")) {
        return BigDecimal.valueOf(Long.parseUnsignedLong(text.substring(2), 16));
      }
      char last = text.charAt(text.length() - 1);
      if (Character.isDigit(last)) {
        return new BigDecimal(text);
      }
      try {
        return BigDecimal.valueOf(
            Character.isUpperCase(last) ? Bytes.parse(text) : Durations.parse(text));
      } catch (Problem e) {
        throw wrong(token.at(), e.getMessage());
      }
    }

    private Token peek() {
      return tokens.get(next);
    }

    private Token take() {
      Token token = tokens.get(next);
      next = Math.min(next + 1, tokens.size() - 1);
      return token;
    }

    private boolean accept(String operator) {
      boolean there = peek().kind() == Token.Kind.OPERATOR && peek().text().equals(operator);
      if (there) {
        next++;
      }
      return there;
    }
  }
}
