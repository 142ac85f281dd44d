package io.hodei.testkit;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One answer to a client's request, as the client's ledger has it. A request that was repeated has several, with the same `request`.
///
/// - `request`: the client's own name of the request
/// - `job`: the job's id, given or answered; null while no answer has named it
/// - `key`: its idempotency key
/// - `acknowledged`: it was accepted; else the outcome is unknown
/// - `endings`: what may become of the job, each a state, or a state and a reason: `FAILED/WORKER_LOST`
/// - `lines`: the numbered lines that it writes when it succeeds
/// - `cancelled`: a cancel of it was acknowledged
public record Submission(String request, @Nullable String job, @Nullable String key, boolean acknowledged, String kind, Set<String> endings,
    int maxAttempts, int lines, boolean cancelled) {
  public Submission {
    endings = Set.copyOf(endings);
  }

  /// Whether a job may end so.
  public boolean allows(@Nullable String state, @Nullable String reason) {
    return state != null && (endings.contains(state) || endings.contains(state + "/" + reason));
  }
}
