package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// The pipeline on a broker that is not ours but a container's: the five services by `hodei serve`, with the registry and the Postgres of an `up`.
@EnabledIf("io.hodei.testkit.Containers#areWanted")
class KafkaContainerST {
  private static final Duration GUARD = Duration.ofMinutes(4);

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void jobsRunOnABrokerInAContainer() throws Exception {
    OwnImages.build("kafka");
    List<Process> services = new ArrayList<>();
    try (KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(OwnImages.name("kafka")).asCompatibleSubstituteFor("apache/kafka"))
        .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000"); Installation other = Installation.start(false)) {
      kafka.start();
      Map<Part, Integer> ports = ports();
      Path configuration = configuration(other, kafka.getBootstrapServers(), ports);
      try {
        for (Part part : Part.services()) {
          services.add(other.serve(part.label(), configuration, other.work().resolve(part.label() + "-on-container.log")));
        }
        for (Part part : Part.services()) {
          Await.whenTrue(part.label() + " to be ready", GUARD, () -> status(ports, part, "/health/ready") == 200);
        }
        for (int exit : new int[] {0, 3}) {
          JsonNode job = ended(ports, submit(ports, Jobs.sh("echo on a container; exit " + exit)));
          assertEquals((exit == 0 ? "SUCCEEDED " : "FAILED ") + exit, job.path("state").asText() + " " + job.path("exitCode").asInt(), job.toPrettyString());
        }
        Await.whenTrue("the audit to have both ends", GUARD, () -> json(ports, Part.AUDIT, "/v1/audit/events?type=JobCompleted").path("items").size() == 2);
      } finally {
        services.forEach(Process::destroy);
        for (Process service : services) {
          service.waitFor();
        }
      }
    }
  }

  private static Map<Part, Integer> ports() throws IOException {
    Map<Part, Integer> ports = new LinkedHashMap<>();
    List<ServerSocket> held = new ArrayList<>();
    for (Part part : Part.services()) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      ports.put(part, socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }

  /// That of the other installation, with what has to be this one's own.
  private static Path configuration(Installation other, String bootstrap, Map<Part, Integer> ports) throws IOException {
    Map<String, String> own = new LinkedHashMap<>(Map.of("hodei.installation-id", "on-container", "hodei.topics.prefix", "st.",
        "hodei.kafka.bootstrap-servers", bootstrap.replaceFirst("^[A-Z]+://", ""), "hodei.data-dir", Files.createDirectory(other.work().resolve("own")).toString()));
    Map<Part, String> keys = Map.of(Part.API, "api", Part.DISPATCHER, "gateway", Part.LIFECYCLE, "lifecycle", Part.GC, "gc", Part.AUDIT, "audit");
    ports.forEach((part, port) -> {
      own.put("hodei." + keys.get(part) + ".port", port.toString());
      if (part != Part.LIFECYCLE) {
        own.put("hodei." + keys.get(part) + ".url", "http://127.0.0.1:" + port);
      }
    });
    List<String> lines = new ArrayList<>(Files.readAllLines(other.data().resolve("hodei.yaml")));
    lines.removeIf(line -> own.containsKey(line.replaceFirst(":.*", "")));
    own.forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
    return Files.write(other.work().resolve("on-container.yaml"), lines);
  }

  private HttpResponse<String> ask(Map<Part, Integer> ports, Part part, String path, HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.uri(URI.create("http://127.0.0.1:" + ports.get(part) + path)).timeout(Duration.ofSeconds(90)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private int status(Map<Part, Integer> ports, Part part, String path) {
    try {
      return ask(ports, part, path, HttpRequest.newBuilder().GET()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private JsonNode json(Map<Part, Integer> ports, Part part, String path) {
    try {
      return new ObjectMapper().readTree(ask(ports, part, path, HttpRequest.newBuilder().GET()).body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String submit(Map<Part, Integer> ports, String job) throws IOException {
    HttpResponse<String> answer = ask(ports, Part.API, "/v1/jobs", HttpRequest.newBuilder().header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(job)));
    assertEquals(202, answer.statusCode(), answer.body());
    return new ObjectMapper().readTree(answer.body()).path("id").asText();
  }

  private JsonNode ended(Map<Part, Integer> ports, String job) {
    return Await.until("job " + job + " to end", GUARD, () -> {
      JsonNode found = json(ports, Part.API, "/v1/jobs/" + job + "?wait=terminal&timeout=30s");
      return found.path("finishedAt").isTextual() ? found : null;
    });
  }
}
