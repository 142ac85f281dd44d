package io.hodei.gc;

import io.hodei.kit.Codec;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What the pools of `hodei.pools` ask of garbage collection. Written by one tail, read by any thread.
final class PoolRules {
  private record Rule(List<String> providers, boolean detects, Duration interval) {}

  private final Map<String, Rule> rules = new ConcurrentHashMap<>();
  private volatile Runnable listener = () -> {};

  /// Runs `then` now and after each change.
  void changed(Runnable then) {
    listener = then;
    then.run();
  }

  void accept(Codec codec, ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      rules.remove(record.key());
    } else {
      applied(codec.value(Topic.POOLS, record.value(), Pool.class));
    }
  }

  void applied(Pool pool) {
    rules.put(pool.getName(), new Rule(List.copyOf(pool.getProviders()), pool.getOrphanDetection(), Duration.ofMillis(pool.getOrphanCheckIntervalMs())));
    listener.run();
  }

  /// Whether what nobody knows is an orphan. Null: it does not say of which pool it is; then it is one unless every pool of its provider has
  /// the detection off.
  boolean detects(@Nullable String pool, String provider) {
    Rule own = pool == null ? null : rules.get(pool);
    if (own != null) {
      return own.detects();
    }
    List<Rule> possible = rules.values().stream().filter(rule -> rule.providers().contains(provider)).toList();
    return possible.isEmpty() || possible.stream().anyMatch(Rule::detects);
  }

  /// How often to look: as the most impatient pool says, and at least as often as `usual`.
  Duration interval(Duration usual) {
    return rules.values().stream().filter(Rule::detects).map(Rule::interval).filter(each -> each.isPositive() && each.compareTo(usual) < 0)
        .min(Duration::compareTo).orElse(usual);
  }
}
