package io.hodei.chaos;

import io.hodei.testkit.Arguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What was asked of `chaos`. `data`: null for a temporary directory.
record ChaosOptions(Duration length, long seed, @Nullable Path data, @Nullable Path report) {
  static final String USAGE = """
      Usage: hodei chaos [--minutes 2] [--seed S] [--data DIR] [--report FILE]

      Starts a Hodei of its own, each part its own process, does to them what may happen to processes while jobs come and go,
      and judges what was seen from outside. Exits with 0 when no promise was broken, with 1 when one was.
        --minutes N    how long the load lasts, 1 to 1440 (default: 2); the start, the quiet and the judgement come on top
        --seed S       a number; the same seed plans the same faults and jobs (default: one by chance, which is told)
        --data DIR     a new or empty directory for the run (default: a temporary one); kept when a promise was broken
        --report FILE  writes the tables as Markdown, too
      """;
  private static final int DEFAULT_MINUTES = 2;
  private static final int MOST_MINUTES = 1440;

  /// @throws IllegalArgumentException saying what was expected
  static ChaosOptions parse(List<String> arguments) {
    Arguments left = new Arguments(arguments);
    int minutes = DEFAULT_MINUTES;
    long seed = ThreadLocalRandom.current().nextInt(1_000_000);
    Path data = null;
    Path report = null;
    while (!left.isEmpty()) {
      String argument = left.next();
      switch (argument) {
        case "--minutes" -> minutes = (int) left.number(argument, 1, MOST_MINUTES);
        case "--seed" -> seed = left.number(argument, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--data" -> data = fresh(Path.of(left.value(argument)).toAbsolutePath());
        case "--report" -> report = writable(Path.of(left.value(argument)).toAbsolutePath());
        default -> throw new IllegalArgumentException("Expected an option of chaos, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    return new ChaosOptions(Duration.ofMinutes(minutes), seed, data, report);
  }

  private static Path fresh(Path directory) {
    String[] names = Files.isDirectory(directory) ? directory.toFile().list() : new String[0];
    if ((Files.exists(directory) && !Files.isDirectory(directory)) || names == null || names.length > 0) {
      throw new IllegalArgumentException("Expected a new or empty directory after --data, but found " + directory + " with something in it.");
    }
    return directory;
  }

  private static Path writable(Path file) {
    Path parent = file.getParent();
    if (Files.isDirectory(file) || parent == null || !Files.isWritable(parent)) {
      throw new IllegalArgumentException("Expected a file that can be written after --report, but found " + file + ".");
    }
    return file;
  }
}
