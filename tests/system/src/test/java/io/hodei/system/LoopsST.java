package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Every service serves health and metrics, and every periodic loop really runs.
@ResourceLock(Shared.WHOLE)
class LoopsST {
  private static final Pattern LOOP = Pattern.compile("hodei_loop_runs_total\\{loop=\"([^\"]+)\"} ([0-9.E]+)");

  private final Installation hodei = Shared.installation();

  // proves: lie:4, lie:7, contract:health, contract:metrics
  @Test
  void everyLoopOfEveryServiceCountsUp() {
    Map<String, List<String>> loops = Map.of("gateway", List.of("sessions"), "lifecycle", List.of("inventory"), "gc", List.of("gc"));
    for (String service : List.of("api", "gateway", "lifecycle", "gc", "audit")) {
      assertEquals(200, at(service, "/health/live").status(), service);
      assertEquals(200, at(service, "/health/ready").status(), service);
      Map<String, Double> before = runs(service);
      loops.getOrDefault(service, List.of()).forEach(loop -> assertTrue(before.keySet().stream().anyMatch(name -> name.contains(loop)),
          service + " has loop " + loop + ": " + before));
      before.forEach((loop, count) -> Await.whenTrue(service + "'s loop " + loop + " to run again", Duration.ofSeconds(100),
          () -> runs(service).get(loop) > count));
    }
  }

  // proves: contract:metrics
  @Test
  void theContractsMetricsAreServed() {
    hodei.ended(hodei.submit(Jobs.sh("echo metrics")));
    String all = at("gateway", "/metrics").body() + at("lifecycle", "/metrics").body() + at("gc", "/metrics").body()
        + at("audit", "/metrics").body() + at("api", "/metrics").body();
    for (String name : List.of("hodei_jobs_submitted_total", "hodei_jobs_finished_total{", "hodei_submit_to_start_seconds", "hodei_workers{",
        "hodei_workers_created_total", "hodei_workers_destroyed_total{", "hodei_workers_cleaned_total", "hodei_workers_pending_destroy",
        "hodei_worker_destroy_seconds", "hodei_worker_destruction_failures_total", "hodei_orphans_detected_total", "hodei_gc_cycle_seconds",
        "hodei_loop_runs_total{", "hodei_dead_letters_total", "hodei_log_lines_total", "hodei_log_lines_dropped_total", "hodei_audit_lag_records")) {
      assertTrue(all.contains("\n" + name), name);
    }
  }

  /// The page says which service serves which.
  // proves: contract:metrics
  @Test
  void eachServiceServesWhatThePageSays() throws java.io.IOException {
    hodei.ended(hodei.submit(Jobs.sh("echo metrics")));
    Map<String, String> urls = Map.of("dispatcher", "gateway", "lifecycle-service", "lifecycle", "gc-service", "gc", "audit-service", "audit", "job-api", "api");
    int rows = 0;
    for (String line : java.nio.file.Files.readAllLines(io.hodei.testkit.Shell.checkout().resolve("docs/metrics.md"))) {
      if (line.startsWith("| `hodei_")) {
        String[] cells = line.split(" *\\| *");
        for (String service : cells[2].split(", ")) {
          rows++;
          String name = cells[1].replace("`", "");
          assertTrue(at(urls.get(service), "/metrics").body().contains("\n" + name), service + " serves " + name);
        }
      }
    }
    assertTrue(rows >= 17, "rows read: " + rows);
  }

  private Answer at(String service, String path) {
    return hodei.send(HttpRequest.newBuilder(URI.create(hodei.url(service) + path)).GET());
  }

  private Map<String, Double> runs(String service) {
    Map<String, Double> runs = new TreeMap<>();
    Matcher match = LOOP.matcher(at(service, "/metrics").body());
    while (match.find()) {
      runs.put(match.group(1), Double.parseDouble(match.group(2)));
    }
    return runs;
  }
}
