package io.hodei.api;

import io.hodei.domain.JobSpec;
import io.hodei.domain.RequestHash;
import io.hodei.kit.Accepted;
import io.hodei.kit.Codec;
import io.hodei.kit.Key;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Puts valid requests on `hodei.job-requests`, all or none, and answers with the jobs that they have become: new ones, or
/// those that hold the same id or key. Runs on the threads of the calls.
final class Submission {
  /// The part of the views that a submission needs: it has handled everything below an offset.
  @FunctionalInterface
  interface Handled {
    boolean await(TopicPartition partition, long offset, Duration patience) throws InterruptedException;
  }

  private final Outbox outbox;
  private final Codec codec;
  private final JobView jobs;
  private final RequestLedger ledger;
  private final Handled requests;
  private final Duration ackTimeout;
  private final long maxOpenBytes;
  private final InstantSource clock;

  /// `maxOpenBytes`: what jobs that have not ended may hold, beyond which none is taken.
  Submission(Outbox outbox, Codec codec, JobView jobs, RequestLedger ledger, Handled requests, Duration ackTimeout, long maxOpenBytes,
      InstantSource clock) {
    this.outbox = outbox;
    this.codec = codec;
    this.jobs = jobs;
    this.ledger = ledger;
    this.requests = requests;
    this.ackTimeout = ackTimeout;
    this.maxOpenBytes = maxOpenBytes;
    this.clock = clock;
  }

  /// One job per spec, in order; each spec has its id.
  List<Job> submit(List<JobSpec> specs) throws InterruptedException {
    Deadline deadline = Deadline.in(ackTimeout);
    List<@Nullable Job> found = found(specs);
    List<JobSpec> fresh = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      if (found.get(i) == null) {
        fresh.add(specs.get(i));
      }
    }
    if (!fresh.isEmpty()) {
      awaitHandled(send(fresh, deadline), deadline);
      found = found(specs);
    }
    List<Job> answer = new ArrayList<>();
    for (Job job : found) {
      if (job == null) {
        throw Problems.unknownOutcome("the request", "it is not among the jobs yet").raise();
      }
      answer.add(job);
    }
    return answer;
  }

  /// The jobs that hold the ids and keys of `specs`; null where both are free.
  ///
  /// @throws Problem.Raised 409 when one of them is held by a job with another body
  private List<@Nullable Job> found(List<JobSpec> specs) {
    List<@Nullable Job> found = new ArrayList<>();
    List<Map<String, Object>> conflicts = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      RequestLedger.Claim holder = ledger.holder(specs.get(i), clock.instant());
      found.add(holder == null ? null : jobs.get(holder.jobId()));
      if (holder != null && !holder.hash().equals(RequestHash.of(specs.get(i)))) {
        conflicts.add(conflict(i, specs.get(i), holder.jobId()));
      }
    }
    if (!conflicts.isEmpty()) {
      throw new Problem(409, "conflict", "Expected ids and idempotency keys that are free, or held by a job with the same body, but "
          + conflicts.getFirst().get("message"), Map.of("errors", conflicts)).raise();
    }
    return found;
  }

  private static Map<String, Object> conflict(int index, JobSpec spec, String holder) {
    boolean byId = holder.equals(spec.id());
    String held = byId ? "the id " + spec.id() : "the idempotency key \"" + spec.idempotencyKey() + "\"";
    return Map.of("index", index, "field", byId ? "id" : "idempotencyKey", "code", "conflict", "message",
        held + " belongs to job " + holder + ", which has another body; choose another, or send that body.");
  }

  private List<RecordMetadata> send(List<JobSpec> specs, Deadline deadline) throws InterruptedException {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (JobSpec spec : specs) {
      ProducerRecord<String, byte[]> record = codec.record(Topic.JOB_REQUESTS, spec.id(), RequestAvro.write(spec));
      record.headers().add(Accepted.HEADER, new byte[0]);
      if (record.value().length > RequestDecoder.MAX_BYTES) {
        throw new Problem(413, "too-large", "Expected a job of at most 256 KiB (" + RequestDecoder.MAX_BYTES + " bytes) with what the headers add"
            + ", but job " + spec.id() + " has " + record.value().length + "; move large data out of it.").raise();
      }
      records.add(record);
    }
    long asked = records.stream().mapToLong(record -> record.value().length).sum();
    long held = jobs.openBytes();
    if (held + asked > maxOpenBytes) {
      throw new Problem(429, "too-many-open", "Expected jobs that have not ended to hold at most " + (maxOpenBytes >> 20) + " MiB, but they hold "
          + (held >> 20) + " MiB and this call brings " + asked + " bytes; try again when some have ended, or raise "
          + Key.API_MAX_OPEN_MIB.key() + " and the memory of job-api and dispatcher.").raise();
    }
    return records.size() == 1 ? List.of(outbox.send(records.getFirst(), deadline)) : outbox.sendAll(records, deadline);
  }

  private void awaitHandled(List<RecordMetadata> places, Deadline deadline) throws InterruptedException {
    for (RecordMetadata place : places) {
      if (!requests.await(new TopicPartition(place.topic(), place.partition()), place.offset() + 1, deadline.left())) {
        throw Problems.unknownOutcome("the request", "it is acknowledged and not readable yet").raise();
      }
    }
  }
}
