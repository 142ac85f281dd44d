package io.hodei.api;

import io.hodei.kit.Problem;

/// The refusals that several calls share; each says what was expected, what was found, what to do.
final class Problems {
  private Problems() {}

  static Problem.Raised badQuery(String name, String expected, String found) {
    return new Problem(400, "bad-query", "Expected " + expected + " for the query parameter " + name + ", but found \"" + found
        + "\"; correct it.").raise();
  }

  static Problem.Raised noJob(String id) {
    return new Problem(404, "not-found", "Expected a known job, but found none with the id " + id
        + "; look for it with GET /v1/jobs, or in the audit when it ended more than 7 days ago.").raise();
  }

  static Problem.Raised noWorker(String id) {
    return new Problem(404, "not-found", "Expected a known worker, but found none with the id " + id
        + "; look for it with GET /v1/workers, or in the audit when it ended more than a day ago.").raise();
  }

  static Problem.Raised noPool(String name) {
    return new Problem(404, "not-found", "Expected a known pool, but found none named " + name + "; see GET /v1/pools.").raise();
  }

  static Problem.Raised noLetter(String id) {
    return new Problem(404, "not-found", "Expected a dead letter, but found none with the id " + id + "; it was replayed, dropped, is older than"
        + " 30 days, or is not among the newest " + LetterView.KEPT + ": see GET /v1/dead-letters.").raise();
  }

  static Problem.Raised badLetterId(String found) {
    return new Problem(400, "bad-id", "Expected the id of a dead letter, which is TOPIC-PARTITION-OFFSET of its record, but found \""
        + (found.length() <= 80 ? found : found.substring(0, 80) + "…") + "\"; see GET /v1/dead-letters.").raise();
  }

  /// Kafka has not told in time whether it has it.
  static Problem unknownOutcome(String what, String cause) {
    return new Problem(503, "outcome-unknown", "Expected Kafka to acknowledge " + what + " in time, but " + cause
        + "; the outcome is unknown: repeat the call with the same Idempotency-Key or id.");
  }

  static Problem.Raised conflict(String detail) {
    return new Problem(409, "conflict", detail).raise();
  }
}
