package io.hodei.dispatcher;

import io.hodei.schemas.WorkerReport;

/// Where the gateway's facts about agents go.
public interface Facts {
  /// A report about a worker, to be filled.
  WorkerReport.Builder of(String type, String workerId);

  /// Returns when it is durable; raises io.grpc's UNAVAILABLE when that is not known, upon which the agent repeats its call.
  void send(WorkerReport.Builder report);
}
