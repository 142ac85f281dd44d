package io.hodei.dispatcher;

import io.hodei.gateway.v1.SendLogsRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts log lines that are durable, and those that agents dropped over the cap. A repeated batch counts again.
final class LogCounter {
  private final Counter lines;
  private final Counter dropped;

  LogCounter(MeterRegistry metrics) {
    lines = Counter.builder("hodei.log.lines").description("Log lines stored").register(metrics);
    dropped = Counter.builder("hodei.log.lines.dropped").description("Log lines dropped over the cap").register(metrics);
  }

  void count(SendLogsRequest batch) {
    lines.increment(batch.getEntriesCount());
    dropped.increment(batch.getEnd().getDroppedLines());
  }
}
