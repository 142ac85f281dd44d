package io.hodei.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
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
    Deque<String> left = new ArrayDeque<>(arguments);
    int minutes = DEFAULT_MINUTES;
    long seed = ThreadLocalRandom.current().nextInt(1_000_000);
    Path data = null;
    Path report = null;
    while (!left.isEmpty()) {
      String argument = left.pop();
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      if (equals > 0) {
        left.push(argument.substring(equals + 1));
        argument = argument.substring(0, equals);
      }
      switch (argument) {
        case "--minutes" -> minutes = (int) number(argument, left, 1, MOST_MINUTES);
        case "--seed" -> seed = number(argument, left, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--data" -> data = fresh(Path.of(value(argument, left)).toAbsolutePath());
        case "--report" -> report = writable(Path.of(value(argument, left)).toAbsolutePath());
        default -> throw new IllegalArgumentException("Expected an option of chaos, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    return new ChaosOptions(Duration.ofMinutes(minutes), seed, data, report);
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty() || left.peek().isEmpty()) {
      throw new IllegalArgumentException("Expected a value after " + option + ", but found none.");
    }
    return left.pop();
  }

  private static long number(String option, Deque<String> left, long least, long most) {
    String text = value(option, left);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as for a number out of range.
    }
    throw new IllegalArgumentException("Expected a whole number from " + least + " to " + most + " after " + option + ", but found \"" + text + "\".");
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
