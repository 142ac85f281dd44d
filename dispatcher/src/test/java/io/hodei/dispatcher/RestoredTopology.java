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
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/// The dispatcher's processor behind stores that hold rows before it starts, as after a restore from the changelogs, which
/// TopologyTestDriver does not do: a processor in front of it fills them in its `init`, which runs first.
final class RestoredTopology {
  private RestoredTopology() {}

  /// `rows`: by store, then by key.
  static Topology of(Settings settings, Dispatching dispatching, Map<String, Map<String, byte[]>> rows) {
    Topology topology = new Topology();
    topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(),
        List.of(Topic.JOB_REQUESTS, Topic.CONTROL, Topic.WORKER_REPORTS).stream().map(settings::topic).toArray(String[]::new));
    topology.addProcessor("rows", () -> new Filler(rows), "in");
    topology.addProcessor("shard", () -> new ShardProcessor(dispatching), "rows");
    rows.keySet().forEach(store -> topology.addStateStore(org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
        org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.ByteArray()), "rows", "shard"));
    for (Topic topic : Topic.values()) {
      topology.addSink(topic.suffix(), settings.topic(topic), new StringSerializer(), new ByteArraySerializer(), "shard");
    }
    return topology;
  }

  private static final class Filler extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final Map<String, Map<String, byte[]>> rows;

    Filler(Map<String, Map<String, byte[]>> rows) {
      this.rows = rows;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      super.init(context);
      rows.forEach((name, entries) -> {
        KeyValueStore<String, byte[]> store = context.getStateStore(name);
        entries.forEach(store::put);
      });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      context().forward(record);
    }
  }
}
