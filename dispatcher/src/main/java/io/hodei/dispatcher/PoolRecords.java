package io.hodei.dispatcher;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTemplate;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.Resources;
import io.hodei.domain.WorkerMode;
import io.hodei.schemas.Pool;
import java.time.Duration;

/// A pool as a record of `hodei.pools`, and back.
final class PoolRecords {
  private static final Resources NO_RESOURCES = new Resources(null, null, null);

  private PoolRecords() {}

  static Pool.Builder write(PoolPolicy pool) {
    PoolTimes times = pool.times();
    PoolTemplate template = pool.template();
    Resources resources = template.resources() == null ? NO_RESOURCES : template.resources();
    return Pool.newBuilder().setName(pool.name()).setProviders(pool.providers()).setMode(pool.mode().wire()).setMaxWorkers(pool.maxWorkers())
        .setMaxCreating(pool.maxCreating()).setMaxJobs(pool.maxJobs()).setAutoCleanup(pool.autoCleanup()).setOrphanDetection(pool.orphanDetection())
        .setKeepOnFailure(pool.keepOnFailure()).setEnv(template.env()).setImage(template.image()).setProviderConfig(template.providerConfig()).setAllow(pool.allow())
        .setCpu(resources.cpu()).setMemory(resources.memory()).setGpu(resources.gpu()).setMaxLifetimeMs(times.maxLifetime().toMillis())
        .setMaxJobTimeoutMs(times.maxJobTimeout().toMillis()).setTtlAfterCompletionMs(times.ttlAfterCompletion().toMillis())
        .setIdleTimeoutMs(times.idleTimeout().toMillis()).setGracefulTerminationMs(times.gracefulTermination().toMillis())
        .setCreateTimeoutMs(times.createTimeout().toMillis()).setConnectTimeoutMs(times.connectTimeout().toMillis())
        .setOrphanCheckIntervalMs(times.orphanCheckInterval().toMillis()).setGeneration(pool.generation());
  }

  static PoolPolicy read(Pool row) {
    return new PoolPolicy(row.getName(), row.getProviders(), row.getMode().equals(WorkerMode.REUSABLE.wire()) ? WorkerMode.REUSABLE : WorkerMode.EPHEMERAL,
        row.getMaxWorkers(), row.getMaxCreating(), row.getMaxJobs(), row.getAutoCleanup(), row.getOrphanDetection(), row.getKeepOnFailure(), template(row), row.getAllow(),
        new PoolTimes(Duration.ofMillis(row.getMaxLifetimeMs()), Duration.ofMillis(row.getMaxJobTimeoutMs()), Duration.ofMillis(row.getTtlAfterCompletionMs()),
            Duration.ofMillis(row.getIdleTimeoutMs()), Duration.ofMillis(row.getGracefulTerminationMs()), Duration.ofMillis(row.getCreateTimeoutMs()),
            Duration.ofMillis(row.getConnectTimeoutMs()), Duration.ofMillis(row.getOrphanCheckIntervalMs())), row.getGeneration());
  }

  private static PoolTemplate template(Pool row) {
    Resources resources = new Resources(row.getCpu(), row.getMemory(), row.getGpu());
    return new PoolTemplate(row.getImage(), resources.equals(NO_RESOURCES) ? null : resources, row.getEnv(), row.getProviderConfig());
  }
}
