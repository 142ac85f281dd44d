package io.hodei.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest letters of `hodei.dead-letters`, each with no more than a list shows of it: some 20 MB at most. Written by one tail and by
/// the calls that withdraw letters, read by any thread.
final class LetterView {
  /// How many are kept; older ones stay on the topic and are not seen here.
  static final int KEPT = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(LetterView.class);

  private final Duration retention;
  private final int capacity;
  private final TreeMap<Cursor, Letter> newestFirst = new TreeMap<>();
  private final Map<String, Cursor> places = new HashMap<>();
  private final Map<String, Long> withdrawn = new HashMap<>();
  private long handled = -1;
  private boolean full;

  /// Some letters, and whether there are more.
  record Page(List<Letter> letters, @Nullable Cursor next, boolean olderOmitted) {}

  /// `retention`: how long the topic keeps a letter.
  LetterView(Duration retention, int capacity) {
    this.retention = retention;
    this.capacity = capacity;
  }

  /// A record of `hodei.dead-letters`.
  void handle(ConsumerRecord<String, byte[]> record) {
    String id = record.key();
    if (id == null || !Letter.isId(id)) {
      LOG.warn("dead_letter_skipped offset={} cause=\"its key is no topic-partition-offset\"", record.offset());
      return;
    }
    Letter letter = record.value() == null ? null : Letter.of(record);
    apply(id, record.offset(), letter == null ? null : letter.shortened());
  }

  private synchronized void apply(String id, long offset, @Nullable Letter letter) {
    handled = offset;
    if (offset < withdrawn.getOrDefault(id, -1L)) {
      return;
    }
    withdrawn.remove(id);
    forget(id);
    if (letter != null) {
      Cursor place = new Cursor(letter.at().toEpochMilli(), id);
      newestFirst.put(place, letter);
      places.put(id, place);
      if (newestFirst.size() > capacity) {
        full = true;
        forget(newestFirst.lastKey().id());
      }
    }
  }

  /// The letter is gone, by a tombstone at `offset`, which the tail may not have read yet.
  synchronized void withdrawn(String id, long offset) {
    if (offset > handled) {
      withdrawn.put(id, offset);
    }
    forget(id);
  }

  /// As a list shows it; null when there is none.
  synchronized @Nullable Letter find(String id) {
    Cursor place = places.get(id);
    return place == null ? null : newestFirst.get(place);
  }

  /// At most `limit` letters that `matches`, from the newest on or from what comes after `cursor`.
  synchronized Page page(@Nullable Cursor cursor, int limit, Predicate<Letter> matches) {
    List<Letter> found = new ArrayList<>();
    Cursor last = null;
    for (var entry : (cursor == null ? newestFirst : newestFirst.tailMap(cursor, false)).entrySet()) {
      if (matches.test(entry.getValue())) {
        if (found.size() == limit) {
          return new Page(found, last, full);
        }
        found.add(entry.getValue());
        last = entry.getKey();
      }
    }
    return new Page(found, null, full);
  }

  /// Forgets what the topic does not keep any longer.
  synchronized void sweep(Instant now) {
    Instant oldest = now.minus(retention);
    while (!newestFirst.isEmpty() && newestFirst.lastEntry().getValue().at().isBefore(oldest)) {
      forget(newestFirst.lastKey().id());
    }
  }

  private void forget(String id) {
    Cursor place = places.remove(id);
    if (place != null) {
      newestFirst.remove(place);
    }
  }
}
