package io.hodei.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// At most one `up` rules a data directory. The operating system's own lock: it dies with its holder, however that dies.
final class UpLock implements AutoCloseable {
  private final FileChannel channel;
  private final @Nullable FileLock lock;

  private UpLock(FileChannel channel, @Nullable FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  static UpLock tryTake(DataDirectory directory) throws IOException {
    FileChannel channel = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new UpLock(channel, channel.tryLock());
  }

  boolean held() {
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
