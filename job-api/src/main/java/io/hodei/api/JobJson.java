package io.hodei.api;

import io.hodei.domain.DurationText;
import io.hodei.schemas.Job;
import io.hodei.schemas.LogRef;
import io.hodei.schemas.Resources;
import io.hodei.schemas.RetryPolicy;
import io.hodei.schemas.Transition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The contract's job object: the request, with its defaults, and the state.
final class JobJson {
  private JobJson() {}

  static Map<String, @Nullable Object> of(Job job) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    request(job, json);
    state(job, json);
    return json;
  }

  private static void request(Job job, Map<String, @Nullable Object> json) {
    json.put("id", job.getId());
    json.put("name", job.getName());
    json.put("pool", job.getPool() == null ? "default" : job.getPool());
    json.put("command", job.getCommand().isEmpty() ? null : job.getCommand());
    json.put("script", job.getScript());
    json.put("image", job.getImage());
    json.put("env", job.getEnv());
    json.put("secrets", job.getSecrets());
    json.put("workdir", job.getWorkdir());
    json.put("resources", resources(job.getResources()));
    json.put("timeout", duration(job.getTimeoutMs()));
    json.put("queueTimeout", job.getQueueTimeoutMs() == null ? "24h" : duration(job.getQueueTimeoutMs()));
    json.put("priority", job.getPriority() == null ? 0 : job.getPriority());
    json.put("retry", retry(job.getRetry()));
    json.put("idempotencyKey", job.getIdempotencyKey());
    json.put("labels", job.getLabels());
    json.put("tenant", job.getTenant() == null ? "default" : job.getTenant());
    json.put("actor", job.getActor());
    json.put("correlationId", job.getCorrelationId());
    json.put("providerConfig", job.getProviderConfig() == null ? Map.of() : RequestAvro.object(job.getProviderConfig()));
  }

  private static void state(Job job, Map<String, @Nullable Object> json) {
    json.put("state", job.getState());
    json.put("attempt", job.getAttempt());
    json.put("exitCode", job.getExitCode());
    json.put("signal", job.getSignal());
    json.put("reason", job.getReason());
    json.put("category", job.getCategory());
    json.put("message", job.getMessage());
    json.put("suggestedAction", job.getSuggestedAction());
    json.put("workerId", job.getWorkerId());
    json.put("retryOf", job.getRetryOf());
    json.put("cancelRequestedAt", Rfc3339.text(job.getCancelRequestedAt()));
    json.put("cancelActor", job.getCancelActor());
    json.put("submittedAt", Rfc3339.text(job.getSubmittedAt()));
    json.put("queuedAt", Rfc3339.text(job.getQueuedAt()));
    json.put("assignedAt", Rfc3339.text(job.getAssignedAt()));
    json.put("startedAt", Rfc3339.text(job.getStartedAt()));
    json.put("finishedAt", Rfc3339.text(job.getFinishedAt()));
    json.put("transitions", job.getTransitions().stream().map(JobJson::transition).toList());
    json.put("logRef", job.getLogRef().stream().map(JobJson::logRef).toList());
  }

  private static Map<String, @Nullable Object> transition(Transition transition) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", Rfc3339.text(transition.getAt()));
    json.put("type", transition.getType());
    json.put("attempt", transition.getAttempt());
    json.put("workerId", transition.getWorkerId());
    json.put("reason", transition.getReason());
    return json;
  }

  private static Map<String, @Nullable Object> logRef(LogRef ref) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("attempt", ref.getAttempt());
    json.put("partition", known(ref.getPartition()));
    json.put("firstOffset", known(ref.getFirstOffset()));
    json.put("lastOffset", known(ref.getLastOffset()));
    json.put("lines", known(ref.getLines()));
    json.put("bytes", known(ref.getBytes()));
    json.put("complete", ref.getComplete());
    return json;
  }

  /// Null for what is not known, or is nowhere.
  private static @Nullable Long known(long value) {
    return value < 0 ? null : value;
  }

  private static @Nullable Map<String, @Nullable Object> resources(@Nullable Resources resources) {
    if (resources == null) {
      return null;
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("cpu", resources.getCpu());
    json.put("memory", resources.getMemory());
    json.put("gpu", resources.getGpu());
    return json;
  }

  private static Map<String, Object> retry(@Nullable RetryPolicy retry) {
    RetryPolicy shown = retry == null ? new RetryPolicy(1, 1000L, 60_000L, java.util.List.of(), java.util.List.of()) : retry;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("maxAttempts", shown.getMaxAttempts());
    json.put("backoff", DurationText.of(Duration.ofMillis(shown.getBackoffMs())));
    json.put("maxBackoff", DurationText.of(Duration.ofMillis(shown.getMaxBackoffMs())));
    json.put("onExitCodes", shown.getOnExitCodes());
    json.put("onReasons", shown.getOnReasons());
    return json;
  }

  private static @Nullable String duration(@Nullable Long millis) {
    return millis == null ? null : DurationText.of(Duration.ofMillis(millis));
  }
}
