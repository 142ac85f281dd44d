package io.hodei.domain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what [CanonicalJson] has written, and nothing else: maps, lists, texts, whole numbers as BigInteger, others as BigDecimal.
final class JsonText {
  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  /// The object; empty when `text` is null.
  static Map<String, Object> object(@Nullable String text) {
    return text == null ? Map.of() : new JsonText(text).object();
  }

  private @Nullable Object value() {
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    while (text.charAt(at) != '}') {
      String name = string();
      at++;
      map.put(name, value());
      at += text.charAt(at) == ',' ? 1 : 0;
    }
    at++;
    return map;
  }

  private List<Object> list() {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    while (text.charAt(at) != ']') {
      list.add(value());
      at += text.charAt(at) == ',' ? 1 : 0;
    }
    at++;
    return list;
  }

  private String string() {
    StringBuilder found = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        found.append(c);
      } else if (text.charAt(++at) == 'u') {
        found.append((char) Integer.parseInt(text, at + 1, at + 5, 16));
        at += 4;
      } else {
        found.append(text.charAt(at));
      }
    }
    at++;
    return found.toString();
  }

  private <T> @Nullable T word(String word, @Nullable T value) {
    at += word.length();
    return value;
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String found = text.substring(from, at);
    return found.matches("-?\\d+") ? new BigInteger(found) : new BigDecimal(found);
  }
}
