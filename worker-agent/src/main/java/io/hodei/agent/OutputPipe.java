package io.hodei.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// One output stream of the job: a named pipe that is unlinked as soon as both ends are open. Not a pipe of
/// [Process]: Java empties and closes those when the child exits, which loses what its own children still write, and
/// takes memory without bound while it does.
final class OutputPipe implements AutoCloseable {
  private final Path name;
  private final RandomAccessFile keeper;
  private final FileInputStream reader;

  private OutputPipe(Path name, RandomAccessFile keeper, FileInputStream reader) {
    this.name = name;
    this.keeper = keeper;
    this.reader = reader;
  }

  static OutputPipe open(Path name) throws IOException {
    Files.deleteIfExists(name);
    if (!Libc.makePipe(name.toString())) {
      throw new IOException("Expected to make a named pipe in the scratch directory, but the system refused: " + name);
    }
    // Open for both, the pipe has a reader and a writer, so that no other open of it waits.
    var keeper = new RandomAccessFile(name.toFile(), "rw");
    try {
      return new OutputPipe(name, keeper, new FileInputStream(name.toFile()));
    } catch (FileNotFoundException e) {
      keeper.close();
      throw e;
    }
  }

  File forTheJob() {
    return name.toFile();
  }

  FileInputStream reader() {
    return reader;
  }

  /// The job has its end (or never will): from now on the reader sees the end when the last writer is gone.
  @Override
  public void close() throws IOException {
    keeper.close();
    Files.deleteIfExists(name);
  }
}
