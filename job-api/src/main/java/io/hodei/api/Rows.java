package io.hodei.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of a view. Those that are open are in memory, those that have ended in a [RowFile]; the [RowIndex] has a line for each.
/// Written by any thread, one at a time; read by any, without waiting for the disk of another.
final class Rows<T extends SpecificRecord> implements AutoCloseable {
  /// Bodies that one page may read from the file, so that it is answered in time whatever it asks for.
  static final int MAX_READS = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
  private static final int BATCH = 512;

  /// What the index has to know of a row.
  interface Kind<T> {
    String id(T row);

    Instant at(T row);

    int state(T row);

    /// Null while it is open.
    @Nullable Instant endedAt(T row);

    Signature signature(T row);

    /// Bytes that an open row holds in memory, about.
    default long weight(T row) {
      return 0;
    }
  }

  /// A part of a list. A page that had to read too much ends early: then it has fewer rows than asked for, and a next one.
  record Page<T>(List<T> rows, @Nullable Cursor next) {}

  private final Kind<T> kind;
  private final RowFile file;
  private final SpecificDatumWriter<T> writer;
  private final SpecificDatumReader<T> reader;
  private final int maxReads;
  private final RowIndex index = new RowIndex();
  private final ConcurrentHashMap<String, T> open = new ConcurrentHashMap<>();
  private final AtomicLong openBytes = new AtomicLong();

  Rows(Kind<T> kind, Class<T> type, RowFile file, int maxReads) {
    this.kind = kind;
    this.file = file;
    this.maxReads = maxReads;
    this.writer = new SpecificDatumWriter<>(type);
    this.reader = new SpecificDatumReader<>(type);
  }

  @Nullable T get(String id) {
    while (true) {
      T row = open.get(id);
      Long place = row == null ? index.place(id) : null;
      if (row != null || place == null) {
        return row;
      }
      T stored = stored(place);
      if (stored != null) {
        return stored;
      }
    }
  }

  boolean has(String id) {
    return index.has(id);
  }

  int size() {
    return index.size();
  }

  /// Those that have not ended (and ended ones that the disk did not take).
  Collection<T> open() {
    return open.values();
  }

  /// What the open rows hold in memory, about.
  long openBytes() {
    return openBytes.get();
  }

  private void weigh(@Nullable T now, @Nullable T before) {
    openBytes.addAndGet((now == null ? 0 : kind.weight(now)) - (before == null ? 0 : kind.weight(before)));
  }

  /// The row that was there, null when there was none.
  synchronized @Nullable T put(T row) {
    String id = kind.id(row);
    T before = get(id);
    Instant ended = kind.endedAt(row);
    long place = ended == null ? RowIndex.IN_MEMORY : kept(row);
    if (place == RowIndex.IN_MEMORY) {
      weigh(row, open.put(id, row));
    }
    forget(index.put(id, new RowIndex.Entry(kind.at(row).toEpochMilli(), kind.state(row), kind.signature(row),
        ended == null ? RowIndex.OPEN : ended.toEpochMilli(), place)));
    if (place != RowIndex.IN_MEMORY) {
      weigh(null, open.remove(id));
    }
    return before;
  }

  /// A row that the disk does not take stays in memory: it is said, and makes the service not ready, and nothing is lost.
  private long kept(T row) {
    try {
      return file.append(bytes(row));
    } catch (UncheckedIOException e) {
      LOG.error("row_kept_in_memory id={} cause=\"{}\"", kind.id(row), e.getMessage());
      return RowIndex.IN_MEMORY;
    }
  }

  /// What keeps ended rows from the disk; null when nothing does.
  @Nullable String trouble() {
    return file.trouble();
  }

  /// False when there is a row with its id already.
  synchronized boolean putIfAbsent(T row) {
    return !index.has(kind.id(row)) && put(row) == null;
  }

  /// The row that was there, null when there was none.
  synchronized @Nullable T remove(String id) {
    T before = get(id);
    drop(id);
    return before;
  }

  private void drop(String id) {
    forget(index.remove(id));
    weigh(null, open.remove(id));
  }

  /// False when `row`, an open one, is not the row of its id any more.
  synchronized boolean removeIfSame(T row) {
    return open.get(kind.id(row)) == row && remove(kind.id(row)) != null;
  }

  /// Removes rows that ended at `horizon` or before; these rows.
  List<T> removeEndedBy(Instant horizon) {
    List<T> removed = new ArrayList<>();
    while (true) {
      List<String> ids = index.endedBy(horizon.toEpochMilli(), BATCH);
      for (String id : ids) {
        synchronized (this) {
          T row = get(id);
          Instant ended = row == null ? null : kind.endedAt(row);
          if (ended != null && !ended.isAfter(horizon)) {
            removed.add(row);
            drop(id);
          }
        }
      }
      if (ids.size() < BATCH) {
        return removed;
      }
    }
  }

  /// At most `limit` rows after `cursor` (null: from the newest on) that `matches`; `mask` lets each of these through.
  Page<T> page(@Nullable Cursor cursor, int limit, Mask mask, Predicate<T> matches) {
    List<T> found = new ArrayList<>();
    Cursor from = cursor;
    Cursor last = null;
    int reads = 0;
    while (true) {
      RowIndex.Scan scan = index.scan(from, mask, Math.min(BATCH, limit + 1));
      for (RowIndex.Candidate candidate : scan.candidates()) {
        T row = row(candidate);
        reads += candidate.place() == RowIndex.IN_MEMORY ? 0 : 1;
        if (row != null && matches.test(row)) {
          if (found.size() == limit) {
            return new Page<>(found, last);
          }
          found.add(row);
          last = candidate.cursor();
        }
        if (reads >= maxReads) {
          return new Page<>(found, candidate.cursor());
        }
      }
      from = scan.goOn();
      if (from == null) {
        return new Page<>(found, null);
      }
    }
  }

  /// As it is now: it may have changed, or gone, since the scan.
  private @Nullable T row(RowIndex.Candidate candidate) {
    T stored = candidate.place() == RowIndex.IN_MEMORY ? null : stored(candidate.place());
    return stored == null ? get(candidate.cursor().id()) : stored;
  }

  private void forget(@Nullable Long place) {
    if (place != null && place != RowIndex.IN_MEMORY) {
      file.forget(place);
    }
  }

  private byte[] bytes(T row) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writer.write(row, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable T stored(long place) {
    byte[] body = place == RowIndex.IN_MEMORY ? null : file.read(place);
    try {
      return body == null ? null : reader.read(null, DecoderFactory.get().binaryDecoder(body, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
