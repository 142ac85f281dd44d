package io.hodei.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The right to be a service of a data directory, taken before anything is done as such: an `up` and a `serve` that bring the same one back at once
/// would both act, until the slower one found its port taken. The operating system's own lock: it dies with its holder, however that dies.
final class RunClaim implements AutoCloseable {
  private final FileChannel channel;
  private final @Nullable FileLock lock;

  private RunClaim(FileChannel channel, @Nullable FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /// Tries for as long as `patience`: who has it may be about to find the record of another, and to go.
  static RunClaim tryTake(DataDirectory directory, Component component, Duration patience) throws IOException {
    FileChannel channel = FileChannel.open(directory.run().resolve(component.label() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long end = System.nanoTime() + patience.toNanos();
    FileLock lock = tryLock(channel);
    while (lock == null && System.nanoTime() < end) {
      Pause.millis(50);
      lock = tryLock(channel);
    }
    return new RunClaim(channel, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  boolean held() {
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
