package io.hodei.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How often there was what. Not thread-safe.
final class Counts {
  private static final int COLUMNS = 3;

  private final Map<String, Long> times = new TreeMap<>();

  void add(String what) {
    add(what, 1);
  }

  void add(String what, long more) {
    times.merge(what, more, Long::sum);
  }

  void addAll(Map<String, Long> others) {
    others.forEach(this::add);
  }

  Map<String, Long> all() {
    return times;
  }

  /// In columns, by name.
  static String table(Map<String, Long> counts) {
    List<Map.Entry<String, Long>> rows = List.copyOf(new TreeMap<>(counts).entrySet());
    int lines = (rows.size() + COLUMNS - 1) / COLUMNS;
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < lines; line++) {
      for (int at = line; at < rows.size(); at += lines) {
        text.append(String.format("  %-28s %10d", rows.get(at).getKey(), rows.get(at).getValue()));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
