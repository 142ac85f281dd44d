package io.hodei.kit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What makes a service ready: named checks, each null when well, else what is wrong. Thread-safe.
public final class Health {
  private final Map<String, Supplier<@Nullable String>> checks = new ConcurrentHashMap<>();

  public void check(String name, Supplier<@Nullable String> check) {
    checks.put(name, check);
  }

  /// The checks that fail now, by name; empty when ready.
  public Map<String, String> failures() {
    Map<String, String> failures = new LinkedHashMap<>();
    checks.forEach((name, check) -> {
      String wrong = check.get();
      if (wrong != null) {
        failures.put(name, wrong);
      }
    });
    return failures;
  }
}
