package io.hodei.standalone;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What was asked of `up`. `provider`: where the jobs of pool default run; empty: as the last time, or in processes.
record UpOptions(DataDirectory directory, Optional<String> provider, OptionalInt port, boolean detach, boolean separate) {
  static final String USAGE = """
      Usage: hodei up [--provider process|docker|kubernetes] [--data DIR] [--port 8080] [--detach] [--separate]

      Starts broker, Postgres, schema registry and all services on this machine, and stops them on Ctrl-C.
        --provider NAME  where the jobs of pool default run (default: as the last time, else process): process, whose jobs run as
                         you, trusted ones only; docker, in containers of images that the jobs name; kubernetes, in pods of them
        --data DIR       where everything is kept (default: .hodei in the checkout, else ~/.hodei)
        --port N         port of the API (default: 8080, or a free one)
        --detach         return when it is ready
        --separate       each part its own process
      """;

  static UpOptions parse(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    Path data = defaultData();
    Optional<String> provider = Optional.empty();
    OptionalInt port = OptionalInt.empty();
    boolean detach = false;
    boolean separate = false;
    while (!left.isEmpty()) {
      String argument = left.pop();
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      if (equals > 0) {
        left.push(argument.substring(equals + 1));
        argument = argument.substring(0, equals);
      }
      switch (argument) {
        case "--provider" -> provider = Optional.of(checked(value(argument, left)));
        case "--data" -> data = Path.of(value(argument, left));
        case "--port" -> port = OptionalInt.of(portOf(value(argument, left)));
        case "--detach" -> detach = true;
        case "--separate" -> separate = true;
        default -> throw StandaloneException.usage("Expected an option of up, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    return new UpOptions(new DataDirectory(data), provider, port, detach, separate);
  }

  /// What the script that runs us has found, else below the home directory.
  static Path defaultData() {
    String given = System.getProperty("hodei.default-data", "");
    return given.isEmpty() ? Path.of(System.getProperty("user.home"), ".hodei") : Path.of(given);
  }

  static String value(String option, Deque<String> left) {
    if (left.isEmpty() || left.peek().isEmpty()) {
      throw StandaloneException.usage("Expected a value after " + option + ", but found none.");
    }
    return left.pop();
  }

  private static String checked(String provider) {
    return switch (provider) {
      case "process", "docker", "kubernetes" -> provider;
      default -> throw StandaloneException.usage("Expected --provider process, docker or kubernetes, but found \"" + provider + "\".");
    };
  }

  private static int portOf(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below, as for a number out of range.
    }
    throw StandaloneException.usage("Expected a port from 1 to 65535 after --port, but found \"" + text + "\".");
  }
}
