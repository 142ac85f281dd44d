package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Every worker whose row is on `hodei.worker-state`. Written by one tail, read by any thread.
final class WorkerView {
  private final Codec codec;
  private final ConcurrentHashMap<String, Worker> workers = new ConcurrentHashMap<>();

  WorkerView(Codec codec) {
    this.codec = codec;
  }

  /// A record of `hodei.worker-state`.
  void handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      workers.remove(record.key());
    } else {
      decided(codec.value(Topic.WORKER_STATE, record.value(), Worker.class));
    }
  }

  /// A worker as the dispatcher has decided it.
  void decided(Worker worker) {
    workers.put(worker.getId(), worker);
  }

  @Nullable Worker get(String id) {
    return workers.get(id);
  }

  Stream<Worker> all() {
    return workers.values().stream();
  }

  /// Workers whose destruction has been asked for and that have not been seen gone.
  long pendingDestroy() {
    return all().filter(worker -> worker.getState().equals("TERMINATING")).count();
  }

  /// The contract's worker object, and some more.
  static Map<String, @Nullable Object> json(Worker worker) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", worker.getId());
    json.put("pool", worker.getPool());
    json.put("provider", worker.getProvider());
    json.put("providerId", worker.getProviderId());
    json.put("providerRef", worker.getProviderRef());
    json.put("mode", worker.getMode());
    json.put("state", worker.getState());
    json.put("jobId", worker.getJobId());
    json.put("attempt", worker.getAttempt());
    json.put("jobsRun", worker.getJobsRun());
    json.put("lastHeartbeatAt", Rfc3339.text(worker.getLastHeartbeatAt()));
    json.put("idleSince", Rfc3339.text(worker.getIdleSince()));
    json.put("createdAt", Rfc3339.text(worker.getCreatedAt()));
    json.put("readyAt", Rfc3339.text(worker.getReadyAt()));
    json.put("stateSince", Rfc3339.text(worker.getStateSince()));
    json.put("deadline", Rfc3339.text(worker.getDeadline()));
    json.put("terminatedAt", Rfc3339.text(worker.getTerminatedAt()));
    json.put("cleanedAt", Rfc3339.text(worker.getCleanedAt()));
    json.put("terminationReason", worker.getTerminationReason());
    json.put("destroyedBy", worker.getDestroyedBy());
    json.put("finishedToDestroyedMs", worker.getFinishedToDestroyedMs());
    json.put("message", worker.getMessage());
    return json;
  }
}
