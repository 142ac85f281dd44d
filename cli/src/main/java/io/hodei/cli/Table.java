package io.hodei.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows in aligned columns, for people.
final class Table {
  private static final String NONE = "-";

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean colours;

  Table(boolean colours, String... header) {
    this.colours = colours;
    this.header = List.of(header);
  }

  /// A null is shown as a dash.
  void row(@Nullable Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell == null || cell.toString().isEmpty() ? NONE : visible(cell.toString()));
    }
    rows.add(row);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    int[] widths = new int[header.size()];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    StringBuilder text = new StringBuilder();
    line(header, widths, text);
    rows.forEach(row -> line(row, widths, text));
    return text.substring(0, text.length() - 1);
  }

  private static void measure(List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(row.get(i)));
    }
  }

  private void line(List<String> row, int[] widths, StringBuilder text) {
    int last = row.size() - 1;
    for (int i = 0; i <= last; i++) {
      String cell = row.get(i);
      text.append(colours ? Colour.of(cell) : cell);
      if (i < last) {
        text.repeat(' ', widths[i] - width(cell) + 2);
      }
    }
    text.append('\n');
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /// No cell breaks its line or steers the terminal.
  static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints().forEach(c -> visible.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return visible.toString();
  }
}
