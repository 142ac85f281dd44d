package io.hodei.chaos;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Event;
import io.hodei.testkit.Faults;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.JobLog;
import io.hodei.testkit.JobRow;
import io.hodei.testkit.Mark;
import io.hodei.testkit.Part;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Puts together what was seen, when all is quiet.
final class Evidence {
  private static final int READERS = 4;

  private final Installation hodei;
  private final Topics topics;

  Evidence(Installation hodei) {
    this.hodei = hodei;
    this.topics = Topics.of(hodei);
  }

  History gather(Ledger ledger, Watch watch, Map<String, Integer> slots, @Nullable Instant quietAt) throws Exception {
    // Its cycles write events without end: held still, log and audit can be compared.
    long gc = new Faults(hodei).freeze(Part.GC);
    try {
      List<Event> jobEvents = topics.events("hodei.job-events");
      List<Event> workerEvents = topics.events("hodei.worker-events");
      List<Event> gcEvents = topics.events("hodei.gc-events");
      List<String> audit = audit(List.of(jobEvents, workerEvents, gcEvents));
      watch.look();
      return new History(ledger.submissions(), jobEvents, workerEvents, gcEvents, rows(), audit, marks(), watch.sightings(),
          logs(ledger, jobEvents), slots, quietAt);
    } finally {
      new Faults(hodei).thaw(gc);
    }
  }

  /// Audit as it is when it has caught up, or after a minute: the checker says what is missing.
  private List<String> audit(List<List<Event>> log) {
    Set<String> ids = new HashSet<>();
    log.forEach(events -> events.forEach(event -> ids.add(event.id())));
    List<String> rows = new ArrayList<>();
    try {
      Await.whenTrue("audit to hold the log", Duration.ofMinutes(1), () -> {
        rows.clear();
        rows.addAll(hodei.auditedEvents());
        return new HashSet<>(rows).containsAll(ids);
      });
    } catch (AssertionError e) {
      return rows;
    }
    return rows;
  }

  private List<JobRow> rows() {
    Map<String, JobRow> rows = new LinkedHashMap<>();
    for (ConsumerRecord<String, byte[]> record : topics.raw("hodei.job-state")) {
      if (record.value() == null) {
        rows.remove(record.key());
      } else {
        var job = topics.decode(record.value());
        rows.put(record.key(), new JobRow(Topics.text(job, "id"), Topics.text(job, "state"), Topics.optional(job, "idempotencyKey"), (Long) job.get("sequence")));
      }
    }
    return List.copyOf(rows.values());
  }

  private List<Mark> marks() throws IOException {
    Path file = hodei.work().resolve("marks");
    return Files.readAllLines(file).stream().map(Mark::parse).toList();
  }

  /// The logs of accepted jobs that SUCCEEDED, of the attempt that did.
  private List<JobLog> logs(Ledger ledger, List<Event> events) throws Exception {
    Map<String, Integer> attempts = new LinkedHashMap<>();
    Set<String> succeeded = new HashSet<>();
    for (Event event : events) {
      if (event.is("JobStarted") && event.job() != null) {
        attempts.put(event.job(), event.attemptNumber());
      } else if (event.is("JobCompleted") && "SUCCEEDED".equals(event.to()) && event.job() != null) {
        succeeded.add(event.job());
      }
    }
    List<Future<@Nullable JobLog>> reads = new ArrayList<>();
    List<JobLog> logs = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      for (String job : succeeded) {
        if (ledger.hasAccepted(job)) {
          reads.add(threads.submit(() -> log(job, attempts.getOrDefault(job, 1))));
        }
      }
      for (Future<@Nullable JobLog> read : reads) {
        JobLog log = read.get();
        if (log != null) {
          logs.add(log);
        }
      }
    }
    return logs;
  }

  private @Nullable JobLog log(String job, int attempt) throws IOException {
    Answer answer = hodei.get("/v1/jobs/" + job + "/logs?format=json&attempt=" + attempt);
    for (int again = 0; again < 20 && answer.status() != 200; again++) {
      answer = hodei.get("/v1/jobs/" + job + "/logs?format=json&attempt=" + attempt);
    }
    if (answer.status() != 200) {
      return null;
    }
    return NumberedLines.read(job, answer.body());
  }
}
