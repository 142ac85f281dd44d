package io.hodei.api;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Bodies of rows on disk, so that the heap holds only where they are. Bodies are appended to segments; a segment is given back when
/// its last body is forgotten. The files have no name once they are open: whatever kills this process leaves nothing, and nothing of
/// it is ever read again, since Kafka has it all. Thread-safe. No file channels: an interrupted reader would close them for everybody.
final class RowFile implements AutoCloseable {
  static final int SEGMENT_BYTES = 64 * 1024 * 1024;

  private static final int FIRST_READ = 2048;

  private final Path directory;
  private final int segmentBytes;
  private final ConcurrentHashMap<Integer, Segment> segments = new ConcurrentHashMap<>();
  private @Nullable Segment current;
  private int made;
  private volatile boolean closed;
  private volatile @Nullable String trouble;

  /// Guarded by itself: the file's position belongs to one reader or writer at a time.
  private static final class Segment {
    private final int number;
    private final RandomAccessFile file;
    private int end;
    private int living;
    private boolean full;
    private boolean closed;

    private Segment(int number, RandomAccessFile file) {
      this.number = number;
      this.file = file;
    }
  }

  RowFile(Path directory, int segmentBytes) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
  }

  /// Keeps `body`; where it is.
  ///
  /// @throws UncheckedIOException when the disk does not take it
  synchronized long append(byte[] body) {
    try {
      long place = appended(body);
      trouble = null;
      return place;
    } catch (UncheckedIOException e) {
      trouble = e.getMessage();
      throw e;
    }
  }

  /// Why the last body could not be kept; null when it could.
  @Nullable String trouble() {
    return trouble;
  }

  private long appended(byte[] body) {
    Segment into = current;
    if (into == null || into.end > 0 && (long) into.end + 4 + body.length > segmentBytes) {
      into = next(into);
    }
    byte[] framed = ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    synchronized (into) {
      try {
        into.file.seek(into.end);
        into.file.write(framed);
      } catch (IOException e) {
        throw new UncheckedIOException("Expected " + directory + " to take the rows of the views, but: " + e.getMessage(), e);
      }
      long place = (long) into.number << 32 | into.end;
      into.end += framed.length;
      into.living++;
      return place;
    }
  }

  /// The body at `place`; null when it was forgotten and its segment is gone.
  byte @Nullable [] read(long place) {
    Segment segment = segments.get((int) (place >>> 32));
    if (closed) {
      throw new IllegalStateException("Expected the rows of the views to be read while they are open, but job-api is stopping.");
    }
    if (segment == null) {
      return null;
    }
    byte[] first = new byte[FIRST_READ];
    synchronized (segment) {
      if (segment.closed) {
        return null;
      }
      try {
        segment.file.seek(place & 0xFFFF_FFFFL);
        int read = segment.file.read(first);
        int length = ByteBuffer.wrap(first).getInt();
        byte[] body = Arrays.copyOfRange(first, 4, 4 + length);
        if (4 + length > read) {
          segment.file.readFully(body, read - 4, 4 + length - read);
        }
        return body;
      } catch (IOException e) {
        throw new UncheckedIOException("Expected to read a row of the views from " + directory + ", but: " + e.getMessage(), e);
      }
    }
  }

  /// The body at `place` is not needed any more. Once for each place.
  void forget(long place) {
    Segment segment = segments.get((int) (place >>> 32));
    if (segment != null) {
      synchronized (segment) {
        segment.living--;
        giveBackWhenDead(segment);
      }
    }
  }

  int segments() {
    return segments.size();
  }

  private Segment next(@Nullable Segment before) {
    if (before != null) {
      synchronized (before) {
        before.full = true;
        giveBackWhenDead(before);
      }
    }
    try {
      Files.createDirectories(directory);
      Path path = Files.createTempFile(directory, "rows-", null);
      Segment segment = new Segment(made++, new RandomAccessFile(path.toFile(), "rw"));
      Files.delete(path);
      segments.put(segment.number, segment);
      current = segment;
      return segment;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected a directory for the rows of the views at " + directory + ", but: " + e.getMessage(), e);
    }
  }

  private void giveBackWhenDead(Segment segment) {
    if (segment.full && segment.living == 0) {
      close(segment);
    }
  }

  private void close(Segment segment) {
    segments.remove(segment.number);
    segment.closed = true;
    try {
      segment.file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    current = null;
    for (Segment segment : segments.values()) {
      synchronized (segment) {
        close(segment);
      }
    }
  }
}
