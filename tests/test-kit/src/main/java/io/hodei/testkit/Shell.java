package io.hodei.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The `hodei` script of this checkout, run as a user runs it.
public final class Shell {
  private static final Duration GUARD = Duration.ofMinutes(3);

  private Shell() {}

  /// The checkout that we were told of (property `hodei.checkout`), else the one that the tests run in.
  public static Path checkout() {
    Path here = Path.of(System.getProperty("hodei.checkout", "")).toAbsolutePath();
    while (here != null && !Files.exists(here.resolve("mvnw"))) {
      here = here.getParent();
    }
    if (here == null) {
      throw new IllegalStateException("Expected to run inside a checkout of Hodei");
    }
    return here;
  }

  /// Runs `./hodei arguments` to its end.
  public static Ran hodei(Map<String, String> environment, Path directory, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout().resolve("hodei").toString());
    command.addAll(arguments);
    return run(environment, directory, command);
  }

  /// Starts `./hodei arguments` and returns at once.
  public static Process start(Map<String, String> environment, Path directory, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout().resolve("hodei").toString());
    command.addAll(arguments);
    try {
      return builder(environment, directory, command).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Ran run(Map<String, String> environment, Path directory, List<String> command) {
    return run(environment, directory, command, GUARD);
  }

  /// The same with another guard against hanging.
  public static Ran run(Map<String, String> environment, Path directory, List<String> command, Duration guard) {
    long began = System.nanoTime();
    try {
      Process process = builder(environment, directory, command).start();
      process.getOutputStream().close();
      Collector out = new Collector(process.getInputStream());
      Collector err = new Collector(process.getErrorStream());
      if (!process.waitFor(guard.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Expected " + command + " to end within " + guard + ", but it runs on\nstdout: " + out.text() + "\nstderr: " + err.text());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return new Ran(process.exitValue(), out.bytes(), err.bytes(), took);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder builder(Map<String, String> environment, @Nullable Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("HODEI_") && !name.equals("HODEI_NO_BUILD"));
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder;
  }

  private static final class Collector {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Collector(InputStream in) {
      thread = Thread.ofVirtual().start(() -> {
        try (in) {
          in.transferTo(bytes);
        } catch (IOException e) {
          // The process is gone; what was read is what there is.
        }
      });
    }

    byte[] bytes() throws InterruptedException {
      thread.join(Duration.ofSeconds(20));
      return bytes.toByteArray();
    }

    String text() {
      return bytes.toString();
    }
  }
}
