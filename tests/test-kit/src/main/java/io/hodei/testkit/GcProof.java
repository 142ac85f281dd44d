package io.hodei.testkit;

import static io.hodei.testkit.Topics.optional;
import static io.hodei.testkit.Topics.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Judges again what each cycle of gc-service says it judged, from the topics alone: the table and the inventories up to the offsets
/// of GarbageCollectionCompleted, by the rules of the design. Pure. The records of the table must be all that ever were: see
/// [TopicRecording].
public final class GcProof {
  private static final Set<String> EXPECTED_THERE = Set.of("CONNECTING", "READY", "BUSY", "DRAINING", "TERMINATING");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<TopicRecord> table;
  private final List<TopicRecord> inventory;
  private final List<String> wrong = new ArrayList<>();

  private GcProof(List<TopicRecord> table, List<TopicRecord> inventory) {
    this.table = table;
    this.inventory = inventory;
  }

  /// What the cycles say and the topics do not; empty when all is as they say.
  public static List<String> wrong(List<TopicRecord> table, List<TopicRecord> inventory, List<TopicRecord> gcEvents) {
    GcProof proof = new GcProof(table, inventory);
    Map<String, Map<String, Set<String>>> detected = new HashMap<>();
    for (TopicRecord event : gcEvents) {
      GenericRecord value = event.value();
      if (value != null && text(value, "type").equals("GarbageCollectionCompleted")) {
        proof.judge(value, detected.getOrDefault(text(value, "cycleId"), Map.of()));
      } else if (value != null && value.get("workerId") != null) {
        detected.computeIfAbsent(text(value, "cycleId"), id -> new HashMap<>()).computeIfAbsent(text(value, "type"), type -> new TreeSet<>())
            .add(text(value, "providerId") + "/" + text(value, "workerId"));
      }
    }
    return proof.wrong;
  }

  private void judge(GenericRecord completed, Map<String, Set<String>> detected) {
    String cycle = text(completed, "cycleId");
    Map<String, Long> offsets = offsets(completed);
    Map<String, String> snapshots = snapshots(completed);
    Map<String, GenericRecord> rows = rows(offsets);
    Found found = new Found();
    snapshots.forEach((provider, id) -> {
      List<Look> looks = looks(provider, offsets);
      if (looks.isEmpty() || !looks.getLast().id().equals(id)) {
        wrong.add(cycle + ": it judged snapshot " + id + " of " + provider + ", but its offsets show " + looks.stream().map(Look::id).toList());
      } else {
        items(looks.getLast(), rows, found);
        rows.values().stream().filter(row -> text(row, "providerId").equals(provider)).forEach(row -> row(row, looks, found));
      }
    });
    same(cycle, "inventory", found.items, completed.get("inventory"));
    same(cycle, "matched", found.matched, completed.get("matched"));
    same(cycle, "orphansDetected", (long) found.orphans.size(), completed.get("orphansDetected"));
    same(cycle, "ghosts", (long) found.ghosts.size(), completed.get("ghosts"));
    same(cycle, "workersCleaned", found.clean, completed.get("workersCleaned"));
    same(cycle, "the orphans", found.orphans, detected.getOrDefault("OrphanWorkerDetected", Set.of()));
    same(cycle, "the ghosts", found.ghosts, detected.getOrDefault("GhostWorkerDetected", Set.of()));
    if ((Long) completed.get("errors") == 0) {
      seenBefore((Long) completed.get("occurredAt")).stream().filter(provider -> !snapshots.containsKey(provider))
          .forEach(provider -> wrong.add(cycle + ": it left " + provider + " out and names no error"));
    }
    if (!snapshots.isEmpty()) {
      same(cycle, "tableRows", (long) rows.size(), completed.get("tableRows"));
    }
  }

  /// Those who had been seen a while before `moment`, and not so long before that it no longer counts.
  private Set<String> seenBefore(long moment) {
    Set<String> providers = new TreeSet<>();
    for (TopicRecord record : inventory) {
      GenericRecord page = record.value();
      if (page != null && (Boolean) page.get("complete") && (Long) page.get("endedAt") < moment - 10_000 && (Long) page.get("endedAt") > moment - 55_000) {
        providers.add(text(page, "providerId"));
      }
    }
    return providers;
  }

  private void same(String cycle, String what, Object recomputed, @Nullable Object said) {
    if (!recomputed.equals(said)) {
      wrong.add(cycle + ": expected " + what + " " + recomputed + " from the topics, but the cycle says " + said);
    }
  }

  private Map<String, GenericRecord> rows(Map<String, Long> offsets) {
    Map<String, GenericRecord> rows = new HashMap<>();
    for (TopicRecord record : table) {
      if (record.offset() < offsets.getOrDefault(record.partition(), 0L)) {
        GenericRecord row = record.value();
        if (row == null) {
          rows.remove(record.key());
        } else {
          rows.put(record.key(), row);
        }
      }
    }
    return rows;
  }

  /// A provider instance's complete snapshots below the offsets, the newest last. One that began before another that was whole earlier
  /// is no news.
  private List<Look> looks(String provider, Map<String, Long> offsets) {
    Map<String, Look> begun = new HashMap<>();
    List<Look> whole = new ArrayList<>();
    for (TopicRecord record : inventory) {
      GenericRecord page = record.value();
      if (page != null && text(page, "providerId").equals(provider) && (Boolean) page.get("complete")
          && record.offset() < offsets.getOrDefault(record.partition(), 0L)) {
        Look look = begun.computeIfAbsent(text(page, "snapshotId"), id -> new Look(provider, id, (Long) page.get("startedAt"), (Long) page.get("endedAt")));
        look.add(page);
        if (look.pages.size() == (Integer) page.get("pages") && whole.stream().noneMatch(each -> each.id.equals(look.id))
            && (whole.isEmpty() || look.startedAt >= whole.getLast().startedAt)) {
          whole.add(look);
        }
      }
    }
    return whole;
  }

  private static void items(Look look, Map<String, GenericRecord> rows, Found found) {
    for (List<String> page : look.pages.values()) {
      for (String worker : page) {
        found.items++;
        GenericRecord row = rows.get(worker);
        Long gone = row == null ? null : goneAt(row);
        if (row != null && (!text(row, "state").equals("TERMINATED") || gone != null && gone >= look.startedAt)) {
          found.matched++;
        } else if (!worker.isEmpty()) {
          found.orphans.add(look.provider + "/" + worker);
        }
      }
    }
  }

  private static void row(GenericRecord row, List<Look> looks, Found found) {
    String id = text(row, "id");
    Look newest = looks.getLast();
    Look previous = looks.size() < 2 ? null : looks.get(looks.size() - 2);
    Long since = (Long) row.get("stateSince");
    Long gone = goneAt(row);
    if (EXPECTED_THERE.contains(text(row, "state"))) {
      if (since != null && previous != null && previous.endedAt <= newest.startedAt && previous.lacks(id, since) && newest.lacks(id, since)) {
        found.ghosts.add(text(row, "providerId") + "/" + id);
      }
    } else if (text(row, "state").equals("TERMINATED") && row.get("cleanedAt") == null && gone != null && newest.lacks(id, gone)) {
      found.clean++;
    }
  }

  private static @Nullable Long goneAt(GenericRecord row) {
    return row.get("terminatedAt") != null ? (Long) row.get("terminatedAt") : (Long) row.get("stateSince");
  }

  private static Map<String, Long> offsets(GenericRecord completed) {
    return json(optional(completed, "offsets"), new TypeReference<Map<String, Long>>() {});
  }

  private static Map<String, String> snapshots(GenericRecord completed) {
    return json(optional(completed, "snapshots"), new TypeReference<Map<String, String>>() {});
  }

  private static <T> Map<String, T> json(@Nullable String text, TypeReference<Map<String, T>> type) {
    try {
      return MAPPER.readValue(text == null ? "{}" : text, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Expected a JSON object, but found " + text, e);
    }
  }

  /// One complete listing of a provider instance, as far as its pages have come.
  private record Look(String provider, String id, long startedAt, long endedAt, Map<Integer, List<String>> pages, Set<String> workers) {
    Look(String provider, String id, long startedAt, long endedAt) {
      this(provider, id, startedAt, endedAt, new TreeMap<>(), new HashSet<>());
    }

    void add(GenericRecord page) {
      List<String> ids = new ArrayList<>();
      ((List<?>) page.get("items")).forEach(item -> ids.add(text((GenericRecord) item, "workerId")));
      pages.put((Integer) page.get("page"), ids);
      workers.addAll(ids);
    }

    /// It began after `moment` and did not see `worker`.
    boolean lacks(String worker, long moment) {
      return startedAt > moment && !workers.contains(worker);
    }
  }

  /// What a cycle should have found.
  private static final class Found {
    private long items;
    private long matched;
    private long clean;
    private final Set<String> orphans = new TreeSet<>();
    private final Set<String> ghosts = new TreeSet<>();
  }
}
