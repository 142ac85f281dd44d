package io.hodei.agent;

import java.io.FileInputStream;
import java.io.IOException;

/// The thread that reads one of the job's streams to its end. It stops reading when the buffer is full.
final class LogReader implements Runnable {
  static final int STDOUT = 0;
  static final int STDERR = 1;
  private static final int LARGEST_READ = 64 << 10;

  private final FileInputStream input;
  private final LogBuffer buffer;
  private final int stream;

  private LogReader(FileInputStream input, LogBuffer buffer, int stream) {
    this.input = input;
    this.buffer = buffer;
    this.stream = stream;
  }

  static void start(Launch.Started job, LogBuffer buffer) {
    buffer.streamsOpen();
    Thread.ofPlatform().name("stdout").daemon().start(new LogReader(job.stdout(), buffer, STDOUT));
    Thread.ofPlatform().name("stderr").daemon().start(new LogReader(job.stderr(), buffer, STDERR));
  }

  @Override
  public void run() {
    try (input) {
      byte[] array;
      while ((array = buffer.room(stream)) != null) {
        int from = buffer.roomFrom(stream);
        int count = input.read(array, from, Math.min(LARGEST_READ, array.length - from));
        if (count < 0) {
          break;
        }
        buffer.read(stream, count);
      }
    } catch (IOException e) {
      Say.error("stream_unreadable", "stream", stream, "message", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      buffer.streamEnds();
    }
  }
}
