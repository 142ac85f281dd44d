package io.hodei.agent;

/// Cuts one stream into log entries without copying: an entry is a range of the array that was read into, and a range
/// is never written again. [LogBuffer] calls it under its lock; the read itself, into what lies beyond [#end], needs none.
/// A line longer than the chunk, and one that stays unfinished, is cut into partial entries.
final class LineCutter {
  private static final int FIRST_ARRAY = 64 << 10;
  private static final int LARGEST_ARRAY = 512 << 10;
  private static final int LEAST_READ = 32 << 10;
  private static final int LARGEST_CHUNK = 64 << 10;

  /// Receives each entry as it is cut; the bytes stay as they are for ever.
  interface Sink {
    void entry(byte[] array, int from, int length, boolean partial);
  }

  private final int chunk;
  private byte[] array = new byte[FIRST_ARRAY];
  private int lineStart;
  private int end;
  private long oldestNanos;
  private long newestNanos;

  LineCutter(int largestEntry) {
    chunk = Math.clamp(largestEntry, 1, LARGEST_CHUNK);
  }

  /// Where to read to: from [#end], as much as the array holds. An unfinished line moves to the next array with it.
  byte[] room() {
    if (array.length - end < LEAST_READ) {
      int carried = end - lineStart;
      var next = new byte[Math.min(LARGEST_ARRAY, Math.max(2 * array.length, 2 * (carried + LEAST_READ)))];
      System.arraycopy(array, lineStart, next, 0, carried);
      array = next;
      lineStart = 0;
      end = carried;
    }
    return array;
  }

  int end() {
    return end;
  }

  /// `count` bytes have been read into [#room] at [#end].
  void read(int count, long nowNanos, Sink sink) {
    int from = end;
    end += count;
    if (from == lineStart) {
      oldestNanos = nowNanos;
    }
    newestNanos = nowNanos;
    var bytes = array;
    int start = lineStart;
    for (int i = from; i < end; i++) {
      boolean newline = bytes[i] == '\n';
      if (newline || i + 1 - start == chunk) {
        sink.entry(bytes, start, i + 1 - start, !newline);
        start = i + 1;
        oldestNanos = nowNanos;
      }
    }
    lineStart = start;
  }

  boolean unfinished() {
    return lineStart < end;
  }

  /// When the unfinished line has been waited for long enough: it is quiet, or it grows for ever.
  long dueNanos(long quietNanos, long ageNanos) {
    return Math.min(newestNanos + quietNanos, oldestNanos + ageNanos);
  }

  /// Gives the unfinished line away as a partial entry.
  void flush(Sink sink) {
    if (unfinished()) {
      sink.entry(array, lineStart, end - lineStart, true);
      lineStart = end;
    }
  }
}
