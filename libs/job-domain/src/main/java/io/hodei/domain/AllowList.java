package io.hodei.domain;

import java.util.Map;

/// What a pool's `allow` says of one type of provider, as it is written; for the words of a refusal.
record AllowList(String pool, String type, Map<String, ?> written) {
  private static final int SHOWN = 200;

  /// That `field`, found at `path`, needs the line `rule` in this list, which does not have it.
  Violation refusal(String path, String field, String rule) {
    return refusal(path, field, "leave " + field + " out", rule);
  }

  /// With what the job's owner can do instead.
  Violation refusal(String path, String field, String instead, String rule) {
    String key = rule.substring(0, rule.indexOf(':'));
    return new Violation(path + field, "not-allowed", "Expected " + field + " to be something that pool " + pool + " allows, but its allow." + type + " " + says(key)
        + "; " + instead + ", or ask the pool's operator for the line " + rule + " in allow." + type + ".");
  }

  private String says(String key) {
    Object there = written.get(key);
    if (there == null || there.equals(false)) {
      return "has no " + key;
    }
    String text = CanonicalJson.of(Map.of(key, there));
    return "has only " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }
}
