package io.hodei.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `up --detach`: starts the real `up` in a session of its own, shows what it says until it is ready, and leaves it alone.
final class Detached {
  private final UpOptions options;
  private final Progress progress;
  private final PrintStream out;

  Detached(UpOptions options, Progress progress, PrintStream out) {
    this.options = options;
    this.progress = progress;
    this.out = out;
  }

  /// Returns the exit code that the same `up` in the foreground would have had.
  int run() throws IOException, InterruptedException {
    DataDirectory directory = options.directory();
    directory.prepare();
    Path log = directory.log().resolve("up.log");
    DataDirectory.write(log, "");
    List<String> arguments = new ArrayList<>(List.of("up", "--data", directory.root().toString()));
    options.provider().ifPresent(provider -> arguments.addAll(List.of("--provider", provider)));
    options.port().ifPresent(port -> arguments.addAll(List.of("--port", Integer.toString(port))));
    if (options.separate()) {
      arguments.add("--separate");
    }
    Process process = Java.process(log, options.separate() ? 128 : 1024, arguments);
    try (RandomAccessFile said = new RandomAccessFile(log.toFile(), "r")) {
      while (process.isAlive()) {
        show(said);
        Optional<UpFile> up = UpFile.read(directory).filter(each -> each.ready() && each.pid().pid() == process.pid());
        if (up.isPresent()) {
          show(said);
          Up.announce(up.get(), out);
          return 0;
        }
        Thread.sleep(30);
      }
      return finish(said, process.waitFor(), directory);
    }
  }

  /// It has ended: because another rules here and all is well, or because it failed.
  private int finish(RandomAccessFile said, int code, DataDirectory directory) throws IOException {
    show(said);
    if (code == 0) {
      UpFile.read(directory).ifPresent(up -> Up.announce(up, out));
    }
    return code;
  }

  private void show(RandomAccessFile said) throws IOException {
    String line = said.readLine();
    while (line != null) {
      progress.line(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      line = said.readLine();
    }
  }
}
