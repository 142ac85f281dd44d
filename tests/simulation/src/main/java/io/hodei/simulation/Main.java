package io.hodei.simulation;

import io.hodei.simulation.Simulation.Verdict;
import java.util.Comparator;
import java.util.List;

/// `hodei simulate`. Exit code 0 when no promise was broken, 1 when one was, 2 for wrong usage.
public final class Main {
  private static final int BROKEN = 1;
  private static final int WRONG_USAGE = 2;
  private static final int SHOWN = 5;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws InterruptedException {
    if (args.contains("--help") || args.contains("-h")) {
      System.out.print(SimulateOptions.USAGE);
      return 0;
    }
    SimulateOptions options;
    try {
      options = SimulateOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("Error: " + e.getMessage());
      return WRONG_USAGE;
    }
    if (options.seeds() == 1) {
      return one(options);
    }
    Runs.Total total = Runs.run(options.seeds(), number -> options.from() + number, options.mutant(), SHOWN, System.err::println);
    total.broken().stream().sorted(Comparator.comparingLong(Verdict::seed)).forEach(verdict -> System.out.println(Simulation.text(verdict, options.mutant()) + "\n"));
    System.out.println(total);
    System.out.print("how often there was what, ✗ a trouble that befell something under way:\n" + Counts.table(total.met()));
    return total.broken().isEmpty() ? 0 : BROKEN;
  }

  private static int one(SimulateOptions options) {
    Verdict verdict = Simulation.run(options.from(), options.mutant());
    if (options.trace()) {
      Simulation.trace(options.from(), options.mutant(), verdict.broken() == null ? Long.MAX_VALUE : verdict.broken().step()).all().forEach(System.out::println);
    }
    System.out.println(Simulation.text(verdict, options.mutant()));
    return verdict.broken() == null ? 0 : BROKEN;
  }
}
