package io.hodei.chaos;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Installation;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A client as it should be: it repeats what was not acknowledged, with the same id or key, until it is. Each job on a thread of its own.
final class Client implements AutoCloseable {
  private static final String TOPIC = "hodei.job-requests";
  private static final Duration BETWEEN = Duration.ofMillis(1_500);
  private static final int MOST_OPEN = 80;

  private final Installation hodei;
  private final Ledger ledger;
  private final JobScript scripts;
  private final IntSupplier open;
  private final long giveUpAt;
  private final KafkaProducer<byte[], byte[]> producer;

  /// `open`: how many jobs have not ended; `patience`: how long after now a request is still repeated.
  Client(Installation hodei, Ledger ledger, JobScript scripts, IntSupplier open, Duration patience) {
    this.open = open;
    this.hodei = hodei;
    this.ledger = ledger;
    this.scripts = scripts;
    this.giveUpAt = System.nanoTime() + patience.toNanos();
    this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", hodei.bootstrap(), "acks", "all", "request.timeout.ms", 5_000, "delivery.timeout.ms", 10_000,
        "max.block.ms", 5_000), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Submits a job until it is accepted, and does what is planned for it then. While too many are open it waits: the load is steady, not a flood.
  void run(PlannedJob job) throws InterruptedException {
    ledger.begun(job);
    while (open.getAsInt() >= MOST_OPEN && System.nanoTime() < giveUpAt) {
      Thread.sleep(200);
    }
    String id = submit(job);
    if (id != null && job.repeated()) {
      Thread.sleep(ThreadLocalRandom.current().nextInt(2_000));
      submit(job);
      look(job, id);
    }
    if (id != null && job.cancelAfter() != null) {
      Thread.sleep(job.cancelAfter());
      cancel(job, id);
    }
    ledger.settled(job);
  }

  private @Nullable String submit(PlannedJob job) throws InterruptedException {
    String key = job.hasKey() ? scripts.key(job) : null;
    while (System.nanoTime() < giveUpAt) {
      String id = job.way() == PlannedJob.Way.RECORD ? produce(job) : post(job, key);
      if (id == null) {
        ledger.unknown(job, job.hasId() ? scripts.id(job) : null, key);
        Thread.sleep(BETWEEN);
      } else if (id.isEmpty()) {
        return null;
      } else {
        ledger.accepted(job, id, key);
        return id;
      }
    }
    return null;
  }

  /// The id; empty when it was refused; null when the outcome is unknown.
  private @Nullable String post(PlannedJob job, @Nullable String key) {
    Answer answer = ask(() -> key == null ? hodei.post("/v1/jobs", scripts.body(job)) : hodei.post("/v1/jobs", scripts.body(job), "Idempotency-Key", key));
    if (answer == null || answer.status() == 503 || answer.status() == 429) {
      return null;
    }
    if (answer.status() != 202) {
      ledger.violated("AnswersAsPromised", job.request(), "expected 202 or 503 for a submission, but found " + answer.status() + ": " + answer.body());
      return "";
    }
    return answer.json().path("id").asText();
  }

  private @Nullable String produce(PlannedJob job) throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(TOPIC, scripts.body(job).getBytes(StandardCharsets.UTF_8))).get();
      return scripts.id(job);
    } catch (ExecutionException | org.apache.kafka.common.KafkaException e) {
      return null;
    }
  }

  /// After a 202, and after the same request again, the job can be seen.
  private void look(PlannedJob job, String id) throws InterruptedException {
    while (System.nanoTime() < giveUpAt) {
      Answer answer = ask(() -> hodei.get("/v1/jobs/" + id));
      if (answer != null && answer.status() == 404 && job.way() != PlannedJob.Way.RECORD) {
        ledger.violated("AnswersAsPromised", id, "it was accepted by a 202, but GET answers 404");
      }
      if (answer != null && answer.status() != 503) {
        return;
      }
      Thread.sleep(BETWEEN);
    }
  }

  private void cancel(PlannedJob job, String id) throws InterruptedException {
    while (System.nanoTime() < giveUpAt) {
      Answer answer = ask(() -> hodei.post("/v1/jobs/" + id + "/cancel", ""));
      int status = answer == null ? 503 : answer.status();
      boolean unseen = status == 404 && job.way() == PlannedJob.Way.RECORD;
      if (status == 202) {
        ledger.cancelled(job, id);
        return;
      } else if (status == 409) {
        return;
      } else if (status != 503 && status != 429 && !unseen) {
        ledger.violated("AnswersAsPromised", id, "expected 202, 409 or 503 for a cancel, but found " + status + ": " + (answer == null ? "" : answer.body()));
        return;
      }
      Thread.sleep(BETWEEN);
    }
  }

  private static @Nullable Answer ask(java.util.function.Supplier<Answer> call) {
    try {
      return call.get();
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
