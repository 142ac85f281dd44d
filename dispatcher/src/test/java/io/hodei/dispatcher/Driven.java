package io.hodei.dispatcher;

import io.hodei.kit.Codec;
import io.hodei.kit.DeadLetters;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerEvent;
import io.hodei.schemas.WorkerReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The dispatcher's topology, driven record by record, with everything it wrote. The workers' side is told by their ids, in the order
/// of their provisioning.
final class Driven implements AutoCloseable {
  static final String APPLICATION = "hodei.dispatcher";
  static final List<String> STORES = List.of(Stores.JOBS, Stores.WORKERS, Stores.LEDGER, Stores.PARKED, Stores.FLAGS, Stores.POOLS,
      Stores.PROVIDERS);

  final TestClock clock = new TestClock();
  private final Settings settings = Settings.of(Map.of(Key.KAFKA_SERIALIZER.key(), FixedSchemas.Writer.class.getName(),
      Key.KAFKA_DESERIALIZER.key(), FixedSchemas.Reader.class.getName(), Key.MAX_WORKERS.key(), "2", Key.MAX_CREATING.key(), "2"));
  final Codec codec = new Codec(settings);
  private final TopologyTestDriver driver;
  private int applied;
  private final Map<Topic, TestInputTopic<byte[], byte[]>> inputs = new HashMap<>();
  private final Map<String, List<TestRecord<String, byte[]>>> written = new LinkedHashMap<>();

  Driven() {
    this(null, Duration.ZERO);
  }

  Driven(@Nullable Map<String, Map<String, byte[]>> rows) {
    this(rows, Duration.ZERO);
  }

  /// `rows`: what the stores hold at the start; null: nothing. `later`: how much later than usual it begins.
  Driven(@Nullable Map<String, Map<String, byte[]>> rows, Duration later) {
    clock.move(later);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Dispatching dispatching = new Dispatching(settings, codec, clock, new DispatchMetrics(meters, () -> {}), new DeadLetters(settings, "dispatcher", meters));
    Topology topology = rows == null ? DispatchTopology.of(settings, dispatching) : RestoredTopology.of(settings, dispatching, rows);
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir") + "/hodei-driven-" + System.nanoTime());
    driver = new TopologyTestDriver(topology, config, clock.now());
    for (Topic topic : List.of(Topic.JOB_REQUESTS, Topic.CONTROL, Topic.WORKER_REPORTS)) {
      inputs.put(topic, driver.createInputTopic(settings.topic(topic), new ByteArraySerializer(), new ByteArraySerializer(), clock.now(), Duration.ZERO));
    }
    providerAlive();
  }

  void put(Topic topic, byte @Nullable [] value) {
    TestInputTopic<byte[], byte[]> input = inputs.get(topic);
    if (input == null) {
      throw new IllegalArgumentException("Expected an input topic, but found " + topic);
    }
    input.pipeInput("key".getBytes(StandardCharsets.UTF_8), value, clock.now());
  }

  /// A request that job-api has answered with 202.
  void accepted(byte[] value) {
    TestRecord<byte[], byte[]> record = new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), value, clock.now());
    record.headers().add(io.hodei.kit.Accepted.HEADER, new byte[0]);
    java.util.Objects.requireNonNull(inputs.get(Topic.JOB_REQUESTS)).pipeInput(record);
  }

  void request(String json) {
    put(Topic.JOB_REQUESTS, json.getBytes(StandardCharsets.UTF_8));
  }

  void put(Topic topic, SpecificRecord value) {
    put(topic, codec.bytes(topic, value));
  }

  void cancel(String job) {
    put(Topic.CONTROL, ControlCommand.newBuilder().setType("CancelJob").setJobId(job).setActor("bob").setCorrelationId("c").setAt(clock.now()).build());
  }

  void setFlags(Map<String, String> flags) {
    put(Topic.CONTROL, ControlCommand.newBuilder().setType("SetFlags").setCommandId("set-" + flags.size()).setActor("ann").setCorrelationId("c").setAt(clock.now())
        .setFlags(flags).build());
  }

  void applyPool(String name, String spec) {
    put(Topic.CONTROL, ControlCommand.newBuilder().setType("ApplyPool").setCommandId("apply-" + ++applied).setActor("ann").setCorrelationId("c")
        .setAt(clock.now()).setPool(name).setSpec(spec).build());
  }

  WorkerReport.Builder report(String type, @Nullable String worker) {
    return WorkerReport.newBuilder().setType(type).setReportId("r").setAt(clock.now()).setReporter("test").setWorkerId(worker);
  }

  void tell(WorkerReport.Builder report) {
    put(Topic.WORKER_REPORTS, report.build());
  }

  void providerAlive() {
    tell(report("ProviderAlive", null).setProvider("process").setProviderId("p-1"));
  }

  /// Time goes by, with ticks.
  void pass(Duration time) {
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plusMillis(500)) {
      clock.move(Duration.ofMillis(500));
      driver.advanceWallClockTime(Duration.ofMillis(500));
    }
  }

  /// The id of the n-th worker, from 0, that was ever provisioned here.
  String worker(int n) {
    return commands("ProvisionWorker").get(n).getWorkerId();
  }

  WorkerCommand offerOf(String worker) {
    return commands("AssignJob").stream().filter(command -> command.getWorkerId().equals(worker)).findFirst().orElseThrow();
  }

  void made(String worker) {
    tell(report("TokenDrawn", worker).setTokenHash("hash-" + worker));
    tell(report("Created", worker).setProviderRef("pid"));
  }

  void called(String worker) {
    tell(report("Connected", worker).setBootId("boot"));
  }

  void starting(String worker, String job, long epoch) {
    tell(report("Starting", worker).setBootId("boot").setJobId(job).setEpoch(epoch));
  }

  void ended(String worker, String job, int attempt, int exitCode) {
    tell(report("Ended", worker).setBootId("boot").setJobId(job).setAttempt(attempt).setEpoch((long) attempt).setReason("EXIT_CODE")
        .setExitCode(exitCode).setLogPartition(0).setLogFirstOffset(0L).setLogLastOffset(3L).setLogLines(2L).setLogBytes(10L).setLogComplete(true));
  }

  List<JobEvent> jobEvents() {
    return values(Topic.JOB_EVENTS, JobEvent.class);
  }

  List<String> jobEventTypes() {
    return jobEvents().stream().map(JobEvent::getType).toList();
  }

  /// Of workers; those of providers are on the same topic.
  List<WorkerEvent> workerEvents() {
    return values(Topic.WORKER_EVENTS, WorkerEvent.class).stream().filter(event -> event.getWorkerId() != null).toList();
  }

  List<WorkerCommand> commands(String type) {
    return values(Topic.WORKER_COMMANDS, WorkerCommand.class).stream().filter(command -> command.getType().equals(type)).toList();
  }

  <T extends SpecificRecord> List<T> values(Topic topic, Class<T> type) {
    return records(settings.topic(topic)).stream().filter(record -> record.value() != null)
        .map(record -> codec.value(topic, record.value(), type)).toList();
  }

  List<TestRecord<String, byte[]>> deadLetters() {
    return records(settings.topic(Topic.DEAD_LETTERS));
  }

  static String reasonOf(TestRecord<String, byte[]> letter) {
    return new String(letter.headers().lastHeader("hodei.reason").value(), StandardCharsets.UTF_8);
  }

  /// Everything written to a topic so far.
  List<TestRecord<String, byte[]>> records(String topic) {
    List<TestRecord<String, byte[]>> all = written.computeIfAbsent(topic, name -> new ArrayList<>());
    all.addAll(driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer()).readRecordsToList());
    return all;
  }

  /// How many records each topic holds, changelogs included.
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Topic topic : Topic.values()) {
      counts.put(settings.topic(topic), records(settings.topic(topic)).size());
    }
    STORES.forEach(store -> counts.put(changelog(store), records(changelog(store)).size()));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  /// The stores as a dispatcher would restore them from the changelogs.
  Map<String, Map<String, byte[]>> folded() {
    Map<String, Map<String, byte[]>> rows = new LinkedHashMap<>();
    for (String store : STORES) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      for (TestRecord<String, byte[]> record : records(changelog(store))) {
        if (record.value() == null) {
          entries.remove(record.key());
        } else {
          entries.put(record.key(), record.value());
        }
      }
      rows.put(store, entries);
    }
    return rows;
  }

  /// The stores as they are.
  Map<String, Map<String, byte[]>> stored() {
    Map<String, Map<String, byte[]>> rows = new LinkedHashMap<>();
    for (String store : STORES) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      try (KeyValueIterator<String, byte[]> all = driver.<String, byte[]>getKeyValueStore(store).all()) {
        all.forEachRemaining(entry -> entries.put(entry.key, entry.value));
      }
      rows.put(store, entries);
    }
    return rows;
  }

  private static String changelog(String store) {
    return APPLICATION + "-" + store + "-changelog";
  }

  @Override
  public void close() {
    driver.close();
  }
}
