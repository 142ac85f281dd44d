package io.hodei.dispatcher;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.Shard;
import io.hodei.domain.ShardLimits;
import io.hodei.kit.Codec;
import io.hodei.kit.DeadLetters;
import io.hodei.kit.Key;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.Topic;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/// What every shard of this process shares: configuration, formats, counters. Immutable but for the counters.
final class Dispatching {
  private final Codec codec;
  private final Clock clock;
  private final ShardLimits limits;
  private final PoolPolicy defaultPool;
  private final Settings settings;
  private final RequestReading requests;
  private final EventRecords events = new EventRecords(Uuid7::next);
  private final CommandRecords commands;
  private final DispatchMetrics metrics;
  private final DeadLetters deadLetters;
  private final Map<String, Topic> topics = new HashMap<>();

  Dispatching(ServiceHost host, Clock clock) {
    this(host.settings(), host.codec(), clock, new DispatchMetrics(host.metrics(), host.plainCounter("hodei_workers_created_total", "Workers made")::increment), new DeadLetters(host.settings(), host.service(), host.metrics()));
  }

  Dispatching(Settings settings, Codec codec, Clock clock, DispatchMetrics metrics, DeadLetters deadLetters) {
    this.settings = settings;
    this.codec = codec;
    this.clock = clock;
    this.metrics = metrics;
    this.deadLetters = deadLetters;
    this.limits = ShardLimits.defaults(settings.duration(Key.LEASE), settings.duration(Key.NO_CONTACT_LIMIT));
    this.defaultPool = DefaultPool.of(settings);
    this.requests = new RequestReading(codec);
    this.commands = new CommandRecords(Uuid7::next, settings.number(Key.MAX_LOG_BYTES));
    for (Topic topic : Topic.values()) {
      topics.put(settings.topic(topic), topic);
    }
  }

  Shard freshShard() {
    return new Shard(limits, Uuid7::next);
  }

  /// The start values; what was set before is in the store.
  FlagRows freshFlags() {
    return new FlagRows(settings);
  }

  PoolRows freshPools() {
    return new PoolRows(defaultPool);
  }

  void tookOver(Shard shard) {
    metrics.observe(shard);
  }

  Topic topicOf(String name) {
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new UnreadableException("Expected a topic of the catalogue, but found " + name);
    }
    return topic;
  }

  Codec codec() {
    return codec;
  }

  Clock clock() {
    return clock;
  }

  RequestReading requests() {
    return requests;
  }

  EventRecords events() {
    return events;
  }

  CommandRecords commands() {
    return commands;
  }

  DispatchMetrics metrics() {
    return metrics;
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }
}
