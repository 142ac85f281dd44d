package io.hodei.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.hodei.domain.JobSpec;
import io.hodei.domain.Resources;
import io.hodei.domain.RetryPolicy;
import io.hodei.kit.Json;
import io.hodei.schemas.Job;
import io.hodei.schemas.JobRequest;
import io.hodei.schemas.RequestFields;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request between its Avro form and the forms that the domain reads.
final class RequestAvro {
  private RequestAvro() {}

  /// The record of `spec`.
  static JobRequest write(JobSpec spec) {
    return JobRequest.newBuilder()
        .setId(spec.id()).setName(spec.name()).setPool(spec.pool()).setCommand(spec.command()).setScript(spec.script())
        .setImage(spec.image()).setEnv(spec.env()).setSecrets(spec.secrets()).setWorkdir(spec.workdir())
        .setResources(write(spec.resources())).setTimeoutMs(millis(spec.timeout())).setQueueTimeoutMs(millis(spec.queueTimeout()))
        .setPriority(spec.priority()).setRetry(write(spec.retry())).setIdempotencyKey(spec.idempotencyKey()).setLabels(spec.labels())
        .setTenant(spec.tenant()).setActor(spec.actor()).setCorrelationId(spec.correlationId())
        .setProviderConfig(spec.providerConfig()).setRetryOf(spec.retryOf())
        .build();
  }

  /// The fields of `request` under the contract's names, as [io.hodei.domain.RequestReader] reads them.
  static Map<String, @Nullable Object> fields(JobRequest request) {
    Map<String, @Nullable Object> fields = new HashMap<>(RequestFields.of(request));
    fields.computeIfPresent("providerConfig", (name, text) -> object((String) text));
    return fields;
  }

  /// What was asked of `job`.
  static JobRequest requestOf(Job job) {
    return JobRequest.newBuilder()
        .setId(job.getId()).setName(job.getName()).setPool(job.getPool()).setCommand(job.getCommand()).setScript(job.getScript())
        .setImage(job.getImage()).setEnv(job.getEnv()).setSecrets(job.getSecrets()).setWorkdir(job.getWorkdir())
        .setResources(job.getResources()).setTimeoutMs(job.getTimeoutMs()).setQueueTimeoutMs(job.getQueueTimeoutMs())
        .setPriority(job.getPriority()).setRetry(job.getRetry()).setIdempotencyKey(job.getIdempotencyKey()).setLabels(job.getLabels())
        .setTenant(job.getTenant()).setActor(job.getActor()).setCorrelationId(job.getCorrelationId())
        .setProviderConfig(job.getProviderConfig()).setRetryOf(job.getRetryOf())
        .build();
  }

  /// The object that `text` writes; the text itself when it writes none, so that it is refused by name.
  static @Nullable Object object(@Nullable String text) {
    try {
      return text == null ? null : Json.MAPPER.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  private static io.hodei.schemas.@Nullable Resources write(@Nullable Resources resources) {
    return resources == null ? null : new io.hodei.schemas.Resources(resources.cpu(), resources.memory(), resources.gpu());
  }

  private static io.hodei.schemas.RetryPolicy write(RetryPolicy retry) {
    return new io.hodei.schemas.RetryPolicy(retry.maxAttempts(), retry.backoff().toMillis(), retry.maxBackoff().toMillis(),
        retry.onExitCodes(), retry.onReasons());
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
