package io.hodei.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// What audit-service counts. Thread-safe.
final class Counts {
  private final AtomicLong lag = new AtomicLong();
  private final Counter rows;
  private final Counter repeated;
  private final Counter lost;

  Counts(MeterRegistry metrics) {
    Gauge.builder("hodei.audit.lag.records", lag, AtomicLong::get).description("Records not written to Postgres yet, transaction markers included").register(metrics);
    this.rows = Counter.builder("hodei.audit.rows").description("Events written; those that were there already count too").register(metrics);
    this.repeated = Counter.builder("hodei.audit.repeated").description("Records with the event id of another record").register(metrics);
    this.lost = Counter.builder("hodei.audit.lost.records").description("Offsets that Kafka had deleted before they were written").register(metrics);
  }

  void lag(long records) {
    lag.set(records);
  }

  void written(int count) {
    rows.increment(count);
  }

  void repeated() {
    repeated.increment();
  }

  void lost(long count) {
    lost.increment(count);
  }

  double lost() {
    return lost.count();
  }
}
