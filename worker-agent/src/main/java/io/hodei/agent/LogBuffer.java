package io.hodei.agent;

import com.google.protobuf.UnsafeByteOperations;
import io.hodei.gateway.v1.LogEnd;
import io.hodei.gateway.v1.LogEntry;
import io.hodei.gateway.v1.Stream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The log of one attempt between its two readers and its one shipper: numbers the entries in the order read, cuts
/// batches, and holds at most [#LARGEST_COST] (then the readers wait, and so does the job).
/// Promises: no entry is lost, changed or reordered; an unfinished line leaves after [#QUIET_NANOS] of quiet.
final class LogBuffer {
  static final long LARGEST_COST = 8 << 20;
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long OLDEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WIRE_OVERHEAD = 32;
  private static final int HEAP_OVERHEAD = 96;
  private static final int SMALLEST_BATCH = 4 << 10;

  /// What is sent at once; `end` in the last one, which may have no entries.
  record Batch(List<LogEntry> entries, @Nullable LogEnd end, long cost) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition roomMade = lock.newCondition();
  private final Condition streamEnded = lock.newCondition();
  private final ArrayDeque<LogEntry> queue = new ArrayDeque<>();
  private final LineCutter[] cutters;
  private final LineCutter.Sink[] sinks;
  private final long batchBytes;
  private final long maxBytes;

  private long cost;
  private long queuedBytes;
  private long waitingSince;
  private long seq;
  private long bytes;
  private boolean dropping;
  private final Set<Stream> droppedInPart = EnumSet.noneOf(Stream.class);
  private long droppedLines;
  private long droppedBytes;
  private long readMs;
  private int openStreams;
  private int readersWaiting;
  private long lastRead = System.nanoTime();
  private boolean finished;

  /// `maxBytes` 0: no limit.
  LogBuffer(long maxBatchBytes, long maxBytes) {
    this.batchBytes = Math.max(SMALLEST_BATCH, maxBatchBytes);
    this.maxBytes = maxBytes;
    int largestEntry = (int) Math.min(Integer.MAX_VALUE, batchBytes - WIRE_OVERHEAD);
    cutters = new LineCutter[] {new LineCutter(largestEntry), new LineCutter(largestEntry)};
    sinks = new LineCutter.Sink[] {
      (array, from, length, partial) -> add(Stream.STDOUT, array, from, length, partial),
      (array, from, length, partial) -> add(Stream.STDERR, array, from, length, partial),
    };
  }

  /// Before the readers of both streams start.
  void streamsOpen() {
    openStreams = 2;
  }

  /// Waits for room, then gives the array to read into; null when nobody wants more. Stream 0 is stdout, 1 is stderr.
  byte @Nullable [] room(int stream) throws InterruptedException {
    lock.lock();
    try {
      readersWaiting++;
      while (cost >= LARGEST_COST && !finished) {
        roomMade.await();
      }
      readersWaiting--;
      lastRead = System.nanoTime();
      return finished ? null : cutters[stream].room();
    } finally {
      lock.unlock();
    }
  }

  int roomFrom(int stream) {
    return cutters[stream].end();
  }

  void read(int stream, int count) {
    lock.lock();
    try {
      if (finished) {
        return;
      }
      lastRead = System.nanoTime();
      readMs = System.currentTimeMillis();
      boolean idle = queue.isEmpty();
      cutters[stream].read(count, lastRead, sinks[stream]);
      if (idle || queuedBytes >= batchBytes || cutters[stream].unfinished()) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void streamEnds() {
    lock.lock();
    try {
      openStreams--;
      streamEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until both streams have ended. False: one stays open without a byte for `guardMs` from now, held by somebody
  /// who is no descendant of the job; a reader that waits for room is no reason to give up.
  boolean awaitStreamsEnd(long guardMs) throws InterruptedException {
    lock.lock();
    try {
      long asked = System.nanoTime();
      while (openStreams > 0) {
        long quiet = System.nanoTime() - Math.max(asked, lastRead);
        long left = TimeUnit.MILLISECONDS.toNanos(guardMs) - (readersWaiting > 0 ? 0 : quiet);
        if (left <= 0) {
          return false;
        }
        streamEnded.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is read: what is unfinished goes out, then the end.
  void finish() {
    lock.lock();
    try {
      for (int i = 0; i < cutters.length; i++) {
        if (cutters[i].unfinished()) {
          readMs = System.currentTimeMillis();
          cutters[i].flush(sinks[i]);
        }
      }
      // A line that never ended is one, however many pieces of it were dropped.
      droppedLines += droppedInPart.size();
      finished = true;
      changed.signal();
      roomMade.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next batch: a full one, one that has lingered, or the last.
  Batch next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        long wake = flushUnfinished(now);
        if (!queue.isEmpty()) {
          long linger = waitingSince + LINGER_NANOS;
          if (finished || queuedBytes >= batchBytes || linger - now <= 0) {
            return take();
          }
          wake = Math.min(wake, linger - now);
        } else if (finished) {
          return new Batch(List.of(), end(), 0);
        }
        if (wake == Long.MAX_VALUE) {
          changed.await();
        } else {
          changed.awaitNanos(wake);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// The gateway has it: its memory is free.
  void acknowledged(Batch batch) {
    lock.lock();
    try {
      cost -= batch.cost();
      roomMade.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Sends unfinished lines that are due on their way; answers the nanoseconds until the next one is.
  private long flushUnfinished(long now) {
    long wake = Long.MAX_VALUE;
    for (int i = 0; i < cutters.length; i++) {
      if (cutters[i].unfinished()) {
        long left = cutters[i].dueNanos(QUIET_NANOS, OLDEST_NANOS) - now;
        if (left > 0) {
          wake = Math.min(wake, left);
        } else {
          readMs = System.currentTimeMillis();
          cutters[i].flush(sinks[i]);
          waitingSince = now - LINGER_NANOS;
        }
      }
    }
    return wake;
  }

  private Batch take() {
    var entries = new ArrayList<LogEntry>();
    long size = 0;
    long taken = 0;
    while (!queue.isEmpty()) {
      int length = queue.peekFirst().getData().size();
      if (!entries.isEmpty() && size + length + WIRE_OVERHEAD > batchBytes) {
        break;
      }
      entries.add(queue.removeFirst());
      size += length + WIRE_OVERHEAD;
      taken += length + HEAP_OVERHEAD;
    }
    queuedBytes -= size;
    return new Batch(entries, finished && queue.isEmpty() ? end() : null, taken);
  }

  private LogEnd end() {
    return LogEnd.newBuilder().setLines(seq).setBytes(bytes).setDroppedLines(droppedLines).setDroppedBytes(droppedBytes).build();
  }

  private void add(Stream stream, byte[] array, int from, int length, boolean partial) {
    if (!dropping && (maxBytes <= 0 || bytes + length <= maxBytes)) {
      enqueue(stream, array, from, length, partial);
      return;
    }
    int kept = dropping ? 0 : (int) (maxBytes - bytes);
    if (!dropping) {
      dropping = true;
      if (kept > 0) {
        enqueue(stream, array, from, kept, true);
      }
      var marker = ("[hodei] log limit of " + maxBytes + " bytes reached; the rest is dropped\n").getBytes(StandardCharsets.UTF_8);
      enqueue(Stream.STDERR, marker, 0, marker.length, false);
    }
    droppedBytes += length - kept;
    if (partial) {
      droppedInPart.add(stream);
    } else {
      droppedInPart.remove(stream);
      droppedLines++;
    }
  }

  private void enqueue(Stream stream, byte[] array, int from, int length, boolean partial) {
    if (queue.isEmpty()) {
      waitingSince = System.nanoTime();
    }
    seq++;
    bytes += length;
    cost += length + HEAP_OVERHEAD;
    queuedBytes += length + WIRE_OVERHEAD;
    queue.addLast(LogEntry.newBuilder().setSeq(seq).setAtMs(readMs).setStream(stream).setData(UnsafeByteOperations.unsafeWrap(array, from, length)).setPartial(partial).build());
  }
}
