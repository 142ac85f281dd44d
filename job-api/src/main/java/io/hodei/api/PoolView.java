package io.hodei.api;

import io.hodei.domain.DurationText;
import io.hodei.domain.PoolLimits;
import io.hodei.kit.Codec;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The pools as applied, from `hodei.pools`. Written by one tail, read by any thread.
final class PoolView {
  private final Codec codec;
  private final ConcurrentSkipListMap<String, Pool> pools = new ConcurrentSkipListMap<>();
  private final Applied applied = new Applied();
  private final CompletableFuture<Void> first = new CompletableFuture<>();

  PoolView(Codec codec) {
    this.codec = codec;
  }

  /// A record of `hodei.pools`.
  void handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      pools.remove(record.key());
    } else {
      applied(codec.value(Topic.POOLS, record.value(), Pool.class));
    }
  }

  void applied(Pool pool) {
    pools.put(pool.getName(), pool);
    first.complete(null);
    applied.seen(pool.getCommandId());
  }

  Applied.Expectation expect(String commandId) {
    return applied.expect(commandId, 1);
  }

  /// Done when there is a pool.
  CompletableFuture<Void> first() {
    return first;
  }

  @Nullable Pool get(String name) {
    return pools.get(name);
  }

  Collection<Pool> all() {
    return pools.values();
  }

  /// What `name` demands of requests; null when there is no such pool.
  @Nullable PoolLimits limits(String name) {
    Pool pool = pools.get(name);
    return pool == null ? null : new PoolLimits(pool.getName(), pool.getProviders(), pool.getImage(), Duration.ofMillis(pool.getMaxJobTimeoutMs()),
        pool.getAllow());
  }

  /// The contract's pool object.
  static Map<String, @Nullable Object> json(Pool pool) {
    Map<String, @Nullable Object> policy = new LinkedHashMap<>();
    policy.put("maxLifetime", text(pool.getMaxLifetimeMs()));
    policy.put("ttlAfterCompletion", text(pool.getTtlAfterCompletionMs()));
    policy.put("idleTimeout", text(pool.getIdleTimeoutMs()));
    policy.put("gracefulTermination", text(pool.getGracefulTerminationMs()));
    policy.put("autoCleanup", pool.getAutoCleanup());
    policy.put("orphanDetection", pool.getOrphanDetection());
    policy.put("orphanCheckInterval", text(pool.getOrphanCheckIntervalMs()));
    policy.put("maxJobTimeout", text(pool.getMaxJobTimeoutMs()));
    policy.put("createTimeout", text(pool.getCreateTimeoutMs()));
    policy.put("connectTimeout", text(pool.getConnectTimeoutMs()));
    policy.put("maxJobs", pool.getMaxJobs() == 0 ? null : (Integer) pool.getMaxJobs());
    policy.put("maxCreating", pool.getMaxCreating());
    policy.put("keepOnFailure", pool.getKeepOnFailure());
    Map<String, @Nullable Object> template = new LinkedHashMap<>();
    template.put("image", pool.getImage());
    template.put("resources", resources(pool));
    template.put("env", Map.copyOf(pool.getEnv()));
    template.put("providerConfig", object(pool.getProviderConfig()));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", pool.getName());
    json.put("providers", List.copyOf(pool.getProviders()));
    json.put("strategy", pool.getStrategy());
    json.put("mode", pool.getMode());
    json.put("minWarm", pool.getMinWarm());
    json.put("maxWorkers", pool.getMaxWorkers());
    json.put("template", template);
    json.put("policy", policy);
    json.put("allow", object(pool.getAllow()));
    json.put("generation", pool.getGeneration());
    return json;
  }

  private static @Nullable Map<String, @Nullable Object> resources(Pool pool) {
    if (pool.getCpu() == null && pool.getMemory() == null && pool.getGpu() == null) {
      return null;
    }
    Map<String, @Nullable Object> resources = new LinkedHashMap<>();
    resources.put("cpu", pool.getCpu());
    resources.put("memory", pool.getMemory());
    resources.put("gpu", pool.getGpu());
    return resources;
  }

  private static @Nullable Object object(@Nullable String json) {
    return json == null ? Map.of() : RequestAvro.object(json);
  }

  private static String text(long millis) {
    return DurationText.of(Duration.ofMillis(millis));
  }
}
