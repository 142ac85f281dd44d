package io.hodei.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/// Every topic of Hodei: the one place from which topics are created, schemas registered and docs generated.
///
/// A topic's name is `hodei.topics.prefix` (default `hodei.`) and its suffix. Subjects are `<topic>-value`.
public enum Topic {
  JOB_REQUESTS("job-requests", Shape.SHARDED, Cleanup.DELETE, Duration.ofDays(7), JobRequest.getClassSchema(),
      "any", "anyone", "Requests to run a job: framed Avro, or a JSON object with the HTTP names."),
  CONTROL("control", Shape.SHARDED, Cleanup.DELETE, Duration.ofDays(7), ControlCommand.getClassSchema(),
      "id of the object", "job-api, gc-service", "What is asked of the dispatcher. Internal."),
  WORKER_REPORTS("worker-reports", Shape.SHARDED, Cleanup.DELETE, Duration.ofDays(1), WorkerReport.getClassSchema(),
      "worker id", "lifecycle-service, gateway, gc-service", "Raw facts; may repeat. Internal."),
  JOB_EVENTS("job-events", Shape.SINGLE, Cleanup.DELETE, Duration.ofDays(30), JobEvent.getClassSchema(),
      "job id", "dispatcher", "What happened to each job, in order."),
  JOB_STATE("job-state", Shape.SINGLE, Cleanup.COMPACT_DELETE, Duration.ofDays(7), Job.getClassSchema(),
      "job id", "dispatcher", "Each job as it is."),
  WORKER_EVENTS("worker-events", Shape.SINGLE, Cleanup.DELETE, Duration.ofDays(30), WorkerEvent.getClassSchema(),
      "worker id", "dispatcher", "What happened to each worker, in order."),
  WORKER_STATE("worker-state", Shape.SINGLE, Cleanup.COMPACT, Duration.ofDays(1), Worker.getClassSchema(),
      "worker id", "dispatcher", "Each worker as it is; a tombstone 24 h after WorkerCleanedUp."),
  WORKER_COMMANDS("worker-commands", Shape.SINGLE, Cleanup.DELETE, Duration.ofDays(2), WorkerCommand.getClassSchema(),
      "worker id", "dispatcher", "What lifecycle-service and the gateway shall do. Internal."),
  WORKER_INVENTORY("worker-inventory", Shape.SINGLE, Cleanup.DELETE, Duration.ofDays(1),
      InventorySnapshot.getClassSchema(), "provider instance", "lifecycle-service",
      "Complete listings of the infrastructure. Internal."),
  GC_EVENTS("gc-events", Shape.SINGLE, Cleanup.DELETE, Duration.ofDays(30), GcEvent.getClassSchema(),
      "provider", "gc-service", "What each garbage collection cycle found."),
  POOLS("pools", Shape.SINGLE, Cleanup.COMPACT, Duration.ofDays(1), Pool.getClassSchema(),
      "name", "dispatcher", "Each pool as applied."),
  FLAGS("flags", Shape.SINGLE, Cleanup.COMPACT, Duration.ofDays(1), Flag.getClassSchema(),
      "name", "dispatcher", "Each run-time flag as applied."),
  JOB_LOGS("job-logs", Shape.SPREAD, Cleanup.DELETE, Duration.ofDays(7), LogBatch.getClassSchema(),
      "job id", "gateway", "The jobs' output."),
  LEDGER("dispatcher-ledger", Shape.NONE, Cleanup.COMPACT, Duration.ofDays(1), LedgerEntry.getClassSchema(),
      "id or key", "dispatcher", "No topic of its own: the subject under which the ledger store's rows are registered. Internal."),
  DEAD_LETTERS("dead-letters", Shape.SINGLE, Cleanup.COMPACT_DELETE, Duration.ofDays(30), null,
      "source topic-partition-offset", "any", "Records that could not be read, as they were; the reason is in the headers."),
  SCHEMAS("schemas", Shape.SINGLE, Cleanup.COMPACT, Duration.ofDays(1), null,
      "schema id", "any", "JSON copies of the registry's answers, so that a process starts while the registry is down. Internal.");

  /// How many partitions: `SHARDED` one per shard, `SINGLE` one, `SPREAD` several, `NONE` for what is a subject only.
  public enum Shape { SHARDED, SINGLE, SPREAD, NONE }

  /// The topic's cleanup policy.
  public enum Cleanup {
    DELETE("delete"), COMPACT("compact"), COMPACT_DELETE("compact,delete");

    private final String policy;

    Cleanup(String policy) {
      this.policy = policy;
    }

    /// The value of `cleanup.policy`.
    public String policy() {
      return policy;
    }
  }

  private final String suffix;
  private final Shape shape;
  private final Cleanup cleanup;
  private final Duration retention;
  private final Schema schema;
  private final String key;
  private final String writer;
  private final String about;

  Topic(String suffix, Shape shape, Cleanup cleanup, Duration retention, Schema schema, String key, String writer,
      String about) {
    this.suffix = suffix;
    this.shape = shape;
    this.cleanup = cleanup;
    this.retention = retention;
    this.schema = schema;
    this.key = key;
    this.writer = writer;
    this.about = about;
  }

  /// The full name under `prefix`.
  public String under(String prefix) {
    return prefix + suffix;
  }

  /// The name without its prefix.
  public String suffix() {
    return suffix;
  }

  /// Partitions when the installation has `shards` shards.
  public int partitions(int shards) {
    return switch (shape) {
      case SHARDED -> shards;
      case SINGLE -> 1;
      case SPREAD -> 4;
      case NONE -> 0;
    };
  }

  public Cleanup cleanup() {
    return cleanup;
  }

  public Duration retention() {
    return retention;
  }

  /// The value's Avro schema; null for topics of raw bytes.
  public Schema schema() {
    return schema;
  }

  public String key() {
    return key;
  }

  public String writer() {
    return writer;
  }

  public String about() {
    return about;
  }

  /// True when it is a topic and not only a subject.
  public boolean isCreated() {
    return shape != Shape.NONE;
  }

  /// The topics whose values are Avro.
  public static List<Topic> withSchema() {
    List<Topic> found = new ArrayList<>();
    for (Topic topic : values()) {
      if (topic.schema != null) {
        found.add(topic);
      }
    }
    return found;
  }
}
