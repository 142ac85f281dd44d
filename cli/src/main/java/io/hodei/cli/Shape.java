package io.hodei.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that a command takes.
sealed interface Shape {
  /// `label` null: a flag, else the option has a value. `repeats`: it may be given several times.
  record Option(List<String> names, @Nullable String label, String description, boolean repeats) implements Shape {
    String name() {
      return names.getLast();
    }

    /// `-o, --output FORMAT`.
    String typed() {
      return String.join(", ", names) + (label == null ? "" : " " + label);
    }
  }

  /// The one positional parameter. `repeats`: one or more.
  record Operand(String label, String description, boolean repeats) implements Shape {}

  /// Everything from the first word on that is no option, options of that word too.
  record Words(String label, String description) implements Shape {}

  /// Takes whatever comes.
  record Anything() implements Shape {}

  static Shape flag(String description, String... names) {
    return new Option(List.of(names), null, description, false);
  }

  static Shape text(String name, String label, String description) {
    return new Option(List.of(name), label, description, false);
  }

  static Shape many(String name, String label, String description) {
    return new Option(List.of(name), label, description, true);
  }

  static Shape operand(String label, String description) {
    return new Operand(label, description, false);
  }

  static Shape operands(String label, String description) {
    return new Operand(label, description, true);
  }

  static Shape words(String label, String description) {
    return new Words(label, description);
  }
}
