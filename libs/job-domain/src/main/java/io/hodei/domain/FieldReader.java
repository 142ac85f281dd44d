package io.hodei.domain;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Reads typed fields of one JSON object and notes what is wrong with them. A field that is absent, null or wrong reads as
/// null (or its default). [#refuseUnknown] names every field that nobody has read.
final class FieldReader {
  private final String path;
  private final Map<String, ?> fields;
  private final List<Violation> violations;
  private final List<String> read = new ArrayList<>();

  FieldReader(String path, Map<String, ?> fields, List<Violation> violations) {
    this.path = path;
    this.fields = fields;
    this.violations = violations;
  }

  @Nullable String text(String name) {
    return textAt(path + name, value(name));
  }

  int integer(String name, int low, int high, int fallback) {
    Integer found = integerAt(path + name, value(name), low, high);
    return found == null ? fallback : found;
  }

  @Nullable Integer integer(String name, int low, int high) {
    return integerAt(path + name, value(name), low, high);
  }

  @Nullable Boolean bool(String name) {
    Object value = value(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    wrongType(path + name, "true or false", value);
    return null;
  }

  /// Whether there is anything but null.
  boolean present(String name) {
    return value(name) != null;
  }

  @Nullable Duration duration(String name, Duration low, Duration high) {
    Object value = value(name);
    if (value == null) {
      return null;
    }
    Duration found = value instanceof String text ? DurationText.parse(text) : null;
    if (found == null) {
      wrongType(path + name, "a duration such as \"500ms\", \"30s\", \"10m\" or \"1h\"", value);
    } else if (found.compareTo(low) < 0 || found.compareTo(high) > 0) {
      violate(path + name, "out-of-range",
          "Expected " + DurationText.of(low) + " to " + DurationText.of(high) + ", but found " + value + ".");
      return null;
    }
    return found;
  }

  List<String> texts(String name) {
    return list(name, this::textAt);
  }

  List<Integer> integers(String name, int low, int high) {
    return list(name, (where, value) -> integerAt(where, value, low, high));
  }

  /// The fields of the object `name`, every value of which must be a text; empty when there is none.
  Map<String, String> textMap(String name) {
    Map<String, String> found = new LinkedHashMap<>();
    Map<?, ?> map = object(name);
    if (map != null) {
      map.forEach((key, value) -> {
        String where = path + name + "." + key;
        if (value instanceof String) {
          String text = textAt(where, value);
          if (text != null) {
            found.put(String.valueOf(key), text);
          }
        } else {
          String hint = value instanceof Number || value instanceof Boolean ? "; quote it: \"" + value + "\"" : "";
          violate(where, "wrong-type", "Expected a text, but found " + named(value) + hint + ".");
        }
      });
    }
    return found;
  }

  /// A reader of the object `name`; null when there is none.
  @Nullable FieldReader nested(String name) {
    Map<String, ?> map = object(name);
    return map == null ? null : new FieldReader(path + name + ".", map, violations);
  }

  @SuppressWarnings("unchecked")
  @Nullable Map<String, ?> object(String name) {
    Object value = value(name);
    if (value == null || value instanceof Map<?, ?>) {
      return (Map<String, ?>) value;
    }
    wrongType(path + name, "an object", value);
    return null;
  }

  /// The objects of the list `name`, of at most so many.
  @SuppressWarnings("unchecked")
  List<Map<String, ?>> objects(String name, int most) {
    List<Map<String, ?>> found = this.<Map<String, ?>>list(name, (where, value) -> {
      if (value instanceof Map<?, ?>) {
        return (Map<String, ?>) value;
      }
      wrongType(where, "an object", value);
      return null;
    });
    if (found.size() > most) {
      violate(path + name, "out-of-range", "Expected at most " + most + ", but found " + found.size() + ".");
      return List.of();
    }
    return found;
  }

  void refuseUnknown() {
    for (String name : fields.keySet()) {
      if (!read.contains(name)) {
        violate(path + name, "unknown-field",
            "Expected one of " + String.join(", ", read) + ", but found \"" + name + "\"; remove it or correct its name.");
      }
    }
  }

  void violate(String field, String code, String message) {
    violations.add(new Violation(field, code, message));
  }

  private @Nullable Object value(String name) {
    read.add(name);
    return fields.get(name);
  }

  private <T> List<T> list(String name, BiFunction<String, Object, @Nullable T> element) {
    Object value = value(name);
    if (value == null) {
      return List.of();
    }
    List<T> found = new ArrayList<>();
    if (value instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        String where = path + name + "[" + i + "]";
        Object item = items.get(i);
        T read = item == null ? null : element.apply(where, item);
        if (item == null) {
          violate(where, "wrong-type", "Expected a value, but found null; remove it.");
        } else if (read != null) {
          found.add(read);
        }
      }
    } else {
      wrongType(path + name, "a list", value);
    }
    return found;
  }

  private @Nullable String textAt(String where, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      wrongType(where, "a text", value);
      return null;
    }
    if (text.indexOf('\0') >= 0) {
      violate(where, "bad-value", "Expected a text without NUL characters, but found one; remove it.");
      return null;
    }
    if (text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF)) {
      violate(where, "bad-value", "Expected Unicode text, but found half of a surrogate pair; correct the encoding.");
      return null;
    }
    return text;
  }

  private @Nullable Integer integerAt(String where, @Nullable Object value, int low, int high) {
    if (value == null) {
      return null;
    }
    boolean whole = value instanceof Integer || value instanceof Long || value instanceof BigInteger || value instanceof Short;
    if (!whole) {
      wrongType(where, "a whole number", value);
      return null;
    }
    BigInteger number = new BigInteger(value.toString());
    if (number.compareTo(BigInteger.valueOf(low)) < 0 || number.compareTo(BigInteger.valueOf(high)) > 0) {
      violate(where, "out-of-range", "Expected " + low + " to " + high + ", but found " + shown(value.toString()) + ".");
      return null;
    }
    return number.intValue();
  }

  private void wrongType(String where, String expected, Object value) {
    violate(where, "wrong-type", "Expected " + expected + ", but found " + named(value) + ".");
  }

  /// A value in words, short enough for a message.
  static String named(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "the text \"" + shown(text) + "\"";
      case Number number -> "the number " + shown(number.toString());
      case Boolean flag -> flag.toString();
      case List<?> list -> "a list of " + list.size();
      case Map<?, ?> map -> "an object of " + map.size() + " fields";
      default -> value.getClass().getSimpleName();
    };
  }

  static String shown(String text) {
    String safe = text.codePoints().map(point -> Character.isISOControl(point) ? '?' : point)
        .limit(60).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    return safe.length() < text.length() ? safe + "…" : safe;
  }
}
