package io.hodei.api;

/// A place in a list, newest first. It stays valid whatever is added, changed or removed. [CursorSeal] has its text.
record Cursor(long atMs, String id) implements Comparable<Cursor> {
  @Override
  public int compareTo(Cursor other) {
    int byTime = Long.compare(other.atMs, atMs);
    return byTime != 0 ? byTime : other.id.compareTo(id);
  }
}
