package io.hodei.dispatcher;

import io.hodei.kit.Settings;
import io.hodei.schemas.Topic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/// The dispatcher's map: three topics in, one hop, eight topics out, seven stores.
final class DispatchTopology {
  private static final String PROCESSOR = "shard";
  private static final List<Topic> INPUTS = List.of(Topic.JOB_REQUESTS, Topic.CONTROL, Topic.WORKER_REPORTS);
  private static final List<Topic> OUTPUTS = List.of(Topic.JOB_EVENTS, Topic.JOB_STATE, Topic.WORKER_EVENTS, Topic.WORKER_STATE,
      Topic.WORKER_COMMANDS, Topic.FLAGS, Topic.POOLS, Topic.DEAD_LETTERS);

  private DispatchTopology() {}

  static Topology of(Settings settings, Dispatching dispatching) {
    Topology topology = new Topology();
    String[] sources = new String[INPUTS.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = INPUTS.get(i).suffix();
      topology.addSource(sources[i], new ByteArrayDeserializer(), new ByteArrayDeserializer(), settings.topic(INPUTS.get(i)));
    }
    topology.addProcessor(PROCESSOR, () -> new ShardProcessor(dispatching), sources);
    for (String store : List.of(Stores.JOBS, Stores.WORKERS, Stores.LEDGER, Stores.PARKED, Stores.FLAGS, Stores.POOLS, Stores.PROVIDERS)) {
      topology.addStateStore(store(store), PROCESSOR);
    }
    for (Topic output : OUTPUTS) {
      topology.addSink(output.suffix(), settings.topic(output), new StringSerializer(), new ByteArraySerializer(), PROCESSOR);
    }
    return topology;
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of("segment.bytes", "16777216", "max.compaction.lag.ms", "60000", "min.cleanable.dirty.ratio", "0.1"))
        .withCachingDisabled();
  }
}
