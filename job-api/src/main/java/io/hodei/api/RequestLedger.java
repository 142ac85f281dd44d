package io.hodei.api;

import io.hodei.domain.JobSpec;
import io.hodei.domain.PoolLimits;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestHash;
import io.hodei.domain.RequestIds;
import io.hodei.domain.RequestRules;
import io.hodei.schemas.Job;
import io.hodei.schemas.JobRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Which record of `hodei.job-requests` an id or an idempotency key belongs to, by the rule that the dispatcher applies too,
/// in the order of the log. A record counts when it can be read, and its pool is known and takes it. Of those that count, the
/// first with an id has it, and the first with a tenant's key within 24 h (by the records' timestamps) has that; a record
/// whose id or key belongs to another is a repetition and claims nothing. Written by one tail, read by any thread.
final class RequestLedger implements AutoCloseable {
  private static final Duration KEY_KEPT = Duration.ofHours(24);

  /// Who holds a key: the job, and what was asked.
  record Claim(String jobId, String source, String hash, Instant at) {}

  private final RequestDecoder decoder;
  private final Function<String, @Nullable PoolLimits> pools;
  private final JobView jobs;
  private final KeyTable keys;

  /// The keys are on the disk of the system's temporary files.
  RequestLedger(RequestDecoder decoder, Function<String, @Nullable PoolLimits> pools, JobView jobs) {
    this(decoder, pools, jobs, new RowFile(Path.of(System.getProperty("java.io.tmpdir")), RowFile.SEGMENT_BYTES));
  }

  RequestLedger(RequestDecoder decoder, Function<String, @Nullable PoolLimits> pools, JobView jobs, RowFile file) {
    this.keys = new KeyTable(file);
    this.decoder = decoder;
    this.pools = pools;
    this.jobs = jobs;
  }

  /// A record of `hodei.job-requests`.
  void handle(ConsumerRecord<String, byte[]> record) {
    Reading reading = decoder.read(record.value());
    if (reading == null || !reading.violations().isEmpty()) {
      return;
    }
    JobSpec spec = reading.spec();
    PoolLimits limits = pools.apply(spec.pool());
    if (limits == null || !RequestRules.check(spec, limits).isEmpty()) {
      return;
    }
    String source = Source.text(record.topic(), record.partition(), record.offset());
    String id = spec.id() == null ? RequestIds.of(source) : spec.id();
    Claim claim = new Claim(id, source, RequestHash.of(spec), Instant.ofEpochMilli(record.timestamp()));
    if (spec.idempotencyKey() == null && jobs.has(id)) {
      // It holds its id whatever this record is, and claims nothing else: the body need not be read.
      return;
    }
    Job known = jobs.get(id);
    if (known == null || known.getSource().equals(source)) {
      if (claims(spec, claim)) {
        jobs.accept(pending(spec, claim));
      }
    }
  }

  /// Who holds `spec`'s id or its key; null when both are free.
  @Nullable Claim holder(JobSpec spec, Instant now) {
    Job known = spec.id() == null ? null : jobs.get(spec.id());
    if (known != null) {
      return new Claim(known.getId(), known.getSource(), known.getRequestHash(), now);
    }
    Claim claim = spec.idempotencyKey() == null ? null : keys.get(spec.tenant(), spec.idempotencyKey());
    return claim == null || !claim.at().plus(KEY_KEPT).isAfter(now) ? null : claim;
  }

  /// A row of `hodei.job-state`, whose request this ledger may not have counted (its pool came later).
  void confirm(@Nullable Job row) {
    Instant submitted = row == null ? null : row.getSubmittedAt();
    if (row != null && row.getIdempotencyKey() != null && submitted != null && row.getTenant() != null) {
      synchronized (keys) {
        if (keys.get(row.getTenant(), row.getIdempotencyKey()) == null) {
          keys.put(row.getTenant(), row.getIdempotencyKey(), new Claim(row.getId(), row.getSource(), row.getRequestHash(), submitted));
        }
      }
    }
  }

  void sweep(Instant now) {
    keys.removeUpTo(now.minus(KEY_KEPT));
  }

  private boolean claims(JobSpec spec, Claim claim) {
    String key = spec.idempotencyKey();
    if (key == null) {
      return true;
    }
    synchronized (keys) {
      Claim held = keys.get(spec.tenant(), key);
      if (held != null && !held.source().equals(claim.source()) && held.at().plus(KEY_KEPT).isAfter(claim.at())) {
        return false;
      }
      keys.put(spec.tenant(), key, claim);
      return true;
    }
  }

  /// What keeps keys from the disk; null when nothing does.
  @Nullable String trouble() {
    return keys.trouble();
  }

  @Override
  public void close() {
    keys.close();
  }

  private static Job pending(JobSpec spec, Claim claim) {
    JobRequest request = RequestAvro.write(spec);
    return Job.newBuilder()
        .setId(claim.jobId()).setName(request.getName()).setPool(request.getPool()).setCommand(request.getCommand())
        .setScript(request.getScript()).setImage(request.getImage()).setEnv(request.getEnv()).setSecrets(request.getSecrets())
        .setWorkdir(request.getWorkdir()).setResources(request.getResources()).setTimeoutMs(request.getTimeoutMs())
        .setQueueTimeoutMs(request.getQueueTimeoutMs()).setPriority(request.getPriority()).setRetry(request.getRetry())
        .setIdempotencyKey(request.getIdempotencyKey()).setLabels(request.getLabels()).setTenant(request.getTenant())
        .setActor(request.getActor() == null ? "anonymous" : request.getActor())
        .setCorrelationId(request.getCorrelationId() == null ? claim.jobId() : request.getCorrelationId())
        .setProviderConfig(request.getProviderConfig()).setRetryOf(request.getRetryOf()).setState("PENDING")
        .setSubmittedAt(claim.at()).setQueuedAt(claim.at()).setQueueDeadline(claim.at().plus(spec.queueTimeout()))
        .setRequestHash(claim.hash()).setSource(claim.source())
        .build();
  }
}
