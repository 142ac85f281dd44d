package io.hodei.dispatcher;

import io.hodei.domain.Cause;
import io.hodei.domain.Effect;
import io.hodei.domain.Input;
import io.hodei.domain.Job;
import io.hodei.domain.JobId;
import io.hodei.domain.JobSpec;
import io.hodei.domain.Origin;
import io.hodei.domain.Outcome;
import io.hodei.domain.PoolLimits;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.Reading;
import io.hodei.domain.Recorded;
import io.hodei.domain.RequestHash;
import io.hodei.domain.RequestIds;
import io.hodei.domain.RequestReader;
import io.hodei.domain.RequestRules;
import io.hodei.domain.Shard;
import io.hodei.domain.Violation;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerId;
import io.hodei.kit.Accepted;
import io.hodei.kit.DeadLetters;
import io.hodei.kit.UnknownSchemaException;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts each record to the shard and its outcome on the topics, all in one transaction. Runs on the stream thread of its partition.
/// Bad records go to the dead letters, refused requests become JobRejected, a decision that throws goes to the dead letters with reason
/// BUG; only Kafka's own failures stop the thread.
final class ShardProcessor implements Processor<byte[], byte[], String, byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(ShardProcessor.class);
  private static final Duration TICK = Duration.ofMillis(100);

  private final Dispatching dispatching;
  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable Stores stores;
  private @Nullable Shard shard;
  private @Nullable FlagRows flags;
  private @Nullable PoolRows pools;
  private boolean announced;

  ShardProcessor(Dispatching dispatching) {
    this.dispatching = dispatching;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> given) {
    context = given;
    stores = new Stores(given, dispatching.codec());
    Shard fresh = dispatching.freshShard();
    PoolRows known = dispatching.freshPools();
    stores.restore(known);
    known.policies().forEach(fresh::apply);
    int rows = stores.restore(fresh, dispatching.clock().instant());
    FlagRows start = dispatching.freshFlags();
    stores.restore(start);
    fresh.apply(start.flags());
    shard = fresh;
    flags = start;
    pools = known;
    announced = false;
    dispatching.tookOver(fresh);
    LOG.info("shard_taken_over partition={} rows={}", given.taskId().partition(), rows);
    given.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata place = Wire.given(context, "context").recordMetadata().orElseThrow();
    String source = place.topic() + "-" + place.partition() + "-" + place.offset();
    try {
      switch (dispatching.topicOf(place.topic())) {
        case JOB_REQUESTS -> request(record, source);
        case CONTROL -> control(record, source);
        case WORKER_REPORTS -> report(record, source);
        default -> throw new UnreadableException("Expected an input topic, but found " + place.topic());
      }
    } catch (UnreadableException | SerializationException | UnknownSchemaException e) {
      deadLetter(record, source, String.valueOf(e.getMessage()));
    }
  }

  private void request(Record<byte[], byte[]> record, String source) {
    Reading reading = judged(() -> dispatching.requests().read(record.value()));
    JobSpec spec = reading.spec();
    String derived = RequestIds.of(source);
    List<Violation> violations = new ArrayList<>(reading.violations());
    PoolPolicy pool = Wire.given(shard, "shard").pool(spec.pool());
    if (violations.isEmpty() && pool == null) {
      violations.add(new Violation("pool", "unknown-pool", "Expected a pool that exists, but there is no \"" + spec.pool() + "\"; see ./hodei pools."));
    } else if (violations.isEmpty() && pool != null) {
      violations.addAll(judged(() -> RequestRules.check(spec, new PoolLimits(pool.name(), List.of(pool.provider()), pool.template().image(), pool.times().maxJobTimeout()))));
    }
    String actor = spec.actor() == null ? "anonymous" : spec.actor();
    Instant now = dispatching.clock().instant();
    boolean accepted = spec.id() != null && reading.violations().isEmpty() && header(record.headers(), Accepted.HEADER) != null;
    if (!violations.isEmpty() && !accepted) {
      Outcome refused = new Outcome();
      Violation first = violations.getFirst();
      // What a refused request says of itself is repeated only where it is well-formed.
      boolean named = spec.id() != null && RequestReader.NAME.matcher(spec.id()).matches();
      String said = spec.correlationId() != null && RequestReader.isCorrelationId(spec.correlationId()) ? spec.correlationId() : null;
      boolean signed = violations.stream().noneMatch(violation -> violation.field().equals("actor"));
      refused.events().add(new Recorded.OfRejection(new JobId(named ? spec.id() : derived), first.code(), first.field(), first.message(), source,
          said, now, new Cause(source, signed ? actor : "anonymous", said)));
      emit(refused);
      return;
    }
    JobId id = new JobId(spec.id() == null ? derived : spec.id());
    String correlation = spec.correlationId() == null ? id.value() : spec.correlationId();
    Origin origin = new Origin(source, RequestHash.of(spec), Instant.ofEpochMilli(record.timestamp()), correlation, actor,
        header(record.headers(), "traceparent"));
    Input.SubmitJob submit = new Input.SubmitJob(id, spec, origin);
    handle(violations.isEmpty() ? submit : new Input.RefuseJob(submit, violations.getFirst()), new Cause(source, actor, correlation), record, source);
  }

  private void control(Record<byte[], byte[]> record, String source) {
    ControlCommand command = dispatching.codec().value(Topic.CONTROL, bytes(record), ControlCommand.class);
    if (command.getType().equals("SetFlags")) {
      setFlags(command);
      return;
    }
    if (command.getType().equals("ApplyPool")) {
      applyPool(command, record, source);
      return;
    }
    Input input = judgedOrNull(() -> ReportInputs.read(command));
    if (input == null) {
      Instant now = dispatching.clock().instant();
      forward(Topic.WORKER_COMMANDS, command.getProviderId() == null ? "all" : command.getProviderId(),
          dispatching.codec().bytes(Topic.WORKER_COMMANDS, dispatching.commands().inventory(command.getActor(), command.getProviderId(), now)), null);
    } else {
      handle(input, new Cause(source, command.getActor(), command.getCorrelationId()), record, source);
    }
  }

  /// In force from the next decision on; what was decided before stays.
  private void setFlags(ControlCommand command) {
    FlagRows rows = Wire.given(flags, "flags");
    List<Flag> changed = judged(() -> rows.set(command, dispatching.clock().instant()));
    Wire.given(shard, "shard").apply(rows.flags());
    for (Flag flag : changed) {
      Wire.given(stores, "stores").putFlag(flag.getName(), publish(flag));
      LOG.info("flag_set flag={} value={} generation={} actor={}", flag.getName(), flag.getValue(), flag.getGeneration(), flag.getActor());
    }
  }

  /// Those who wait may be scheduled by it, those who are idle or kept may go sooner; nobody who works is harmed.
  private void applyPool(ControlCommand command, Record<byte[], byte[]> record, String source) {
    Pool applied = judged(() -> Wire.given(pools, "pools").apply(command, dispatching.clock().instant()));
    Wire.given(stores, "stores").putPool(applied.getName(), publish(applied));
    handle(new Input.ApplyPool(PoolRecords.read(applied)), new Cause(source, command.getActor(), command.getCorrelationId()), record, source);
    LOG.info("pool_applied pool={} generation={} actor={}", applied.getName(), applied.getGeneration(), applied.getActor());
  }

  private byte[] publish(Pool pool) {
    byte[] row = dispatching.codec().bytes(Topic.POOLS, pool);
    forward(Topic.POOLS, pool.getName(), row, null);
    return row;
  }

  private byte[] publish(Flag flag) {
    byte[] row = dispatching.codec().bytes(Topic.FLAGS, flag);
    forward(Topic.FLAGS, flag.getName(), row, null);
    return row;
  }

  private void report(Record<byte[], byte[]> record, String source) {
    WorkerReport report = dispatching.codec().value(Topic.WORKER_REPORTS, bytes(record), WorkerReport.class);
    handle(judged(() -> ReportInputs.read(report)), new Cause(source, report.getReporter(), null), record, source);
  }

  /// Reads by rules of our own: what they throw unasked is a bug of ours, and the record goes the way of an unreadable one.
  private <T> T judged(Supplier<T> rule) {
    try {
      return rule.get();
    } catch (UnreadableException | KafkaException | UnknownSchemaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("rule_failed", e);
      dispatching.metrics().bug();
      throw new UnreadableException("BUG " + e, e);
    }
  }

  private @Nullable Input judgedOrNull(Supplier<@Nullable Input> rule) {
    return judged(() -> Optional.ofNullable(rule.get())).orElse(null);
  }

  private void handle(Input input, Cause cause, Record<byte[], byte[]> record, String source) {
    Outcome outcome = new Outcome();
    try {
      Wire.given(shard, "shard").handle(input, cause, dispatching.clock().instant(), outcome);
    } catch (RuntimeException e) {
      LOG.error("decision_failed source={} input={}", source, input.getClass().getSimpleName(), e);
      dispatching.metrics().bug();
      deadLetter(record, source, "BUG " + e);
    }
    emit(outcome);
  }

  private void tick() {
    if (!announced) {
      announced = true;
      Wire.given(flags, "flags").all().forEach(this::publish);
      Wire.given(pools, "pools").all().forEach(this::publish);
    }
    Outcome outcome = new Outcome();
    try {
      Wire.given(shard, "shard").tick(dispatching.clock().instant(), outcome);
    } catch (RuntimeException e) {
      LOG.error("tick_failed", e);
      dispatching.metrics().bug();
    }
    emit(outcome);
    dispatching.metrics().observe(Wire.given(shard, "shard"));
  }

  private void emit(Outcome outcome) {
    Stores rows = Wire.given(stores, "stores");
    outcome.refusals().forEach(refusal -> dispatching.metrics().refused(refusal));
    for (Recorded recorded : outcome.events()) {
      EventRecords.Addressed event = dispatching.events().write(recorded);
      forward(event.topic(), event.key(), dispatching.codec().bytes(event.topic(), event.value()), traceOf(recorded));
      dispatching.metrics().recorded(recorded);
      Transitions.log(recorded);
    }
    outcome.jobs().forEach((id, job) -> {
      byte[] row = dispatching.codec().bytes(Topic.JOB_STATE, JobRows.write(job));
      if (job instanceof Job.Ended) {
        rows.deleteJob(id.value());
      } else {
        rows.putJob(id.value(), row);
      }
      forward(Topic.JOB_STATE, id.value(), row, job.head().origin().traceparent());
    });
    outcome.workers().forEach((id, worker) -> write(rows, id, worker));
    rows.storeInternal(outcome);
    Instant now = dispatching.clock().instant();
    for (Effect effect : outcome.effects()) {
      forward(Topic.WORKER_COMMANDS, effect.worker().value(), dispatching.codec().bytes(Topic.WORKER_COMMANDS, dispatching.commands().write(effect, now)), null);
    }
  }

  private void write(Stores rows, WorkerId id, @Nullable Worker worker) {
    if (worker == null) {
      rows.deleteWorker(id.value());
      forward(Topic.WORKER_STATE, id.value(), null, null);
      return;
    }
    byte[] row = dispatching.codec().bytes(Topic.WORKER_STATE, WorkerRows.write(worker));
    rows.putWorker(id.value(), row);
    forward(Topic.WORKER_STATE, id.value(), row, null);
  }

  private static @Nullable String traceOf(Recorded recorded) {
    return recorded instanceof Recorded.OfJob job ? job.after().head().origin().traceparent() : null;
  }

  private void deadLetter(Record<byte[], byte[]> record, String source, String reason) {
    dispatching.metrics().deadLetter();
    LOG.warn("dead_letter source={} reason=\"{}\"", source, reason);
    Headers headers = dispatching.deadLetters().headers(record.key(), record.value(), reason);
    Wire.given(context, "context").forward(new Record<>(source, DeadLetters.kept(record.value()),
        dispatching.clock().millis(), headers), Topic.DEAD_LETTERS.suffix());
  }

  private void forward(Topic topic, String key, byte @Nullable [] value, @Nullable String traceparent) {
    Headers headers = new RecordHeaders();
    if (traceparent != null) {
      headers.add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
    }
    Wire.given(context, "context").forward(new Record<>(key, value, dispatching.clock().millis(), headers), topic.suffix());
  }

  private static byte[] bytes(Record<byte[], byte[]> record) {
    if (record.value() == null) {
      throw new UnreadableException("Expected a value, but it is null.");
    }
    return record.value();
  }

  private static @Nullable String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
