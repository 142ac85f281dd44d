package io.hodei.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What `--help` shows: of hodei, and of one command.
final class Help {
  private static final int COMMAND_WIDTH = 12;
  private static final int OPTION_WIDTH = 24;

  private Help() {}

  static String ofHodei() {
    StringBuilder text = new StringBuilder("""
        hodei runs jobs on workers that live exactly as long as their job.

          ./hodei up                       starts everything on this machine
          ./hodei run -- echo hello        runs a command as a job

        Commands (hodei COMMAND --help tells more):
        """);
    Set<String> below = new HashSet<>();
    for (Verb verb : CommandTable.VERBS) {
      if (verb.name().equals("jobs")) {
        verb.verbs().forEach(each -> below.add(each.name()));
      }
      if (!below.contains(verb.name()) && verb.isBuilt()) {
        line(text, verb.name(), COMMAND_WIDTH, verb.summary());
      }
    }
    return text.append("""

        Every command takes --data DIR, the data directory of the Hodei on this machine, and -o json where it shows something.
        HODEI_URL and HODEI_TOKEN name another Hodei. Exit codes: 0 done, 1 not done, 2 wrong usage;
        run and wait: the job's. The help of a command tells where it has others; docs/cli.md tells all.
        """).toString();
  }

  /// `hodei get [OPTIONS] JOB`.
  static String usage(String path, Verb verb) {
    StringBuilder text = new StringBuilder(path).append(verb.optionNames().isEmpty() ? "" : " [OPTIONS]");
    for (Shape shape : verb.shapes()) {
      switch (shape) {
        case Shape.Operand operand -> text.append(' ').append(operand.label());
        case Shape.Words words -> text.append(" -- ").append(words.label());
        case Shape.Option option -> { }
        case Shape.Anything anything -> { }
      }
    }
    return text.toString();
  }

  static String of(String path, Verb verb) {
    StringBuilder text = new StringBuilder("Usage: ").append(usage(path, verb));
    text.append("\n").append(verb.summary()).append("\n\n");
    for (Shape shape : verb.shapes()) {
      switch (shape) {
        case Shape.Operand operand -> line(text, operand.label(), OPTION_WIDTH, operand.description());
        case Shape.Words words -> line(text, words.label(), OPTION_WIDTH, words.description());
        case Shape.Option option -> line(text, option.typed(), OPTION_WIDTH, option.description());
        case Shape.Anything anything -> { }
      }
    }
    below(text, verb.verbs());
    exits(text, verb.exits());
    return text.toString();
  }

  private static void below(StringBuilder text, List<Verb> verbs) {
    if (!verbs.isEmpty()) {
      text.append('\n');
      verbs.forEach(verb -> line(text, verb.name(), COMMAND_WIDTH, verb.summary()));
    }
  }

  private static void exits(StringBuilder text, Exits exits) {
    if (exits != Exits.PLAIN) {
      text.append("\nExit codes:\n");
      exits.codes().forEach(each -> line(text, each.code(), COMMAND_WIDTH, each.meaning()));
    }
  }

  private static void line(StringBuilder text, String name, int width, String meaning) {
    text.append("  ").append(name).repeat(' ', Math.max(1, width + 1 - name.length())).append(meaning).append('\n');
  }
}
