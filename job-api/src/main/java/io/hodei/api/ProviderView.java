package io.hodei.api;

import io.hodei.schemas.WorkerEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Which provider instances are there and which are away, from `hodei.worker-events`. Written by one tail, read by any thread.
final class ProviderView {
  /// `trouble` null: it is there.
  record Row(String id, String type, Instant since, @Nullable String trouble) {
    /// `docker-myhost has been away since …: it does not answer.`
    String words() {
      return id + " has been away since " + Rfc3339.text(since) + (trouble == null ? "" : ": " + trouble);
    }
  }

  private final Map<String, Row> rows = new ConcurrentSkipListMap<>();

  void happened(WorkerEvent event) {
    String id = event.getProviderId();
    String type = event.getProvider();
    if (id == null || type == null) {
      return;
    }
    switch (event.getType()) {
      case "ProviderUnavailable" -> rows.put(id, new Row(id, type, event.getOccurredAt(), event.getMessage() == null ? "it is not known why" : event.getMessage()));
      case "ProviderRecovered", "ProviderSeen" -> rows.put(id, new Row(id, type, event.getOccurredAt(), null));
      // One that an earlier version's dispatcher knows has not told of itself yet, but its workers do.
      default -> rows.computeIfAbsent(id, first -> new Row(id, type, event.getOccurredAt(), null));
    }
  }

  /// Those of these types that are away, when none of them is there; empty when one is, or when nothing is known.
  List<Row> awayOf(List<String> types) {
    List<Row> known = rows.values().stream().filter(row -> types.contains(row.type())).toList();
    return known.stream().allMatch(row -> row.trouble() != null) ? known : List.of();
  }

  /// Those of these types of which an instance is there.
  List<String> availableOf(List<String> types) {
    return types.stream().filter(type -> rows.values().stream().anyMatch(row -> row.type().equals(type) && row.trouble() == null)).toList();
  }

  /// Whether an instance of one of these types has ever told of itself.
  boolean knowsAnyOf(List<String> types) {
    return rows.values().stream().anyMatch(row -> types.contains(row.type()));
  }

  /// This instance, when it is away.
  Optional<Row> away(@Nullable String providerId) {
    return Optional.ofNullable(providerId == null ? null : rows.get(providerId)).filter(row -> row.trouble() != null);
  }
}
