package io.hodei.chaos;

import java.util.List;

/// `hodei chaos`. Exit code 0 when no promise was broken, 1 when one was or the run broke off, 2 for wrong usage.
public final class Main {
  private static final int BROKEN = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  public static void main(String[] args) throws Exception {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws Exception {
    if (args.contains("--help") || args.contains("-h")) {
      System.out.print(ChaosOptions.USAGE);
      return 0;
    }
    ChaosOptions options;
    try {
      options = ChaosOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("Error: " + e.getMessage());
      return WRONG_USAGE;
    }
    return new Chaos(options, System.out).run().isEmpty() ? 0 : BROKEN;
  }
}
