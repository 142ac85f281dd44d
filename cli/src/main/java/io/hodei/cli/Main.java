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
      return print(world.err(), "Error: " + e.getMessage() + "\n", e.exitCode());
    } catch (JobOutput.Closed e) {
      return Failure.BROKEN_PIPE;
    } catch (IOException e) {
      return "Broken pipe".equals(e.getMessage()) ? Failure.BROKEN_PIPE
          : print(world.err(), "Error: Expected to write the answer, but: " + e.getMessage() + "\n", Failure.FAILED);
    } catch (Exception e) {
      return print(world.err(), "Error: Expected this to work, but " + e + "\n", Failure.FAILED);
    }
  }

  private static int run(Surroundings world, List<String> words) throws Exception {
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
        return arguments.wantsHelp() ? print(world.out(), Help.of(arguments.path(), arguments.verb()), 0)
            : arguments.verb().action().run(new Call(arguments, world));
      }
    }
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
