package io.hodei.lifecycle;

import io.hodei.providers.DestroyedWorker;
import io.hodei.providers.ProviderException;
import io.hodei.providers.WorkerProvider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Destroys a worker and tells when a look found nothing of it. A failure is told, and tried again when the dispatcher
/// asks again. Runs on the lane's thread.
final class Destruction {
  private static final Logger LOG = LoggerFactory.getLogger(Destruction.class);

  private final WorkerProvider provider;
  private final Reports reports;
  private final Counter failures;
  private final Timer timer;

  Destruction(WorkerProvider provider, Reports reports, MeterRegistry metrics) {
    this.provider = provider;
    this.reports = reports;
    this.failures = Counter.builder("hodei.worker.destruction.failures")
        .description("Destructions that left something").register(metrics);
    this.timer = Timer.builder("hodei.lifecycle.destroy").description("From taking a DestroyWorker to the look that found nothing")
        .publishPercentileHistogram().register(metrics);
  }

  void run(Command.Destroy command) throws InterruptedException {
    long start = System.nanoTime();
    try {
      DestroyedWorker gone = provider.destroy(command.workerId(), command.grace());
      timer.record(Duration.ofNanos(System.nanoTime() - start));
      LOG.info("worker_destroyed worker_id={} existed={} cause={} reason={} ms={} correlation_id={}", command.workerId(),
          gone.existed(), command.cause(), command.reason(), (System.nanoTime() - start) / 1_000_000, command.correlationId());
      reports.gone(command, gone.goneAt(), gone.existed());
    } catch (ProviderException e) {
      fail(command, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("destroy_bug worker_id={} correlation_id={}", command.workerId(), command.correlationId(), e);
      fail(command, "A bug in lifecycle-service: " + e);
    }
  }

  private void fail(Command.Destroy command, String message) throws InterruptedException {
    failures.increment();
    LOG.warn("worker_destroy_failed worker_id={} tries={} correlation_id={} message=\"{}\"", command.workerId(),
        command.tries(), command.correlationId(), message);
    reports.destroyFailed(command, message);
  }
}
