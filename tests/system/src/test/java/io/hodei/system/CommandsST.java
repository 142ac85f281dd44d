package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Every command of the contract that is built, as a person types it.
@ResourceLock(Shared.WHOLE)
class CommandsST {
  private final Installation hodei = Shared.installation();

  // proves: contract:submit
  @Test
  void aFileOfJobsIsSubmitted() throws IOException {
    Path file = hodei.work().resolve("jobs.yaml");
    Files.writeString(file, "command: [sh, -c, 'echo from yaml']\n---\nscript: |\n  echo a script\n");
    List<String> ids = hodei.cli("submit", file.toString()).exits(0).out().lines().toList();
    assertEquals(2, ids.size(), ids.toString());
    ids.forEach(id -> assertEquals("SUCCEEDED", hodei.ended(id.trim()).path("state").asText()));
    assertEquals("a script\n", hodei.cli("logs", ids.get(1).trim()).exits(0).out());
    Path wrong = hodei.work().resolve("wrong.json");
    Files.writeString(wrong, "{\"command\":[\"true\"],\"colour\":1}");
    Ran refused = hodei.cli("submit", wrong.toString());
    assertTrue(refused.exit() != 0 && refused.err().contains("colour"), refused.err());
  }

  // proves: contract:jobs
  @Test
  void theVerbsOfAJob() {
    String id = hodei.cli("run", "--detach", "--", "sh", "-c", "echo out; exit 5").exits(0).out().trim();
    hodei.cli("wait", id).exits(5);
    hodei.cli("jobs", "wait", id).exits(5);
    assertTrue(hodei.cli("get", id).exits(0).out().contains("FAILED"));
    assertEquals(5, json(hodei.cli("get", id, "-o", "json").exits(0)).path("exitCode").asInt());
    assertEquals("out\n", hodei.cli("logs", id).exits(0).out());
    assertTrue(hodei.cli("events", id).exits(0).out().contains("JobCompleted"));
    assertTrue(hodei.cli("why", id).exits(0).out().contains("FAILED"));
    assertTrue(hodei.cli("jobs").exits(0).out().contains(id.substring(0, 8)));
    String again = hodei.cli("retry", id).exits(0).out();
    assertTrue(!again.isBlank());
    String open = hodei.cli("run", "--detach", "--", "sleep", "300").exits(0).out().trim();
    hodei.cli("cancel", open).exits(0);
    hodei.cli("wait", open).exits(130);
    assertTrue(hodei.cli("get", "no-such-job").exit() != 0);
  }

  // proves: contract:workers
  @Test
  void theVerbsOfAWorker() {
    String id = hodei.cli("run", "--detach", "--", "sleep", "300").exits(0).out().trim();
    String worker = hodei.inState(id, "RUNNING").path("workerId").asText();
    assertTrue(hodei.cli("workers").exits(0).out().contains(worker.substring(0, 8)));
    assertTrue(hodei.cli("workers", "get", worker).exits(0).out().contains("BUSY"));
    hodei.cli("workers", "destroy", worker).exits(0);
    hodei.cli("wait", id).exits(125);
    assertEquals("manual", hodei.gone(worker).path("destroyedBy").asText());
  }

  // proves: contract:cleanup, contract:gc, contract:audit
  @Test
  void theOperatorsCommands() {
    hodei.cli("run", "--", "true").exits(0);
    assertTrue(hodei.cli("cleanup").exits(0).out().contains("Worker Cleanup Health"));
    assertTrue(json(hodei.cli("cleanup", "-o", "json").exits(0)).path("destroyed").path("immediate").asInt() >= 1);
    hodei.cli("gc", "run").exits(0);
    assertTrue(hodei.cli("audit", "--type", "JobSubmitted").exits(0).out().contains("JobSubmitted"));
  }

  // proves: contract:status, contract:doctor
  @Test
  void statusNamesEveryPart() {
    JsonNode status = json(hodei.cli("status", "-o", "json").exits(0));
    assertEquals(hodei.id(), status.path("installation").asText());
    assertEquals(hodei.data().toString(), status.path("data").asText());
    List<String> names = new java.util.ArrayList<>();
    status.path("services").forEach(service -> {
      names.add(service.path("name").asText());
      assertEquals("up", service.path("state").asText(), service.toString());
    });
    assertTrue(names.containsAll(List.of("job-api", "dispatcher", "lifecycle-service", "gc-service", "audit-service")), names.toString());
    assertEquals(8, names.size(), "broker, registry and Postgres among them: " + names);
    assertTrue(hodei.cli("doctor").out().contains("JDK"));
  }

  // proves: contract:refuse-by-name
  @Test
  void whatIsNotBuiltSaysSo() {
    for (String name : List.of("bench")) {
      Ran refused = hodei.cli(name);
      assertTrue(refused.exit() != 0 && (refused.err() + refused.out()).contains("not built"), name + ": " + refused.err());
    }
    Ran cluster = io.hodei.testkit.Shell.hodei(Map.of(), hodei.work(), List.of("up", "--provider", "nomad", "--data", hodei.work().resolve("d").toString()));
    assertTrue(cluster.exit() == 2 && cluster.err().contains("nomad"), cluster.err());
  }

  @Test
  void withoutAClusterUpSaysWhatToDo() {
    Ran kubernetes = io.hodei.testkit.Shell.hodei(Map.of("HODEI_KUBERNETES_AGENT_IMAGE", "none", "KUBECONFIG", "/nowhere"), hodei.work(),
        List.of("up", "--provider", "kubernetes", "--data", hodei.work().resolve("k").toString()));
    assertTrue(kubernetes.exit() == 1 && kubernetes.err().contains("kubeconfig"), kubernetes.err());
  }

  @Test
  void withoutAnEngineUpSaysWhatToDo() {
    Ran docker = io.hodei.testkit.Shell.hodei(Map.of("HODEI_DOCKER_HOST", "unix:///nowhere.sock"), hodei.work(),
        List.of("up", "--provider", "docker", "--data", hodei.work().resolve("e").toString()));
    assertTrue(docker.exit() == 1 && docker.err().contains("Docker engine at unix:///nowhere.sock"), docker.err());
  }

  private static JsonNode json(Ran ran) {
    return new Answer(200, java.net.http.HttpHeaders.of(Map.of(), (name, value) -> true), ran.out()).json();
  }
}
