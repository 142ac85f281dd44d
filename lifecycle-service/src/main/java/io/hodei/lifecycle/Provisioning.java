package io.hodei.lifecycle;

import io.hodei.lifecycle.Reports.Failure;
import io.hodei.providers.CreatedWorker;
import io.hodei.providers.ProviderException;
import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerLaunch;
import io.hodei.providers.WorkerProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates a worker: its token's hash is durable before anything of it exists. Runs on the lane's thread.
final class Provisioning {
  private static final Duration AWAY_PAUSE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  private final WorkerProvider provider;
  private final Reports reports;
  private final URI gateway;
  private final InstantSource clock;
  private final Timer timer;

  Provisioning(WorkerProvider provider, Reports reports, URI gateway, InstantSource clock, MeterRegistry metrics) {
    this.provider = provider;
    this.reports = reports;
    this.gateway = gateway;
    this.clock = clock;
    this.timer = Timer.builder("hodei.lifecycle.provision").description("From taking a ProvisionWorker to the created worker")
        .publishPercentileHistogram().register(metrics);
  }

  /// `maybeThere`: look for the worker first, and adopt it.
  void run(Command.Provision command, boolean maybeThere) throws InterruptedException {
    long start = System.nanoTime();
    try {
      if (!command.provider().equals(provider.type())) {
        fail(command, new Failure("PROVISION_FAILED", "CONFIGURATION", "Expected a provider of type " + provider.type()
            + ", but pool " + command.pool() + " asks for " + command.provider(),
            "Set the pool's provider to " + provider.type()));
        return;
      }
      Optional<WorkerItem> there = maybeThere ? find(command.workerId()) : Optional.empty();
      if (there.isPresent() && there.get().agentAlive()) {
        LOG.info("worker_adopted worker_id={} correlation_id={}", command.workerId(), command.correlationId());
        reports.created(command, there.get().providerRef());
        return;
      }
      Instant limit = command.validUntil();
      if (limit != null && clock.instant().isAfter(limit)) {
        fail(command, new Failure("PROVISION_FAILED", "INFRASTRUCTURE", "Expected to create worker " + command.workerId()
            + " until " + limit + ", but it is later; lifecycle-service was away or overloaded", "Retry the job"));
        return;
      }
      create(command);
      timer.record(Duration.ofNanos(System.nanoTime() - start));
    } catch (ProviderException e) {
      fail(command, new Failure(jobReason(e.reason()), e.reason() == Reason.IMAGE_ERROR ? "IMAGE" : "PROVIDER", String.valueOf(e.getMessage()),
          "See the log of lifecycle-service for worker " + command.workerId()));
    } catch (RuntimeException e) {
      LOG.error("provision_bug worker_id={} correlation_id={}", command.workerId(), command.correlationId(), e);
      fail(command, new Failure("PROVISION_FAILED", "INFRASTRUCTURE", "A bug in lifecycle-service: " + e,
          "Report it with the log of lifecycle-service"));
    }
  }

  private void create(Command.Provision command) throws ProviderException, InterruptedException {
    WorkerToken token = WorkerToken.draw();
    reports.tokenDrawn(command, token.hash());
    CreatedWorker created = made(command, new WorkerLaunch(command.workerId(), command.pool(), gateway, token.secret(), command.shape()));
    LOG.info("worker_created worker_id={} provider_ref={} adopted={} correlation_id={}", created.workerId(),
        created.providerRef(), created.adopted(), command.correlationId());
    reports.created(command, created.providerRef());
  }

  /// While the provider is away it is asked again, for as long as the command is valid.
  private CreatedWorker made(Command.Provision command, WorkerLaunch launch) throws ProviderException, InterruptedException {
    while (true) {
      try {
        return provider.create(launch);
      } catch (ProviderException e) {
        Instant limit = command.validUntil();
        if (e.reason() != Reason.PROVIDER_UNREACHABLE || limit == null || clock.instant().plus(AWAY_PAUSE).isAfter(limit)) {
          throw e;
        }
        LOG.info("provider_away worker_id={} correlation_id={} message=\"{}\"", command.workerId(), command.correlationId(), e.getMessage());
        Thread.sleep(AWAY_PAUSE);
      }
    }
  }

  private static String jobReason(Reason reason) {
    return switch (reason) {
      case PROVISION_FAILED, IMAGE_ERROR, START_FAILED -> reason.name();
      case PROVIDER_UNREACHABLE, DESTROY_FAILED -> Reason.PROVISION_FAILED.name();
    };
  }

  private Optional<WorkerItem> find(String workerId) throws ProviderException {
    return provider.inventory().items().stream().filter(item -> item.workerId().equals(workerId)).findFirst();
  }

  private void fail(Command.Provision command, Failure failure) throws InterruptedException {
    LOG.warn("worker_create_failed worker_id={} reason={} correlation_id={} message=\"{}\"", command.workerId(),
        failure.reason(), command.correlationId(), failure.message());
    reports.createFailed(command, failure);
  }
}
