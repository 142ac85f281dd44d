package io.hodei.api;

import io.hodei.domain.JobState;
import io.hodei.schemas.Job;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which jobs a list asks for; every condition must hold.
///
/// @param states any of these; empty: any at all
record JobFilter(List<String> states, @Nullable String pool, @Nullable String tenant, @Nullable String correlationId,
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
      String name = label.substring(0, equals);
      String value = label.substring(equals + 1);
      String other = labels.putIfAbsent(name, value);
      if (other != null && !other.equals(value)) {
        throw Problems.badQuery("label", "one value for the label " + name + ", of which a job has one", other + "\" and \"" + value);
      }
    }
    return new JobFilter(query.someOf("state", STATES), query.text("pool"), query.text("tenant"), query.text("correlationId"),
        query.text("idPrefix"), labels);
  }

  boolean matches(Job job) {
    return (states.isEmpty() || states.contains(job.getState()))
        && (pool == null || pool.equals(job.getPool()))
        && (tenant == null || tenant.equals(job.getTenant()))
        && (correlationId == null || correlationId.equals(job.getCorrelationId()))
        && (idPrefix == null || job.getId().startsWith(idPrefix))
        && labels.entrySet().stream().allMatch(label -> Objects.equals(job.getLabels().get(label.getKey()), label.getValue()));
  }

  /// What the index can tell of it.
  Mask mask() {
    int bits = 0;
    for (String state : states) {
      bits |= 1 << JobState.valueOf(state).ordinal();
    }
    return new Mask(bits, JobKind.signature(pool, tenant, correlationId, labels), idPrefix);
  }

  /// The list that this filter makes: the same text for the same conditions, in whatever order they were given.
  String list() {
    return "jobs" + new JobFilter(states.stream().sorted().distinct().toList(), pool, tenant, correlationId, idPrefix, new TreeMap<>(labels));
  }
}
