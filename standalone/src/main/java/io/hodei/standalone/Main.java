package io.hodei.standalone;

import io.hodei.kit.SettingsException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// The commands that need the whole of Hodei: `up`, `down`, `serve`. Exit code 0, 1 for what failed, 2 for wrong usage.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int code;
    try {
      code = run(List.of(args));
    } catch (StandaloneException e) {
      System.err.println("Error: " + e.getMessage());
      code = e.exitCode();
    } catch (SettingsException e) {
      System.err.println("Error: " + e.getMessage());
      code = StandaloneException.WRONG_USAGE;
    } catch (IOException e) {
      System.err.println("Error: Expected to read and write files, but: " + e);
      code = StandaloneException.FAILED;
    } catch (InterruptedException e) {
      code = StandaloneException.FAILED;
    }
    System.exit(code);
  }

  private static int run(List<String> args) throws IOException, InterruptedException {
    String command = args.isEmpty() ? "" : args.getFirst();
    List<String> rest = args.isEmpty() ? List.of() : args.subList(1, args.size());
    boolean help = rest.contains("--help") || rest.contains("-h");
    Progress progress = new Progress(System.err);
    return switch (command) {
      case "up" -> help ? usage(UpOptions.USAGE) : up(UpOptions.parse(rest), progress);
      case "down" -> help ? usage(Down.USAGE) : Down.parse(rest, progress).run();
      case "serve" -> help ? usage(Serve.USAGE) : Serve.service(rest);
      case "broker" -> Serve.broker(new DataDirectory(Path.of(rest.getLast())));
      default -> throw StandaloneException.usage("Expected up, down or serve, but found \"" + command + "\".");
    };
  }

  private static int up(UpOptions options, Progress progress) throws IOException, InterruptedException {
    if (options.detach()) {
      return new Detached(options, progress, System.out).run();
    }
    PrintStream out = Boolean.getBoolean(Java.CHILD) ? new PrintStream(OutputStream.nullOutputStream()) : System.out;
    return new Up(options, progress, out).run();
  }

  private static int usage(String text) {
    System.out.print(text);
    return 0;
  }
}
