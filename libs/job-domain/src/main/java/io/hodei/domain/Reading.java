package io.hodei.domain;

import java.util.List;

/// What [RequestReader] made of a request. `spec` is to be used only when `violations` is empty: what could not be read is
/// absent from it.
public record Reading(JobSpec spec, List<Violation> violations) {
  public Reading {
    violations = List.copyOf(violations);
  }
}
