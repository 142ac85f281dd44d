package io.hodei.dispatcher;

import io.hodei.domain.Cause;
import io.hodei.domain.JobId;
import io.hodei.domain.JobState;
import io.hodei.domain.Outcome;
import io.hodei.domain.ParkedCancel;
import io.hodei.domain.Remembered;
import io.hodei.domain.Shard;
import io.hodei.kit.Codec;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Job;
import io.hodei.schemas.LedgerEntry;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.schemas.WorkerEvent;
import java.time.Instant;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The shard's rows as bytes in Kafka Streams' stores: what survives a crash.
final class Stores {
  static final String JOBS = "jobs";
  static final String WORKERS = "workers";
  static final String LEDGER = "ledger";
  static final String PARKED = "parked";
  static final String FLAGS = "flags";
  static final String POOLS = "pools";
  static final String PROVIDERS = "providers";

  private final Codec codec;
  private final KeyValueStore<String, byte[]> jobs;
  private final KeyValueStore<String, byte[]> workers;
  private final KeyValueStore<String, byte[]> ledger;
  private final KeyValueStore<String, byte[]> parked;
  private final KeyValueStore<String, byte[]> flags;
  private final KeyValueStore<String, byte[]> pools;
  private final KeyValueStore<String, byte[]> providers;

  Stores(ProcessorContext<?, ?> context, Codec codec) {
    this.codec = codec;
    this.jobs = store(context, JOBS);
    this.workers = store(context, WORKERS);
    this.ledger = store(context, LEDGER);
    this.parked = store(context, PARKED);
    this.flags = store(context, FLAGS);
    this.pools = store(context, POOLS);
    this.providers = store(context, PROVIDERS);
  }

  /// Gives every row to a fresh shard; how many there were.
  int restore(Shard shard, Instant at) {
    int rows = 0;
    try (KeyValueIterator<String, byte[]> all = jobs.all()) {
      while (all.hasNext()) {
        shard.restore(JobRows.read(codec.value(Topic.JOB_STATE, all.next().value, Job.class)), at);
        rows++;
      }
    }
    try (KeyValueIterator<String, byte[]> all = workers.all()) {
      while (all.hasNext()) {
        shard.restore(WorkerRows.read(codec.value(Topic.WORKER_STATE, all.next().value, Worker.class)));
        rows++;
      }
    }
    try (KeyValueIterator<String, byte[]> all = ledger.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> next = all.next();
        LedgerEntry entry = codec.value(Topic.LEDGER, next.value, LedgerEntry.class);
        shard.restore(next.key, new Remembered(new JobId(entry.getJobId()), entry.getRequestHash(),
            entry.getState().isEmpty() ? null : JobState.valueOf(entry.getState()), entry.getExpiresAt()));
        rows++;
      }
    }
    try (KeyValueIterator<String, byte[]> all = parked.all()) {
      while (all.hasNext()) {
        ControlCommand command = codec.value(Topic.CONTROL, all.next().value, ControlCommand.class);
        shard.restore(new ParkedCancel(new JobId(Wire.given(command.getJobId(), "jobId")),
            new Cause(command.getCommandId(), command.getActor(), command.getCorrelationId()), command.getAt()));
        rows++;
      }
    }
    try (KeyValueIterator<String, byte[]> all = providers.all()) {
      while (all.hasNext()) {
        shard.restore(ProviderRows.read(codec.value(Topic.WORKER_EVENTS, all.next().value, WorkerEvent.class)));
        rows++;
      }
    }
    return rows;
  }

  /// Gives every flag that was set to `fresh`.
  void restore(FlagRows fresh) {
    try (KeyValueIterator<String, byte[]> all = flags.all()) {
      while (all.hasNext()) {
        fresh.restore(codec.value(Topic.FLAGS, all.next().value, Flag.class));
      }
    }
  }

  /// Gives every pool that was set to `fresh`.
  void restore(PoolRows fresh) {
    try (KeyValueIterator<String, byte[]> all = pools.all()) {
      while (all.hasNext()) {
        fresh.restore(codec.value(Topic.POOLS, all.next().value, Pool.class));
      }
    }
  }

  void putPool(String name, byte[] row) {
    pools.put(name, row);
  }

  void putFlag(String name, byte[] row) {
    flags.put(name, row);
  }

  /// Stores what an outcome does not publish.
  void storeInternal(Outcome outcome) {
    outcome.ledger().forEach((key, entry) -> {
      if (entry == null) {
        ledger.delete(key);
      } else {
        ledger.put(key, codec.bytes(Topic.LEDGER, LedgerEntry.newBuilder().setJobId(entry.job().value()).setRequestHash(entry.requestHash())
            .setState(entry.finalState() == null ? "" : entry.finalState().name()).setExpiresAt(entry.expiresAt()).build()));
      }
    });
    outcome.parked().forEach((job, cancel) -> {
      if (cancel == null) {
        parked.delete(job.value());
      } else {
        String correlation = cancel.cause().correlationId();
        parked.put(job.value(), codec.bytes(Topic.CONTROL, ControlCommand.newBuilder().setType("CancelJob")
            .setCommandId(cancel.cause().causationId()).setAt(cancel.until()).setActor(cancel.cause().actor())
            .setCorrelationId(correlation == null ? job.value() : correlation).setJobId(job.value()).build()));
      }
    });
    outcome.providers().forEach((id, provider) -> providers.put(id, codec.bytes(Topic.WORKER_EVENTS, ProviderRows.write(provider))));
  }

  void putJob(String id, byte[] row) {
    jobs.put(id, row);
  }

  void deleteJob(String id) {
    jobs.delete(id);
  }

  void putWorker(String id, byte[] row) {
    workers.put(id, row);
  }

  void deleteWorker(String id) {
    workers.delete(id);
  }

  private static <S extends StateStore> S store(ProcessorContext<?, ?> context, String name) {
    S store = context.getStateStore(name);
    if (store == null) {
      throw new IllegalStateException("Expected store " + name + " in the topology, but there is none");
    }
    return store;
  }
}
