package io.hodei.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.schemas.InventoryItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/// Ten thousand workers and ten thousand pieces of infrastructure, before a gc-service of their own: the real program on the broker and the
/// registry of an installation, with another prefix of topics, so that nobody acts on what it finds. This class plays the dispatcher, who
/// wrote the rows, and the provider, who is asked to look.
public final class Crowd implements AutoCloseable {
  public static final int ROWS = 10_000;
  public static final int ITEMS = 10_000;
  /// Rows with their infrastructure.
  public static final int ALIVE = 7_000;
  /// Rows without.
  public static final int GHOSTS = 500;
  /// Rows that need not have any yet.
  public static final int CREATING = 1_000;
  /// Rows of workers that are over, and nothing is left.
  public static final int CLEAN = 1_000;
  /// The same, and something is left.
  public static final int LEFT = 500;
  /// Infrastructure that no row knows.
  public static final int STRANGERS = 2_500;
  private static final int ITEMS_PER_PAGE = 2_000;
  private static final String PREFIX = "crowd.";
  private static final String PROVIDER = "process-crowd";

  /// A forced cycle: what it answered, and the time from the look's last page to the answer.
  public record Cycle(JsonNode answer, Duration afterTheLook) {}

  private final Topics topics;
  private final String url;
  private final Process service;
  private final HttpClient http = HttpClient.newHttpClient();

  private Crowd(Installation installation) throws IOException {
    this.topics = Topics.of(installation);
    int port = freePort();
    this.url = "http://127.0.0.1:" + port;
    Path configuration = Files.writeString(installation.work().resolve("crowd.yaml"), String.join("\n", "hodei.installation-id: \"crowd\"",
        "hodei.kafka.bootstrap-servers: \"" + installation.bootstrap() + "\"", "hodei.registry.url: \"" + installation.url("registry") + "\"",
        "hodei.topics.prefix: \"" + PREFIX + "\"", "hodei.gc.port: \"" + port + "\"", "hodei.gc.interval: \"600s\"") + "\n");
    this.service = installation.serve("gc-service", configuration, installation.work().resolve("crowd.log"));
    Runtime.getRuntime().addShutdownHook(new Thread(service::destroyForcibly));
  }

  /// Starts the service, and writes the rows and a first look.
  public static Crowd of(Installation installation) {
    try {
      Crowd crowd = new Crowd(installation);
      Await.whenTrue("the crowd's gc-service to have run once", Duration.ofMinutes(2), () -> crowd.isThere() && crowd.completed() > 0);
      crowd.writeRows();
      crowd.writeLook(Instant.now());
      return crowd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The topics of the rows, the looks and the findings.
  public static String topic(String suffix) {
    return PREFIX + suffix;
  }

  /// One cycle by `POST /v1/gc/runs`, answered with a look as it asks.
  public Cycle cycle() {
    int asked = topics.raw(topic("control")).size();
    CompletableFuture<HttpResponse<String>> answer = http.sendAsync(HttpRequest.newBuilder(URI.create(url + "/v1/gc/runs"))
        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{}")).timeout(Duration.ofMinutes(2)).build(),
        HttpResponse.BodyHandlers.ofString());
    Await.whenTrue("the provider to be asked", Duration.ofSeconds(30), () -> topics.raw(topic("control")).size() > asked);
    writeLook(Instant.now());
    long looked = System.nanoTime();
    HttpResponse<String> answered = answer.orTimeout(2, TimeUnit.MINUTES).join();
    Duration took = Duration.ofNanos(System.nanoTime() - looked);
    return new Cycle(new Answer(answered.statusCode(), answered.headers(), answered.body()).is(200).json(), took);
  }

  private void writeRows() {
    long since = Instant.now().minusSeconds(3600).toEpochMilli();
    List<Map.Entry<String, byte[]>> rows = new ArrayList<>();
    rows(rows, "alive", ALIVE, since, "BUSY");
    rows(rows, "ghost", GHOSTS, since, "BUSY");
    rows(rows, "creating", CREATING, since, "CREATING");
    rows(rows, "clean", CLEAN, since, "TERMINATED");
    rows(rows, "left", LEFT, since, "TERMINATED");
    topics.sendAll(topic("worker-state"), rows);
  }

  private void rows(List<Map.Entry<String, byte[]>> rows, String kind, int count, long since, String state) {
    for (int i = 0; i < count; i++) {
      String id = kind + "-" + i;
      rows.add(Map.entry(id, topics.encode(topic("worker-state-value"), Map.of("id", id, "pool", "default", "provider", "process", "providerId", PROVIDER,
          "state", state, "stateSince", since, "sequence", 5L))));
    }
  }

  private void writeLook(Instant began) {
    List<GenericRecord> items = Stream.of(items("alive", ALIVE), items("left", LEFT), items("stranger", STRANGERS)).flatMap(each -> each).toList();
    int pages = Math.ceilDiv(items.size(), ITEMS_PER_PAGE);
    String id = UUID.randomUUID().toString();
    List<Map.Entry<String, byte[]>> records = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      List<GenericRecord> some = items.subList(page * ITEMS_PER_PAGE, Math.min(items.size(), (page + 1) * ITEMS_PER_PAGE));
      records.add(Map.entry(PROVIDER, topics.encode(topic("worker-inventory-value"), Map.of("snapshotId", id, "provider", "process", "providerId", PROVIDER,
          "startedAt", began.toEpochMilli(), "endedAt", began.toEpochMilli(), "complete", true, "page", page, "pages", pages,
          "items", new GenericData.Array<>(org.apache.avro.Schema.createArray(InventoryItem.getClassSchema()), some)))));
    }
    topics.sendAll(topic("worker-inventory"), records);
  }

  private static Stream<GenericRecord> items(String kind, int count) {
    IntFunction<GenericRecord> item = i -> new GenericRecordBuilder(InventoryItem.getClassSchema()).set("workerId", kind + "-" + i)
        .set("providerRef", "ref-" + i).build();
    return java.util.stream.IntStream.range(0, count).mapToObj(item);
  }

  private boolean isThere() {
    try {
      return http.send(HttpRequest.newBuilder(URI.create(url + "/health/live")).timeout(Duration.ofSeconds(3)).build(),
          HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private long completed() {
    return topics.records(topic("gc-events")).stream().filter(event -> Topics.text(event, "type").equals("GarbageCollectionCompleted")).count();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    service.destroy();
    try {
      if (!service.waitFor(20, TimeUnit.SECONDS)) {
        service.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
