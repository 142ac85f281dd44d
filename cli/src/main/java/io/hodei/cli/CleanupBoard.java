package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The board Worker Cleanup Health: each figure beside its target, ✅ when it is met, ❌ when not; without a mark what has no
/// target or no figure yet.
final class CleanupBoard {
  private static final int P95_TARGET_MS = 1_000;
  private static final double IMMEDIATE_TARGET = 0.99;

  private final StringBuilder text = new StringBuilder("Worker Cleanup Health\n");

  private CleanupBoard() {}

  static String of(JsonNode cleanup) {
    CleanupBoard board = new CleanupBoard();
    JsonNode latency = cleanup.path("latencyMs");
    JsonNode destroyed = cleanup.path("destroyed");
    JsonNode p95 = latency.path("p95");
    board.line(null, "destruction latency P50", ms(latency.path("p50")), "");
    board.line(p95.isNumber() ? p95.asDouble() <= P95_TARGET_MS : null, "destruction latency P95", ms(p95), "≤ 1000 ms");
    board.line(null, "destruction latency P99", ms(latency.path("p99")), "");
    JsonNode ratio = cleanup.path("immediateRatio");
    board.line(ratio.isNumber() ? ratio.asDouble() >= IMMEDIATE_TARGET : null, "immediate destructions",
        ratio.isNumber() ? percent(ratio.asDouble()) : "none yet", "≥ 99 %");
    board.count("orphans", cleanup.path("orphans"), "0");
    board.count("failed destructions", destroyed.path("failed"), "0");
    board.line(null, "pending destruction", number(cleanup.path("pendingDestroy")), "");
    board.line(null, "destroyed per minute", number(cleanup.path("destroyedPerMinute")), "");
    board.line(null, "destroyed by cause", "immediate " + number(destroyed.path("immediate")) + ", gc " + number(destroyed.path("gc")) + ", self "
        + number(destroyed.path("self")) + ", manual " + number(destroyed.path("manual")), "");
    board.cycle(cleanup.path("lastGcCycle"));
    return board.text.toString().stripTrailing();
  }

  private void count(String name, JsonNode value, String target) {
    line(value.isNumber() ? value.asLong() == 0 : null, name, number(value), target);
  }

  private void cycle(JsonNode cycle) {
    if (!cycle.isObject()) {
      line(null, "last GC cycle", "none yet", "");
      return;
    }
    line(cycle.path("errors").asLong(0) == 0, "last GC cycle", cycle.path("durationMs").asLong() + " ms at " + cycle.path("at").asText() + ": "
        + number(cycle.path("inventory")) + " items, " + number(cycle.path("matched")) + " matched, " + number(cycle.path("cleaned")) + " cleaned, "
        + number(cycle.path("orphans")) + " orphans, " + number(cycle.path("ghosts")) + " ghosts, " + number(cycle.path("errors")) + " errors", "0 errors");
  }

  private void line(@Nullable Boolean met, String name, String value, String target) {
    String mark = met == null ? "  " : met ? "✅" : "❌";
    text.append(String.format(Locale.ROOT, "%s %-24s %s%s%n", mark, name, value, target.isEmpty() ? "" : "  (target " + target + ")"));
  }

  /// Rounded down: 98.99 % is not 99 %.
  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.2f %%", Math.floor(ratio * 10_000) / 100);
  }

  private static String ms(JsonNode value) {
    return value.isNumber() ? value.asLong() + " ms" : "none in the last hour";
  }

  private static String number(JsonNode value) {
    return value.isNumber() ? value.asText() : "?";
  }
}
