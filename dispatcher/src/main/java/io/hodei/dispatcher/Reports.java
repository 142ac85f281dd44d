package io.hodei.dispatcher;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hodei.kit.Codec;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// What the gateway writes: facts and log batches. A call returns when Kafka has acknowledged it, or raises UNAVAILABLE, upon which the
/// agent repeats it. Thread-safe.
final class Reports implements Facts, AutoCloseable {
  private static final long PATIENCE_MS = 10_000;

  private final Codec codec;
  private final String reporter;
  private final KafkaProducer<String, byte[]> facts;
  private final KafkaProducer<String, byte[]> logs;

  Reports(ServiceHost host) {
    this.codec = host.codec();
    this.reporter = "gateway";
    this.facts = host.clients().producer("gateway-facts");
    this.logs = host.clients().producer("gateway-logs");
  }

  @Override
  public WorkerReport.Builder of(String type, String workerId) {
    return WorkerReport.newBuilder().setType(type).setReportId(Uuid7.next()).setAt(Instant.now()).setReporter(reporter).setWorkerId(workerId);
  }

  @Override
  public void send(WorkerReport.Builder report) {
    WorkerReport built = report.build();
    await(facts, codec.record(Topic.WORKER_REPORTS, built.getWorkerId() == null ? reporter : built.getWorkerId(), built));
  }

  /// Sends without waiting: for what is repeated anyway.
  void mention(WorkerReport.Builder report) {
    WorkerReport built = report.build();
    facts.send(codec.record(Topic.WORKER_REPORTS, built.getWorkerId() == null ? reporter : built.getWorkerId(), built));
  }

  RecordMetadata log(LogBatch batch) {
    return await(logs, codec.record(Topic.JOB_LOGS, batch.getJobId(), batch));
  }

  private static RecordMetadata await(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
    try {
      return producer.send(record).get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
      throw unavailable("Kafka has not taken it: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("The gateway stops.");
    }
  }

  private static StatusRuntimeException unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why).asRuntimeException();
  }

  @Override
  public void close() {
    facts.close(java.time.Duration.ofSeconds(2));
    logs.close(java.time.Duration.ofSeconds(2));
  }
}
