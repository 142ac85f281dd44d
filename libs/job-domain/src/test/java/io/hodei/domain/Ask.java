package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request to run a job, with what a test wants to say about it; the rest are the contract's defaults.
record Ask(String id, String command, @Nullable String key, int priority, RetryPolicy retry, @Nullable Duration timeout, Duration queueTimeout,
    @Nullable String image) {
  static Ask job(String id) {
    return new Ask(id, "true", null, 0, RetryPolicy.NONE, null, Duration.ofHours(24), null);
  }

  Ask command(String other) {
    return new Ask(id, other, key, priority, retry, timeout, queueTimeout, image);
  }

  Ask key(String other) {
    return new Ask(id, command, other, priority, retry, timeout, queueTimeout, image);
  }

  Ask priority(int other) {
    return new Ask(id, command, key, other, retry, timeout, queueTimeout, image);
  }

  Ask retry(RetryPolicy other) {
    return new Ask(id, command, key, priority, other, timeout, queueTimeout, image);
  }

  Ask attempts(int most) {
    return retry(new RetryPolicy(most, Duration.ZERO, Duration.ofMinutes(1), List.of(), List.of()));
  }

  Ask timeout(Duration other) {
    return new Ask(id, command, key, priority, retry, other, queueTimeout, image);
  }

  Ask queueTimeout(Duration other) {
    return new Ask(id, command, key, priority, retry, timeout, other, image);
  }

  Ask image(String other) {
    return new Ask(id, command, key, priority, retry, timeout, queueTimeout, other);
  }

  JobSpec spec() {
    return new JobSpec(id, null, "default", List.of(command), null, image, Map.of(), List.of(), null, null, timeout, queueTimeout, priority,
        retry, key, Map.of(), "default", null, null, null, null);
  }

  Origin origin(Instant at) {
    return new Origin("hodei.job-requests-0-1", RequestHash.of(spec()), at, id, "ann", null);
  }

  Input.SubmitJob input(Instant at) {
    return new Input.SubmitJob(new JobId(id), spec(), origin(at));
  }
}
