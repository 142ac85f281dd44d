package io.hodei.providers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// On what terms a worker is made, for providers that can hold somebody to them: whose its job is, for how long there may be anything of it should
/// nobody be there to end it, and for how long it is kept after its attempt if it is. Null: not said.
public record WorkerTerms(String tenant, @Nullable Duration existence, @Nullable Duration ttl) {
  /// Nothing is said.
  public static final WorkerTerms NONE = new WorkerTerms("default", null, null);
}
