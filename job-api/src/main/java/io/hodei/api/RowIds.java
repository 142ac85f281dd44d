package io.hodei.api;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ids of rows by slot, and slots by id: 16 bytes for an id that is a UUID in its usual text, the text itself for any other. Slots of
/// removed ids are given out again. Not thread-safe: [RowIndex] is its only owner.
final class RowIds {
  static final int NONE = -1;

  private static final int FREE = -1;

  private long[] high = new long[16];
  private long[] low = new long[16];
  private boolean[] named = new boolean[16];
  private final Map<Integer, String> names = new HashMap<>();
  private int[] table = filled(32);
  private int[] freed = new int[16];
  private int freedCount;
  private int used;
  private int size;

  int size() {
    return size;
  }

  /// One more than the highest slot that was ever given out.
  int used() {
    return used;
  }

  int find(String id) {
    Uuid uuid = Uuid.parse(id);
    for (int at = home(hash(id, uuid)); table[at] != FREE; at = at + 1 & table.length - 1) {
      if (is(table[at], id, uuid)) {
        return table[at];
      }
    }
    return NONE;
  }

  /// A slot for an id that has none.
  int add(String id) {
    if ((size + 1) * 3L > table.length * 2L) {
      rehash();
    }
    int slot = freedCount > 0 ? freed[--freedCount] : used++;
    if (slot == high.length) {
      int capacity = RowIndex.grown(slot);
      high = Arrays.copyOf(high, capacity);
      low = Arrays.copyOf(low, capacity);
      named = Arrays.copyOf(named, capacity);
    }
    Uuid uuid = Uuid.parse(id);
    named[slot] = uuid == null;
    if (uuid == null) {
      names.put(slot, id);
      low[slot] = hash(id, null);
    } else {
      high[slot] = uuid.high();
      low[slot] = uuid.low();
    }
    enter(slot);
    size++;
    return slot;
  }

  void remove(int slot) {
    int hole = home(hash(slot));
    while (table[hole] != slot) {
      hole = hole + 1 & table.length - 1;
    }
    close(hole);
    if (named[slot]) {
      names.remove(slot);
    }
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, RowIndex.grown(freedCount));
    }
    freed[freedCount++] = slot;
    size--;
  }

  String text(int slot) {
    return named[slot] ? name(slot) : new Uuid(high[slot], low[slot]).text();
  }

  /// The order of the ids' texts.
  int compare(int slot, String id, @Nullable Uuid uuid) {
    return uuid == null || named[slot] ? text(slot).compareTo(id) : uuid.compareToReversed(high[slot], low[slot]);
  }

  /// Whether the id of `slot` begins with what `prefix` was made from.
  boolean beginsWith(int slot, Uuid.Prefix prefix) {
    return named[slot] ? name(slot).startsWith(prefix.text()) : prefix.covers(high[slot], low[slot]);
  }

  private String name(int slot) {
    return java.util.Objects.requireNonNull(names.get(slot));
  }

  private boolean is(int slot, String id, @Nullable Uuid uuid) {
    return uuid == null ? named[slot] && name(slot).equals(id) : !named[slot] && high[slot] == uuid.high() && low[slot] == uuid.low();
  }

  private static long hash(String id, @Nullable Uuid uuid) {
    return uuid == null ? Signature.mixed(id.hashCode()) : Signature.mixed(uuid.high() * 31 + uuid.low());
  }

  private long hash(int slot) {
    return named[slot] ? low[slot] : Signature.mixed(high[slot] * 31 + low[slot]);
  }

  private int home(long hash) {
    return (int) hash & table.length - 1;
  }

  private void enter(int slot) {
    int at = home(hash(slot));
    while (table[at] != FREE) {
      at = at + 1 & table.length - 1;
    }
    table[at] = slot;
  }

  /// Moves back what was put further on because of the slot in `hole`.
  private void close(int hole) {
    int free = hole;
    for (int at = hole + 1 & table.length - 1; table[at] != FREE; at = at + 1 & table.length - 1) {
      int wished = home(hash(table[at]));
      if ((at - wished & table.length - 1) >= (at - free & table.length - 1)) {
        table[free] = table[at];
        free = at;
      }
    }
    table[free] = FREE;
  }

  private void rehash() {
    int[] before = table;
    table = filled(before.length * 2);
    for (int slot : before) {
      if (slot != FREE) {
        enter(slot);
      }
    }
  }

  private static int[] filled(int length) {
    int[] table = new int[length];
    Arrays.fill(table, FREE);
    return table;
  }
}
