package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The real services, with agents that are pods of a mock cluster.
class KubernetesST {
  private static MockNode node;
  private static Installation hodei;

  @BeforeAll
  static void start() throws Exception {
    Path base = Files.createTempDirectory("hodei-test-");
    node = new MockNode(Files.createDirectory(base.resolve("node")), "jobs", "jobs-of-a");
    hodei = Installation.of("kubernetes", base, Map.of("KUBECONFIG", node.kubeconfig().toString()), "hodei.gc.interval: \"2s\"",
        "hodei.kubernetes.agent-image: \"hodei-agent:1\"", "hodei.kubernetes.gateway-host: \"127.0.0.1\"", "hodei.kubernetes.namespace: \"jobs\"",
        "hodei.kubernetes.tenant-namespaces: \"a=jobs-of-a\"");
  }

  @AfterAll
  static void stop() {
    hodei.close();
    node.close();
  }

  // proves: lie:8
  @Test
  void aKeptPodOfATenantsNamespaceGoesWhenItsTimeToLiveIsOver() {
    hodei.put("/v1/pools/kept", "{\"providers\":[\"kubernetes\"],\"maxWorkers\":2,\"template\":{\"image\":\"any:1\"},\"policy\":{\"keepOnFailure\":true,\"ttlAfterCompletion\":\"5s\"}}")
        .is(200);
    JsonNode job = hodei.ended(hodei.submit(Jobs.command("\"pool\":\"kept\",\"tenant\":\"a\"", "sh", "-c", "echo out; exit 4")));
    long over = System.nanoTime();
    assertEquals("FAILED 4", job.path("state").asText() + " " + job.path("exitCode").asInt(), job.toPrettyString());

    Pod kept = node.pods("jobs-of-a").getFirst();
    assertEquals("5", kept.getMetadata().getAnnotations().get("hodei.io/ttl-after-finished"));
    assertEquals(List.of(), node.pods("jobs"));
    String worker = "/v1/workers/" + job.path("workerId").asText();
    Duration gone = Await.whenTrue("its worker is gone", Duration.ofSeconds(60), () -> hodei.get(worker).is(200).json().path("state").asText().equals("TERMINATED"));
    Duration lived = Duration.ofNanos(System.nanoTime() - over);
    System.out.println("a kept pod with a time to live of 5 s went after " + lived.toMillis() + " ms; awaited " + gone.toMillis() + " ms");
    assertTrue(lived.toMillis() > 4_000, "it went after " + lived);
    assertEquals(List.of(), node.pods("jobs-of-a"));
    assertEquals(List.of(), node.api.secrets().inNamespace("jobs-of-a").list().getItems());
    JsonNode ended = hodei.get(worker).is(200).json();
    assertEquals("TTL_EXPIRED", ended.path("terminationReason").asText(), ended.toPrettyString());
  }

  @Test
  void aReusablePodTakesOneJobAfterTheOther() {
    hodei.put("/v1/pools/again", "{\"providers\":[\"kubernetes\"],\"mode\":\"reusable\",\"maxWorkers\":1,\"template\":{\"image\":\"any:1\"},\"policy\":{\"maxLifetime\":\"10m\","
        + "\"maxJobTimeout\":\"5m\",\"idleTimeout\":\"5m\"}}").is(200);
    JsonNode first = hodei.ended(hodei.submit(Jobs.command("\"pool\":\"again\"", "true")));
    JsonNode second = hodei.ended(hodei.submit(Jobs.command("\"pool\":\"again\"", "true")));
    assertEquals("SUCCEEDED SUCCEEDED", first.path("state").asText() + " " + second.path("state").asText(), second.toPrettyString());
    assertEquals(first.path("workerId").asText(), second.path("workerId").asText());
    List<Pod> pods = node.pods("jobs");
    assertEquals(1, pods.size());
    // The last job that it takes may begin when its lifetime is nearly over.
    assertTrue(pods.getFirst().getSpec().getActiveDeadlineSeconds() >= Duration.ofMinutes(15).toSeconds(), "deadline " + pods.getFirst().getSpec().getActiveDeadlineSeconds());
    hodei.put("/v1/pools/again", "{\"providers\":[\"kubernetes\"],\"mode\":\"reusable\",\"maxWorkers\":0,\"template\":{\"image\":\"any:1\"}}").is(200);
    hodei.cli("workers", "destroy", second.path("workerId").asText());
    Await.whenTrue("its pod is gone", Duration.ofSeconds(30), () -> node.pods("jobs").isEmpty());
  }
}
