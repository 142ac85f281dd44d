package io.hodei.simulation;

import io.hodei.testkit.Arguments;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked of `simulate`: worlds `from` to `from + seeds - 1`.
record SimulateOptions(long from, long seeds, boolean trace, @Nullable Mutant mutant) {
  static final String USAGE = """
      Usage: hodei simulate [--seeds N] [--from S] [--seed S [--trace]] [--mutant NAME]

      Lets the real decisions live in simulated worlds in which everything fails, and judges them. Exits with 0 when no promise was broken, with 1
      when one was; then it tells the seed, the step, the promise, and the last that was seen of who broke it. It stops when five worlds have broken one.
        --seeds N      how many worlds, 1 to 10000000 (default: 1000)
        --from S       the seed of the first one (default: 1)
        --seed S       one world; the same seed is the same world, everywhere
        --trace        with --seed: everything that happens in it
        --mutant NAME  with a mistake on purpose; see docs/mutants.md
      """;

  /// @throws IllegalArgumentException saying what was expected
  static SimulateOptions parse(List<String> arguments) {
    Arguments left = new Arguments(arguments);
    long from = 1;
    long seeds = 1000;
    @Nullable String one = null;
    @Nullable String many = null;
    boolean trace = false;
    Mutant mutant = null;
    while (!left.isEmpty()) {
      String argument = left.next();
      switch (argument) {
        case "--seeds" -> {
          seeds = left.number(argument, 1, 10_000_000);
          many = argument;
        }
        case "--from" -> {
          from = left.number(argument, Long.MIN_VALUE, Long.MAX_VALUE);
          many = argument;
        }
        case "--seed" -> {
          from = left.number(argument, Long.MIN_VALUE, Long.MAX_VALUE);
          seeds = 1;
          one = argument;
        }
        case "--trace" -> trace = true;
        case "--mutant" -> mutant = mutant(left.value(argument));
        default -> throw new IllegalArgumentException("Expected an option of simulate, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    if (one != null && many != null) {
      throw new IllegalArgumentException("Expected --seed for one world, or --seeds and --from for many, but found " + one + " and " + many + ".");
    }
    if (trace && one == null) {
      throw new IllegalArgumentException("Expected --seed beside --trace, but found none; a trace is of one world.");
    }
    return new SimulateOptions(from, seeds, trace, mutant);
  }

  private static Mutant mutant(String name) {
    return Arrays.stream(Mutant.values()).filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
        "Expected a mutant after --mutant, one of " + Arrays.toString(Mutant.values()) + ", but found \"" + name + "\"."));
  }
}
