package io.hodei.lifecycle;

import io.hodei.kit.Codec;
import io.hodei.lifecycle.WorkPlan.Answer;
import io.hodei.lifecycle.WorkPlan.Step;
import io.hodei.providers.CreatedWorker;
import io.hodei.providers.DestroyedWorker;
import io.hodei.providers.ProviderException;
import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerLaunch;
import io.hodei.providers.WorkerProvider;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what a [WorkPlan] says: on the provider, and on worker-reports. Runs on the lane's thread. What a provider cannot do is an answer to the
/// plan; an exception means that a report could not be written.
final class LaneActs implements LaneRunner.Acts {
  private static final Logger LOG = LoggerFactory.getLogger(LaneActs.class);

  private final WorkerProvider provider;
  private final Outbox outbox;
  private final Codec codec;
  private final WorkPlan.Surroundings around;
  private final Breaker breaker;
  private final Counter failures;
  private final Timer creations;
  private final Timer destructions;

  LaneActs(WorkerProvider provider, Outbox outbox, Codec codec, WorkPlan.Surroundings around, Breaker breaker, MeterRegistry metrics) {
    this.provider = provider;
    this.outbox = outbox;
    this.codec = codec;
    this.around = around;
    this.breaker = breaker;
    this.failures = Counter.builder("hodei.worker.destruction.failures")
        .description("Destructions that left something").register(metrics);
    this.creations = Timer.builder("hodei.lifecycle.provision").description("From taking a ProvisionWorker to the created worker")
        .publishPercentileHistogram().register(metrics);
    this.destructions = Timer.builder("hodei.lifecycle.destroy").description("From taking a DestroyWorker to the look that found nothing")
        .publishPercentileHistogram().register(metrics);
  }

  @Override
  public void on(Lanes.Work work) throws InterruptedException {
    long start = System.nanoTime();
    WorkPlan plan = new WorkPlan(work, around);
    @Nullable Step step = plan.first();
    while (step != null) {
      step = plan.after(done(step, work.command(), start));
    }
  }

  private Answer done(Step step, Command command, long start) throws InterruptedException {
    if (step instanceof Step.Tell tell) {
      tell(tell.report());
      return new Answer.Told();
    }
    try {
      return switch (step) {
        case Step.Look look -> new Answer.Seen(provider.inventory());
        case Step.Create create -> made(created(create.launch()), start);
        case Step.CreateAgain again -> {
          Thread.sleep(again.pause());
          yield made(created(again.launch()), start);
        }
        case Step.Destroy destroy -> gone(provider.destroy(destroy.workerId(), destroy.grace()), command, start);
        case Step.Tell tell -> new Answer.Told();
      };
    } catch (ProviderException | RuntimeException e) {
      if (step instanceof Step.Destroy) {
        failures.increment();
      }
      return new Answer.Failed(e);
    }
  }

  /// Unless the breaker says that it is no use.
  private CreatedWorker created(WorkerLaunch launch) throws ProviderException {
    if (!breaker.admits(System.nanoTime())) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected provider " + provider.providerId() + " to make worker " + launch.workerId()
          + ", but it is left alone for now: " + breaker.trouble(System.nanoTime()).orElse("another worker is the probe"));
    }
    try {
      CreatedWorker worker = provider.create(launch);
      breaker.made();
      return worker;
    } catch (ProviderException e) {
      breaker.failed(e.reason(), String.valueOf(e.getMessage()), System.nanoTime());
      throw e;
    } catch (RuntimeException e) {
      breaker.failed(Reason.PROVISION_FAILED, "a bug: " + e, System.nanoTime());
      throw e;
    }
  }

  void tell(WorkerReport report) throws InterruptedException {
    String worker = report.getWorkerId();
    outbox.deliver(codec.record(Topic.WORKER_REPORTS, worker == null ? provider.providerId() : worker, report));
  }

  private Answer made(CreatedWorker worker, long start) {
    creations.record(Duration.ofNanos(System.nanoTime() - start));
    return new Answer.Made(worker);
  }

  private Answer gone(DestroyedWorker worker, Command command, long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    destructions.record(took);
    if (command instanceof Command.Destroy destroy) {
      LOG.info("worker_destroyed worker_id={} existed={} cause={} reason={} ms={} correlation_id={}", worker.workerId(), worker.existed(),
          destroy.cause(), destroy.reason(), took.toMillis(), destroy.correlationId());
    }
    return new Answer.Gone(worker);
  }
}
