package io.hodei.api;

import io.hodei.domain.JobState;
import io.hodei.schemas.Job;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which jobs a list asks for; every condition must hold.
record JobFilter(@Nullable String state, @Nullable String pool, @Nullable String tenant, @Nullable String correlationId,
    @Nullable String idPrefix, Map<String, String> labels) {
  static final String[] PARAMETERS = {"state", "pool", "tenant", "label", "correlationId", "idPrefix", "limit", "cursor"};

  private static final List<String> STATES = Arrays.stream(JobState.values()).map(Enum::name).toList();

  static JobFilter of(Query query) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : query.all("label")) {
      int equals = label.indexOf('=');
      if (equals <= 0) {
        throw Problems.badQuery("label", "name=value", label);
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return new JobFilter(query.oneOf("state", STATES), query.text("pool"), query.text("tenant"), query.text("correlationId"),
        query.text("idPrefix"), labels);
  }

  boolean matches(Job job) {
    return (state == null || state.equals(job.getState()))
        && (pool == null || pool.equals(job.getPool()))
        && (tenant == null || tenant.equals(job.getTenant()))
        && (correlationId == null || correlationId.equals(job.getCorrelationId()))
        && (idPrefix == null || job.getId().startsWith(idPrefix))
        && labels.entrySet().stream().allMatch(label -> Objects.equals(job.getLabels().get(label.getKey()), label.getValue()));
  }
}
