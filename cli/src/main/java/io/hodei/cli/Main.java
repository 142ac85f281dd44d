package io.hodei.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The client commands. Reads the words, finds the command in the table, does it, exits with its code.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8));
    int code = run(Surroundings.ofThisProcess(), args);
    System.out.flush();
    System.exit(code);
  }

  /// Does one command; its exit code.
  static int run(Surroundings world, String... args) {
    try {
      return run(world, List.of(Words.exact(args)));
    } catch (Failure e) {
      return told(world, e, Exits.PLAIN);
    }
  }

  private static int run(Surroundings world, List<String> words) {
    if (words.isEmpty()) {
      return print(world.err(), Help.ofHodei(), Failure.USAGE);
    }
    switch (words.getFirst()) {
      case "--help", "-h", "help" -> {
        return print(world.out(), Help.ofHodei(), 0);
      }
      case "--version", "-V" -> {
        return print(world.out(), "hodei " + version() + "\n", 0);
      }
      default -> {
        Arguments arguments = Arguments.read(CommandTable.VERBS, words);
        return arguments.wantsHelp() ? print(world.out(), Help.of(arguments.path(), arguments.verb()), 0) : run(world, arguments);
      }
    }
  }

  private static int run(Surroundings world, Arguments arguments) {
    Exits exits = arguments.verb().exits();
    try {
      return arguments.verb().action().run(new Call(arguments, world));
    } catch (Failure e) {
      return told(world, e, exits);
    } catch (JobOutput.Closed e) {
      return Failure.BROKEN_PIPE;
    } catch (IOException e) {
      return "Broken pipe".equals(e.getMessage()) ? Failure.BROKEN_PIPE
          : told(world, Failure.failed("Expected to write the answer, but: " + e.getMessage()), exits);
    } catch (Exception e) {
      return told(world, Failure.failed("Expected this to work, but " + e), exits);
    }
  }

  /// An error is told wherever stderr leads: a silent exit code helps nobody who reads a log.
  private static int told(Surroundings world, Failure failure, Exits exits) {
    return print(world.err(), "Error: " + failure.getMessage() + "\n", exits.of(failure));
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0-SNAPSHOT" : version;
  }

  private static int print(OutputStream to, String text, int exitCode) {
    try {
      to.write(text.getBytes(StandardCharsets.UTF_8));
      to.flush();
      return exitCode;
    } catch (IOException e) {
      return exitCode == 0 ? Failure.BROKEN_PIPE : exitCode;
    }
  }
}
