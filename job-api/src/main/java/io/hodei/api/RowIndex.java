package io.hodei.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything of the rows that lists need to choose from them, in columns of plain numbers: about 80 bytes of heap for a row with a UUID,
/// whatever its body has. Newest first: by [Cursor]. One lock, held for short: a scan lets go of it every few thousand rows.
final class RowIndex {
  /// The body is in memory, not in a file.
  static final long IN_MEMORY = -1;

  /// The row has not ended.
  static final long OPEN = Long.MAX_VALUE;

  private static final int SCAN_ROWS = 16_384;

  /// What the index holds of a row.
  record Entry(long atMs, int state, Signature signature, long endedMs, long place) {}

  /// A row that may match, and where its body was.
  record Candidate(Cursor cursor, long place) {}

  /// The candidates among the rows that were looked at, and the last of these rows; null: there are no more.
  record Scan(List<Candidate> candidates, @Nullable Cursor goOn) {}

  private final RowIds ids = new RowIds();
  private final RowOrder order = new RowOrder(this::compare);
  private long[] at = new long[16];
  private long[] ended = new long[16];
  private long[] places = new long[16];
  private long[] low = new long[16];
  private long[] high = new long[16];
  private byte[] states = new byte[16];

  synchronized int size() {
    return ids.size();
  }

  synchronized boolean has(String id) {
    return ids.find(id) != RowIds.NONE;
  }

  /// Where the body of `id` is, [#IN_MEMORY], or null when there is no such row.
  synchronized @Nullable Long place(String id) {
    int slot = ids.find(id);
    return slot == RowIds.NONE ? null : (Long) places[slot];
  }

  /// Enters a row, or changes it; where its body was, null when it is new.
  synchronized @Nullable Long put(String id, Entry entry) {
    int slot = ids.find(id);
    Long before = slot == RowIds.NONE ? null : (Long) places[slot];
    if (before != null && at[slot] != entry.atMs()) {
      order.remove(new Cursor(at[slot], id));
      at[slot] = entry.atMs();
      order.add(slot, new Cursor(entry.atMs(), id));
    } else if (before == null) {
      slot = ids.add(id);
      grow(slot);
      at[slot] = entry.atMs();
      order.add(slot, new Cursor(entry.atMs(), id));
    }
    ended[slot] = entry.endedMs();
    places[slot] = entry.place();
    states[slot] = (byte) entry.state();
    low[slot] = entry.signature().low();
    high[slot] = entry.signature().high();
    return before;
  }

  /// Where the body of the removed row was; null when there is none.
  synchronized @Nullable Long remove(String id) {
    int slot = ids.find(id);
    if (slot == RowIds.NONE) {
      return null;
    }
    order.remove(new Cursor(at[slot], id));
    ids.remove(slot);
    ended[slot] = OPEN;
    return places[slot];
  }

  /// At most `limit` candidates after `cursor` (null: from the newest on), newest first.
  synchronized Scan scan(@Nullable Cursor cursor, Mask mask, int limit) {
    Uuid.Prefix prefix = mask.idPrefix() == null ? null : Uuid.prefix(mask.idPrefix());
    List<Candidate> found = new ArrayList<>();
    int last = RowIds.NONE;
    RowOrder.Walk walk = order.after(cursor);
    for (int looked = 0; looked < SCAN_ROWS && found.size() < limit; looked++) {
      int slot = walk.next();
      if (slot == RowIds.NONE) {
        return new Scan(found, null);
      }
      last = slot;
      if ((mask.states() == 0 || (mask.states() & 1 << states[slot]) != 0) && mask.signature().isCoveredBy(low[slot], high[slot])
          && (prefix == null || ids.beginsWith(slot, prefix))) {
        found.add(new Candidate(cursorOf(slot), places[slot]));
      }
    }
    return new Scan(found, cursorOf(last));
  }

  /// Ids of at most `limit` rows that ended at `horizonMs` or before.
  synchronized List<String> endedBy(long horizonMs, int limit) {
    List<String> found = new ArrayList<>();
    for (int slot = 0; slot < ids.used() && found.size() < limit; slot++) {
      if (ended[slot] <= horizonMs) {
        found.add(ids.text(slot));
      }
    }
    return found;
  }

  /// A little more than `capacity`, which is used up.
  static int grown(int capacity) {
    return capacity + Math.max(16, capacity / 4);
  }

  private Cursor cursorOf(int slot) {
    return new Cursor(at[slot], ids.text(slot));
  }

  /// Negative when the row is newer than `cursor`.
  private int compare(int slot, Cursor cursor) {
    int byTime = Long.compare(cursor.atMs(), at[slot]);
    return byTime != 0 ? byTime : -ids.compare(slot, cursor.id(), Uuid.parse(cursor.id()));
  }

  private void grow(int slot) {
    if (slot >= at.length) {
      int capacity = grown(slot);
      at = Arrays.copyOf(at, capacity);
      ended = Arrays.copyOf(ended, capacity);
      places = Arrays.copyOf(places, capacity);
      low = Arrays.copyOf(low, capacity);
      high = Arrays.copyOf(high, capacity);
      states = Arrays.copyOf(states, capacity);
    }
  }
}
