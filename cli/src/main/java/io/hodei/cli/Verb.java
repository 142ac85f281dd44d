package io.hodei.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A command of the table: what it is called, what it takes, what it does, and the verbs below it.
record Verb(String name, String summary, List<Shape> shapes, Action action, List<Verb> verbs, Exits exits) {
  static final String NOT_BUILT = "Not built yet.";

  /// What every command of the client takes.
  static final List<Shape> EVERYWHERE = List.of(
      new Shape.Option(List.of("-o", "--output"), "FORMAT", "table, or json for programs.", false),
      new Shape.Option(List.of("--data"), "DIR", "The data directory of the Hodei on this machine.", false),
      new Shape.Option(List.of("-h", "--help"), null, "Shows this.", false));

  /// Returns the exit code.
  interface Action {
    int run(Call call) throws Exception;
  }

  static Verb of(String name, String summary, Action action, Shape... shapes) {
    List<Shape> all = new ArrayList<>(List.of(shapes));
    all.addAll(EVERYWHERE);
    return new Verb(name, summary, all, action, List.of(), Exits.PLAIN);
  }

  /// `path`: the command as it is typed.
  static Verb notBuilt(String name, String path) {
    return refused(name, NOT_BUILT, "hodei " + path + " is not built yet", List.of());
  }

  /// Done by the script before this program is started; `shapes` are for the completion and the docs.
  static Verb ofScript(String name, String summary, Shape... shapes) {
    return refused(name, summary, "Expected hodei " + name + " to be run by the script hodei, but the client was asked directly; run ./hodei " + name, List.of(shapes));
  }

  private static Verb refused(String name, String summary, String refusal, List<Shape> shapes) {
    List<Shape> all = new ArrayList<>(shapes);
    all.add(new Shape.Anything());
    return new Verb(name, summary, all, call -> {
      throw Failure.usage(refusal);
    }, List.of(), Exits.PLAIN);
  }

  Verb over(Verb... below) {
    return new Verb(name, summary, shapes, action, List.of(below), exits);
  }

  Verb exiting(Exits codes) {
    return new Verb(name, summary, shapes, action, verbs, codes);
  }

  boolean isBuilt() {
    return !summary.equals(NOT_BUILT);
  }

  @Nullable Verb verb(String word) {
    return named(word, verbs);
  }

  static @Nullable Verb named(String word, List<Verb> verbs) {
    for (Verb verb : verbs) {
      if (verb.name.equals(word)) {
        return verb;
      }
    }
    return null;
  }

  Shape.@Nullable Option option(String word) {
    for (Shape shape : shapes) {
      if (shape instanceof Shape.Option option && option.names().contains(word)) {
        return option;
      }
    }
    return null;
  }

  Shape.@Nullable Operand operand() {
    for (Shape shape : shapes) {
      if (shape instanceof Shape.Operand operand) {
        return operand;
      }
    }
    return null;
  }

  boolean takesWords() {
    return shapes.stream().anyMatch(Shape.Words.class::isInstance);
  }

  boolean takesAnything() {
    return shapes.stream().anyMatch(Shape.Anything.class::isInstance);
  }

  List<String> optionNames() {
    List<String> names = new ArrayList<>();
    for (Shape shape : shapes) {
      if (shape instanceof Shape.Option option) {
        names.addAll(option.names());
      }
    }
    return names;
  }
}
