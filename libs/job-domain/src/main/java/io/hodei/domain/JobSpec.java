package io.hodei.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a user asked for, with the contract's defaults filled in. Exactly one of `command` (not empty) and `script` is set in
/// a valid one. `timeout` null: the pool's maxLifetime. `providerConfig` is the JSON text of an object.
public record JobSpec(
    @Nullable String id,
    @Nullable String name,
    String pool,
    List<String> command,
    @Nullable String script,
    @Nullable String image,
    Map<String, String> env,
    List<String> secrets,
    @Nullable String workdir,
    @Nullable Resources resources,
    @Nullable Duration timeout,
    Duration queueTimeout,
    int priority,
    RetryPolicy retry,
    @Nullable String idempotencyKey,
    Map<String, String> labels,
    String tenant,
    @Nullable String actor,
    @Nullable String correlationId,
    @Nullable String providerConfig,
    @Nullable String retryOf) {
  public JobSpec {
    command = List.copyOf(command);
    env = Map.copyOf(env);
    secrets = List.copyOf(secrets);
    labels = Map.copyOf(labels);
  }
}
