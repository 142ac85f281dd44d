package io.hodei.dispatcher;

import io.hodei.domain.Job;
import io.hodei.domain.Outcome;
import io.hodei.domain.Recorded;
import io.hodei.domain.Shard;
import io.hodei.domain.Effect;
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

/// Puts each record to the shard's inbox and what follows on the topics, all in one transaction. Runs on the stream thread of its partition.
/// Bad records go to the dead letters, refused requests become JobRejected, a decision that throws goes to the dead letters with reason
/// BUG; only Kafka's own failures stop the thread.
final class ShardProcessor implements Processor<byte[], byte[], String, byte[]>, ShardOutbox {
  private static final Logger LOG = LoggerFactory.getLogger(ShardProcessor.class);
  private static final Duration TICK = Duration.ofMillis(100);

  private final Dispatching dispatching;
  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable Stores stores;
  private @Nullable ShardInbox inbox;
  private @Nullable Record<byte[], byte[]> inHand;

  ShardProcessor(Dispatching dispatching) {
    this.dispatching = dispatching;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> given) {
    context = given;
    stores = new Stores(given, dispatching.codec());
    Shard fresh = dispatching.freshShard();
    PoolRows pools = dispatching.freshPools();
    stores.restore(pools);
    int rows = stores.restore(fresh, dispatching.clock().instant());
    FlagRows flags = dispatching.freshFlags();
    stores.restore(flags);
    inbox = new ShardInbox(fresh, pools, flags, dispatching.clock(), this);
    dispatching.tookOver(fresh);
    LOG.info("shard_taken_over partition={} rows={}", given.taskId().partition(), rows);
    given.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata place = Wire.given(context, "context").recordMetadata().orElseThrow();
    String source = place.topic() + "-" + place.partition() + "-" + place.offset();
    ShardInbox to = Wire.given(inbox, "inbox");
    inHand = record;
    try {
      switch (dispatching.topicOf(place.topic())) {
        case JOB_REQUESTS -> to.request(new ShardInbox.Request(to.judged(() -> dispatching.requests().read(record.value())), source,
            Instant.ofEpochMilli(record.timestamp()), header(record.headers(), Accepted.HEADER) != null, header(record.headers(), "traceparent")));
        case CONTROL -> to.control(dispatching.codec().value(Topic.CONTROL, bytes(record), ControlCommand.class), source);
        case WORKER_REPORTS -> to.report(dispatching.codec().value(Topic.WORKER_REPORTS, bytes(record), WorkerReport.class), source);
        default -> throw new UnreadableException("Expected an input topic, but found " + place.topic());
      }
    } catch (UnreadableException | SerializationException | UnknownSchemaException e) {
      deadLetter(source, String.valueOf(e.getMessage()));
    } finally {
      inHand = null;
    }
  }

  private void tick() {
    ShardInbox to = Wire.given(inbox, "inbox");
    to.tick();
    dispatching.metrics().observe(to.shard());
  }

  @Override
  public void emit(Outcome outcome) {
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

  @Override
  public void publish(Pool pool, boolean changed) {
    byte[] row = dispatching.codec().bytes(Topic.POOLS, pool);
    if (changed) {
      Wire.given(stores, "stores").putPool(pool.getName(), row);
    }
    forward(Topic.POOLS, pool.getName(), row, null);
  }

  @Override
  public void publish(Flag flag, boolean changed) {
    byte[] row = dispatching.codec().bytes(Topic.FLAGS, flag);
    if (changed) {
      Wire.given(stores, "stores").putFlag(flag.getName(), row);
    }
    forward(Topic.FLAGS, flag.getName(), row, null);
  }

  @Override
  public void askForInventory(ControlCommand command) {
    forward(Topic.WORKER_COMMANDS, command.getProviderId() == null ? "all" : command.getProviderId(), dispatching.codec().bytes(Topic.WORKER_COMMANDS,
        dispatching.commands().inventory(command.getActor(), command.getProviderId(), dispatching.clock().instant())), null);
  }

  @Override
  public void deadLetter(String source, String reason) {
    Record<byte[], byte[]> record = Wire.given(inHand, "record");
    dispatching.metrics().deadLetter();
    LOG.warn("dead_letter source={} reason=\"{}\"", source, reason);
    Headers headers = dispatching.deadLetters().headers(record.key(), record.value(), reason);
    Wire.given(context, "context").forward(new Record<>(source, DeadLetters.kept(record.value()),
        dispatching.clock().millis(), headers), Topic.DEAD_LETTERS.suffix());
  }

  @Override
  public void bug(String where, RuntimeException cause) {
    LOG.error("bug where=\"{}\"", where, cause);
    dispatching.metrics().bug();
  }

  private static @Nullable String traceOf(Recorded recorded) {
    return recorded instanceof Recorded.OfJob job ? job.after().head().origin().traceparent() : null;
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
