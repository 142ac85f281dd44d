package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Settings;
import io.hodei.kit.TopicTail;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Job;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.LogEnd;
import io.hodei.schemas.LogEntry;
import io.hodei.schemas.LogRef;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.schemas.WorkerEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Writes what the dispatcher and the gateway would write, when a test says so; cancels when job-api asks for it.
final class StandInDispatcher implements AutoCloseable {
  private final Codec codec;
  private final KafkaProducer<String, byte[]> producer;
  private final TopicTail control;
  private final Map<String, Job> rows = new ConcurrentHashMap<>();
  volatile boolean deaf;

  StandInDispatcher(Settings settings) {
    codec = new Codec(settings);
    KafkaClients clients = new KafkaClients(settings, "stand-in");
    producer = clients.producer("all");
    control = TopicTail.start("control", clients, List.of(settings.topic(Topic.CONTROL)), record -> {
      ControlCommand command = codec.value(Topic.CONTROL, record.value(), ControlCommand.class);
      Job row = rows.get(String.valueOf(command.getJobId()));
      if (command.getType().equals("CancelJob") && row != null && !deaf) {
        write(Job.newBuilder(row).setState("CANCELLED").setReason("CANCELLED").setCancelRequestedAt(Instant.now())
            .setCancelActor(command.getActor()).setFinishedAt(Instant.now()).build());
      }
      if (!deaf) {
        command.getFlags().forEach((name, value) -> send(Topic.FLAGS, name, Given.flag(name, value, command.getCommandId())));
      }
    });
  }

  void pool() {
    send(Topic.POOLS, "default", Given.pool("default", 4));
    send(Topic.WORKER_EVENTS, "p-1", WorkerEvent.newBuilder().setType("ProviderSeen").setProvider("process").setProviderId("p-1").setOccurredAt(Instant.now()).build());
  }

  void worker(Worker worker) {
    send(Topic.WORKER_STATE, worker.getId(), worker);
  }

  void write(Job row) {
    rows.put(row.getId(), row);
    send(Topic.JOB_STATE, row.getId(), row);
  }

  void event(JobEvent event) {
    send(Topic.JOB_EVENTS, event.getJobId(), event);
  }

  /// Lines `from` to `to`, of 100 bytes each; returns where they are.
  RecordMetadata lines(String jobId, long from, long to, boolean end) {
    List<LogEntry> entries = new java.util.ArrayList<>();
    for (long seq = from; seq <= to; seq++) {
      byte[] line = ("%-99d%n".formatted(seq)).getBytes(StandardCharsets.UTF_8);
      entries.add(new LogEntry(seq, Instant.now(), seq % 2 == 0 ? "stderr" : "stdout", false, ByteBuffer.wrap(line)));
    }
    return send(Topic.JOB_LOGS, jobId, LogBatch.newBuilder().setJobId(jobId).setWorkerId("w").setAttempt(1).setEpoch(1).setEntries(entries)
        .setEnd(end ? new LogEnd(to, to * 100, 0L, 0L) : null).build());
  }

  static LogRef ref(RecordMetadata first, RecordMetadata last, long lines) {
    return new LogRef(1, first.partition(), first.offset(), last.offset(), lines, lines * 100, true, Instant.now(), Instant.now());
  }

  private RecordMetadata send(Topic topic, String key, SpecificRecord value) {
    try {
      return producer.send(codec.record(topic, key, value)).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    control.close();
    producer.close();
  }
}
