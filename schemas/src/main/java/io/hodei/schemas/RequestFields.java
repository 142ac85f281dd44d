package io.hodei.schemas;

import java.util.LinkedHashMap;
import java.util.Map;

/// A JobRequest in Avro as the fields of the same request in JSON, so that both forms are read by one set of rules.
public final class RequestFields {
  private RequestFields() {}

  /// The fields that are set, by their JSON names; durations as text in milliseconds; `providerConfig` stays text.
  public static Map<String, Object> of(JobRequest request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "id", request.getId());
    put(fields, "name", request.getName());
    put(fields, "pool", request.getPool());
    put(fields, "command", request.getCommand().isEmpty() ? null : request.getCommand());
    put(fields, "script", request.getScript());
    put(fields, "image", request.getImage());
    put(fields, "env", request.getEnv());
    put(fields, "secrets", request.getSecrets());
    put(fields, "workdir", request.getWorkdir());
    put(fields, "timeout", millis(request.getTimeoutMs()));
    put(fields, "queueTimeout", millis(request.getQueueTimeoutMs()));
    put(fields, "priority", request.getPriority());
    put(fields, "idempotencyKey", request.getIdempotencyKey());
    put(fields, "labels", request.getLabels());
    put(fields, "tenant", request.getTenant());
    put(fields, "actor", request.getActor());
    put(fields, "correlationId", request.getCorrelationId());
    put(fields, "providerConfig", request.getProviderConfig());
    put(fields, "retryOf", request.getRetryOf());
    if (request.getResources() != null) {
      Map<String, Object> resources = new LinkedHashMap<>();
      put(resources, "cpu", request.getResources().getCpu());
      put(resources, "memory", request.getResources().getMemory());
      put(resources, "gpu", request.getResources().getGpu());
      fields.put("resources", resources);
    }
    RetryPolicy retry = request.getRetry();
    if (retry != null) {
      Map<String, Object> policy = new LinkedHashMap<>();
      policy.put("maxAttempts", retry.getMaxAttempts());
      policy.put("backoff", millis(retry.getBackoffMs()));
      policy.put("maxBackoff", millis(retry.getMaxBackoffMs()));
      policy.put("onExitCodes", retry.getOnExitCodes());
      policy.put("onReasons", retry.getOnReasons());
      fields.put("retry", policy);
    }
    return fields;
  }

  private static String millis(Long value) {
    return value == null ? null : value + "ms";
  }

  private static void put(Map<String, Object> fields, String name, Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
