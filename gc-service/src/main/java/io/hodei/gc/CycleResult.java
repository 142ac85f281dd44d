package io.hodei.gc;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A completed cycle, signed off by its counts and offsets.
///
/// @param stale the table could not be read up to its end, so nothing was judged
/// @param findings orphans, ghosts and errors first
/// @param offsets how far the table and the inventories were read, by topic-partition: what is below is what was judged
/// @param snapshots the judged snapshot of each provider instance
record CycleResult(String cycleId, Instant at, long durationMs, long inventory, long matched, long cleaned, long orphans, long ghosts,
    long errors, long tableRows, boolean stale, Map<String, Long> offsets, Map<String, String> snapshots, List<Finding> findings) {
  /// Findings in an answer; the others are counted.
  static final int SHOWN = 1000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /// As `POST /v1/gc/runs` answers it.
  Map<String, Object> answer() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("cycleId", cycleId);
    answer.put("at", TIME.format(at));
    answer.put("durationMs", durationMs);
    answer.put("inventory", inventory);
    answer.put("matched", matched);
    answer.put("cleaned", cleaned);
    answer.put("orphans", orphans);
    answer.put("ghosts", ghosts);
    answer.put("errors", errors);
    answer.put("tableRows", tableRows);
    answer.put("offsets", offsets);
    answer.put("snapshots", snapshots);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Finding finding : findings.subList(0, Math.min(SHOWN, findings.size()))) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("kind", finding.kind());
      each.put("workerId", finding.workerId().isEmpty() ? null : finding.workerId());
      each.put("providerId", finding.providerId().isEmpty() ? null : finding.providerId());
      each.put("detail", finding.detail());
      shown.add(each);
    }
    answer.put("findings", shown);
    answer.put("findingsLeftOut", findings.size() - shown.size());
    return answer;
  }
}
