package io.hodei.domain;

import java.util.List;

/// The answer of a decision: events to be applied, or a refusal.
public sealed interface Verdict<E> {
  record Accepted<E>(List<E> events) implements Verdict<E> {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  record Refused<E>(Refusal refusal) implements Verdict<E> {}

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <E> Verdict<E> accept(E... events) {
    return new Accepted<>(List.of(events));
  }

  static <E> Verdict<E> refuse(Refusal refusal) {
    return new Refused<>(refusal);
  }
}
