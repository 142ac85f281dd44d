package io.hodei.domain;

/// One thing that is wrong with a request. `code` is stable (`unknown-field`, `wrong-type`, `missing`, `conflict`,
/// `out-of-range`, `bad-value`, `not-built`, `unsupported`, `bad-name`, `unknown-pool`); `message` says what was expected, what was found, what to do.
public record Violation(String field, String code, String message) {}
