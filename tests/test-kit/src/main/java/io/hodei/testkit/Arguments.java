package io.hodei.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A command line, read from left to right: `--name value` or `--name=value`. What is wrong is an IllegalArgumentException that says what was expected.
public final class Arguments {
  private final Deque<String> left;

  public Arguments(List<String> arguments) {
    this.left = new ArrayDeque<>(arguments);
  }

  public boolean isEmpty() {
    return left.isEmpty();
  }

  /// The next argument; of `--name=value` the name, and its value comes next.
  public String next() {
    String argument = left.pop();
    int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
    if (equals <= 0) {
      return argument;
    }
    left.push(argument.substring(equals + 1));
    return argument.substring(0, equals);
  }

  /// The value of `option`, which was read just before.
  public String value(String option) {
    if (left.isEmpty() || left.peek().isEmpty()) {
      throw new IllegalArgumentException("Expected a value after " + option + ", but found none.");
    }
    return left.pop();
  }

  /// The same as a whole number from `least` to `most`.
  public long number(String option, long least, long most) {
    String text = value(option);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as for a number out of range.
    }
    throw new IllegalArgumentException("Expected a whole number from " + least + " to " + most + " after " + option + ", but found \"" + text + "\".");
  }
}
