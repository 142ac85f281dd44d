package io.hodei.api;

import io.hodei.domain.JobState;
import io.hodei.schemas.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What lists can find a job by.
final class JobKind implements Rows.Kind<Job> {
  private static final long BASE_BYTES = 1_000;

  @Override
  public String id(Job job) {
    return job.getId();
  }

  @Override
  public Instant at(Job job) {
    return job.getSubmittedAt() == null ? Instant.EPOCH : job.getSubmittedAt();
  }

  @Override
  public int state(Job job) {
    return JobState.valueOf(job.getState()).ordinal();
  }

  @Override
  public @Nullable Instant endedAt(Job job) {
    return !JobView.isTerminal(job) ? null : job.getFinishedAt() == null ? at(job) : job.getFinishedAt();
  }

  @Override
  public Signature signature(Job job) {
    return signature(job.getPool(), job.getTenant(), job.getCorrelationId(), job.getLabels());
  }

  /// What its client has chosen the size of, and the rest by and large.
  @Override
  public long weight(Job job) {
    long text = length(job.getScript()) + length(job.getProviderConfig());
    for (String word : job.getCommand()) {
      text += length(word);
    }
    for (Map<String, String> texts : List.of(job.getEnv(), job.getLabels())) {
      for (Map.Entry<String, String> each : texts.entrySet()) {
        text += length(each.getKey()) + length(each.getValue());
      }
    }
    return BASE_BYTES + text;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /// Of a job, or of what is asked for.
  static Signature signature(@Nullable String pool, @Nullable String tenant, @Nullable String correlationId, Map<String, String> labels) {
    Signature signature = Signature.NONE.with("pool", pool).with("tenant", tenant).with("correlation", correlationId);
    for (var label : labels.entrySet()) {
      signature = signature.with("label", label.getKey() + "=" + label.getValue());
    }
    return signature;
  }
}
