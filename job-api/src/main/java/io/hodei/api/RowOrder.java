package io.hodei.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Slots in the order of their cursors, newest first, in leaves of at most 512: one level of a B+ tree, which is enough for some
/// millions. Not thread-safe: [RowIndex] is its only owner.
final class RowOrder {
  /// Compares the row in a slot to a cursor; negative when it comes before.
  @FunctionalInterface
  interface Comparison {
    int compare(int slot, Cursor cursor);
  }

  private static final int LEAF = 512;

  private static final class Leaf {
    private final int[] slots = new int[LEAF];
    private int size;
  }

  /// Goes on from a place; valid until the order is changed.
  final class Walk {
    private int leaf;
    private int at;

    private Walk(int leaf, int at) {
      this.leaf = leaf;
      this.at = at;
    }

    /// [RowIds#NONE] at the end.
    int next() {
      while (leaf < leaves.size() && at >= leaves.get(leaf).size) {
        leaf++;
        at = 0;
      }
      return leaf == leaves.size() ? RowIds.NONE : leaves.get(leaf).slots[at++];
    }
  }

  private final Comparison comparison;
  private final List<Leaf> leaves = new ArrayList<>();

  RowOrder(Comparison comparison) {
    this.comparison = comparison;
  }

  /// `slot`, whose row has this cursor, and which is not in the order.
  void add(int slot, Cursor cursor) {
    if (leaves.isEmpty()) {
      leaves.add(new Leaf());
    }
    int number = leafOf(cursor);
    Leaf leaf = leaves.get(number);
    int at = placeIn(leaf, cursor);
    if (leaf.size == LEAF) {
      split(number, at);
      number = at > leaf.size || at == leaf.size && leaf.size == LEAF ? number + 1 : number;
      leaf = leaves.get(number);
      at = placeIn(leaf, cursor);
    }
    System.arraycopy(leaf.slots, at, leaf.slots, at + 1, leaf.size - at);
    leaf.slots[at] = slot;
    leaf.size++;
  }

  void remove(Cursor cursor) {
    int number = leafOf(cursor);
    Leaf leaf = leaves.get(number);
    int at = placeIn(leaf, cursor);
    System.arraycopy(leaf.slots, at + 1, leaf.slots, at, leaf.size - at - 1);
    leaf.size--;
    if (leaf.size == 0) {
      leaves.remove(number);
    }
  }

  /// From the first row behind `cursor` on; null: from the first.
  Walk after(@Nullable Cursor cursor) {
    if (cursor == null || leaves.isEmpty()) {
      return new Walk(0, 0);
    }
    int number = leafOf(cursor);
    Leaf leaf = leaves.get(number);
    int at = placeIn(leaf, cursor);
    boolean itself = at < leaf.size && comparison.compare(leaf.slots[at], cursor) == 0;
    return new Walk(number, itself ? at + 1 : at);
  }

  /// The last leaf whose first row does not come behind `cursor`, else the first.
  private int leafOf(Cursor cursor) {
    int from = 0;
    int to = leaves.size() - 1;
    while (from < to) {
      int middle = from + to + 1 >>> 1;
      if (comparison.compare(leaves.get(middle).slots[0], cursor) <= 0) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return from;
  }

  /// The number of rows of `leaf` that come before `cursor`.
  private int placeIn(Leaf leaf, Cursor cursor) {
    int from = 0;
    int to = leaf.size;
    while (from < to) {
      int middle = from + to >>> 1;
      if (comparison.compare(leaf.slots[middle], cursor) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /// Makes room at `at`. New rows come at either end of the order, so a leaf that is full there stays full.
  private void split(int number, int at) {
    Leaf leaf = leaves.get(number);
    Leaf next = new Leaf();
    int kept = at == LEAF ? LEAF : at == 0 ? 0 : LEAF / 2;
    next.size = LEAF - kept;
    System.arraycopy(leaf.slots, kept, next.slots, 0, next.size);
    leaf.size = kept;
    leaves.add(number + 1, next);
  }
}
