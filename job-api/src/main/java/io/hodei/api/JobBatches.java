package io.hodei.api;

import io.hodei.domain.JobSpec;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Jobs that come one by one, submitted in batches: in memory are the batch that fills and the ids of those accepted. What is
/// accepted is always the first so many of what has come: the first one that is refused ends it, and those before it are accepted.
/// Used by one thread.
final class JobBatches {
  /// As many as an answer of 4 MiB, the most that a client of gRPC takes by default, can hold the ids of.
  static final int MOST = 50_000;
  static final int BATCH = 500;

  private static final int BATCH_BYTES = 2 * 1024 * 1024;

  /// Number `index` is refused; all before it are accepted, it and all after it are not, unless the problem says that nobody knows.
  static final class Refused extends Exception {
    private final transient Problem problem;
    private final int index;

    Refused(Problem problem, int index) {
      super(problem.detail());
      this.problem = problem;
      this.index = index;
    }

    /// Its errors name the item by its number among all.
    Problem problem() {
      return problem;
    }

    int index() {
      return index;
    }
  }

  private final Submission submission;
  private final RequestParser parser;
  private final List<JobSpec> batch = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private int batchBytes;

  /// @throws Problem.Raised 400 when a header is wrong
  JobBatches(Submission submission, RequestParser parser) {
    this.submission = submission;
    this.parser = parser;
    parser.checkHeaders();
  }

  /// The next one; `bytes` is about how large it is.
  void add(Map<String, Object> item, int bytes) throws InterruptedException, Refused {
    int index = accepted.size() + batch.size();
    try {
      if (index == MOST) {
        throw new Problem(413, "too-large", "Expected at most " + MOST + " jobs in one call, but found more; send them in several calls.").raise();
      }
      batch.add(parser.next(index, item));
      batchBytes += bytes;
    } catch (Problem.Raised e) {
      flush();
      throw new Refused(e.problem(), index);
    }
    if (batch.size() == BATCH || batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  /// The ids of all, once all are durable.
  List<String> end() throws InterruptedException, Refused {
    flush();
    return List.copyOf(accepted);
  }

  private void flush() throws InterruptedException, Refused {
    List<JobSpec> specs = List.copyOf(batch);
    batch.clear();
    batchBytes = 0;
    if (specs.isEmpty()) {
      return;
    }
    try {
      accept(specs);
    } catch (Problem.Raised e) {
      if (e.problem().status() >= 500 || specs.size() == 1) {
        throw refused(e.problem());
      }
      oneByOne(specs);
    }
  }

  /// A batch is refused as a whole; one by one, those before the wrong one are accepted.
  private void oneByOne(List<JobSpec> specs) throws InterruptedException, Refused {
    for (JobSpec spec : specs) {
      try {
        accept(List.of(spec));
      } catch (Problem.Raised e) {
        throw refused(e.problem());
      }
    }
  }

  private void accept(List<JobSpec> specs) throws InterruptedException {
    for (Job job : submission.submit(specs)) {
      accepted.add(job.getId());
    }
  }

  private Refused refused(Problem problem) {
    int index = accepted.size();
    if (!(problem.more().get("errors") instanceof List<?> errors)) {
      return new Refused(problem, index);
    }
    List<Map<String, Object>> placed = new ArrayList<>();
    for (Object each : errors) {
      if (each instanceof Map<?, ?> error) {
        Map<String, Object> copy = new LinkedHashMap<>();
        error.forEach((name, value) -> copy.put(String.valueOf(name), value));
        copy.put("index", index);
        placed.add(copy);
      }
    }
    return new Refused(new Problem(problem.status(), problem.code(), problem.detail(), Map.of("errors", placed)), index);
  }
}
