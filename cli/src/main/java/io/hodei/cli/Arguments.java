package io.hodei.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command line, read: its command, the values of its options by their long names, its operands. Our own reading, as the
/// classes of the usual library are too old for the JVM's cache and cost 100 ms at every start.
record Arguments(Verb verb, String path, Map<String, List<String>> values, List<String> operands) {
  /// Reads `words`, of which the first names a command.
  ///
  /// @throws Failure usage, with the nearest thing that would be right
  static Arguments read(List<Verb> table, List<String> words) {
    String first = words.getFirst();
    Verb verb = Verb.named(first, table);
    if (verb == null) {
      throw Failure.usage("Expected a command of hodei, but found \"" + first + "\"; "
          + Nearest.to(first, table.stream().map(Verb::name).toList()) + "see hodei --help");
    }
    return new Reading(verb, "hodei " + first, words).all();
  }

  boolean wantsHelp() {
    return values.containsKey("--help");
  }

  @Nullable String text(String name) {
    List<String> found = values.get(name);
    return found == null ? null : found.getFirst();
  }

  List<String> texts(String name) {
    return values.getOrDefault(name, List.of());
  }

  private static final class Reading {
    private final List<String> words;
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> operands = new ArrayList<>();
    private Verb verb;
    private String path;
    private int at = 1;

    Reading(Verb verb, String path, List<String> words) {
      this.verb = verb;
      this.path = path;
      this.words = words;
    }

    Arguments all() {
      while (at < words.size() && !verb.takesAnything()) {
        String word = words.get(at++);
        if (word.equals("--")) {
          rest(true);
        } else if (word.startsWith("-") && word.length() > 1) {
          option(word);
        } else {
          plain(word);
        }
      }
      if (verb.operand() != null && !verb.takesAnything() && operands.isEmpty() && !values.containsKey("--help")) {
        throw wrong(verb.operand().label(), "nothing");
      }
      return new Arguments(verb, path, values, operands);
    }

    /// What follows `--`, or the first word of a command.
    private void rest(boolean marked) {
      if (marked && !verb.takesWords()) {
        words.subList(at, words.size()).forEach(this::plain);
      } else {
        operands.addAll(words.subList(at, words.size()));
      }
      at = words.size();
    }

    private void plain(String word) {
      Verb below = operands.isEmpty() ? verb.verb(word) : null;
      if (below != null) {
        verb = below;
        path += " " + word;
        for (String name : values.keySet()) {
          known(name);
        }
      } else if (verb.takesWords()) {
        operands.add(word);
        rest(false);
      } else if (verb.operand() != null && (operands.isEmpty() || verb.operand().repeats())) {
        operands.add(word);
      } else {
        throw wrong(verb.verbs().isEmpty() ? "nothing more" : "a command", "\"" + word + "\"; "
            + Nearest.to(word, verb.verbs().stream().map(Verb::name).toList()));
      }
    }

    private void option(String word) {
      int equals = word.indexOf('=');
      boolean attached = !word.startsWith("--") && word.length() > 2;
      String name = attached ? word.substring(0, 2) : word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
      Shape.Option option = known(name);
      @Nullable String value = attached ? word.substring(2) : name.length() < word.length() ? word.substring(equals + 1) : null;
      if (option.label() == null) {
        if (value != null) {
          throw wrong("no value for " + name, "\"" + word + "\"; ");
        }
        values.put(option.name(), List.of());
        return;
      }
      put(option, name, value != null ? attached && value.startsWith("=") ? value.substring(1) : value : next(name));
    }

    private void put(Shape.Option option, String name, String value) {
      List<String> all = values.computeIfAbsent(option.name(), key -> new ArrayList<>());
      if (!all.isEmpty() && !option.repeats()) {
        throw wrong(name + " once", "it twice; ");
      }
      all.add(value);
    }

    private String next(String name) {
      if (at == words.size() || words.get(at).equals("--") || verb.option(words.get(at)) != null) {
        throw wrong("a value for " + name, at == words.size() ? "none; " : "\"" + words.get(at) + "\"; ");
      }
      return words.get(at++);
    }

    private Shape.Option known(String name) {
      Shape.Option option = verb.option(name);
      if (option == null) {
        throw wrong("an option of " + path, "\"" + name + "\"; " + Nearest.to(name, verb.optionNames()));
      }
      return option;
    }

    private Failure wrong(String expected, String found) {
      return Failure.usage("Expected " + expected + ", but found " + found + (found.endsWith(" ") ? "" : "; ") + "see " + path + " --help");
    }
  }
}
