package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Waits for a job's end, across restarts of job-api.
final class JobWait {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private JobWait() {}

  /// The job when it is terminal; as it is when `limit`, if any, is up.
  static JsonNode untilTerminal(Api api, String jobId, @Nullable Duration limit) {
    long start = System.nanoTime();
    Patience patience = new Patience(LogFollower.PATIENCE);
    boolean known = false;
    while (true) {
      Duration left = limit == null ? LONGEST_CALL : limit.minusNanos(System.nanoTime() - start);
      Duration span = left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL;
      Query query = new Query("/v1/jobs/" + Api.escape(jobId)).with("wait", "terminal").with("timeout", Math.max(1, span.toMillis()) + "ms");
      try {
        JsonNode job = api.get(query.toString()).json();
        known = true;
        patience.found();
        if (Ending.isTerminal(job) || limit != null && left.compareTo(LONGEST_CALL) <= 0) {
          return job;
        }
      } catch (NobodyThere e) {
        if (!known && limit != null) {
          throw e;
        }
        patience.lost(e);
      } catch (Unreachable e) {
        patience.lost(e);
      } catch (Refused e) {
        if (!e.isTransient()) {
          throw e;
        }
        patience.lost(e);
      }
    }
  }
}
