package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What jobs may ask of a container: nothing, but for what their pool allows by name.
// proves: contract:provider-config
class ProviderConfigsTest {
  private static final Map<String, Object> ALL = Map.of("privileged", true, "network", "jobs", "extraHosts", Map.of("db", "10.0.0.5"), "ulimits", Map.of("nofile", 4096),
      "shmSize", "64Mi", "labels", Map.of("team.name", "a"), "mounts", List.of(Map.of("volume", "cache-pip", "target", "/cache", "readOnly", false),
          Map.of("host", "/srv/data", "target", "/data")));
  private static final Map<String, Object> ALLOW = Map.of("privileged", true, "networks", List.of("jobs"), "extraHosts", true, "ulimits", Map.of("nofile", 4096),
      "shmSize", "1Gi", "labels", List.of("team.*"), "volumes", Map.of("cache-*", "rw"), "hostPaths", Map.of("/srv/data", "ro"));

  private static List<Violation> asked(Map<String, ?> docker, Map<String, ?> allow) {
    PoolPolicy pool = PoolReader.read("boxes", Map.of("providers", List.of("docker"), "template", Map.of("image", "debian:12"), "allow", Map.of("docker", allow)), 4, 4).pool();
    JobSpec spec = RequestReader.read(Map.of("command", List.of("true"), "providerConfig", Map.of("docker", docker))).spec();
    return RequestRules.check(spec, PoolLimits.of(pool));
  }

  @Test
  void whatAPoolAllowsIsTaken() {
    assertEquals(List.of(), asked(ALL, ALLOW));
    assertEquals(List.of(), asked(Map.of("privileged", false), Map.of()));
  }

  @Test
  void whereNothingIsAllowedEachFieldIsRefusedByNameWithTheRuleThatIsMissing() {
    List<Violation> refused = asked(ALL, Map.of());
    assertEquals(new TreeSet<>(List.of("privileged", "network", "extraHosts.db", "ulimits.nofile", "shmSize", "labels.team.name", "mounts[0]", "mounts[1]")),
        new TreeSet<>(refused.stream().map(each -> each.field().substring("providerConfig.docker.".length())).toList()));
    assertTrue(refused.stream().allMatch(each -> each.code().equals("not-allowed") && each.message().contains("pool boxes")), refused.toString());
    Violation host = refused.stream().filter(each -> each.field().endsWith("mounts[1]")).findFirst().orElseThrow();
    assertEquals("Expected mounts[1] to be something that pool boxes allows, but its allow.docker has no hostPaths; leave mounts[1] out, or ask the pool's operator for the line"
        + " hostPaths: {/srv/data: ro} in allow.docker.", host.message());
  }

  @Test
  void whatAPoolAllowsInsteadIsSaid() {
    assertEquals("Expected shmSize to be something that pool boxes allows, but its allow.docker has only {\"shmSize\":\"1Gi\"}; leave shmSize out, or ask the pool's operator for the line"
        + " shmSize: 2Gi in allow.docker.", asked(Map.of("shmSize", "2Gi"), ALLOW).getFirst().message());
    assertTrue(asked(Map.of("network", "host"), Map.of("networks", List.of("n".repeat(300)))).getFirst().message().contains("nnn…; leave network out"));
    assertTrue(asked(Map.of("privileged", true), Map.of("privileged", false)).getFirst().message().contains("has no privileged"));
  }

  static List<List<Object>> beyond() {
    return List.of(List.of(Map.of("ulimits", Map.of("nofile", 4097)), "ulimits.nofile"), List.of(Map.of("ulimits", Map.of("nproc", 1)), "ulimits.nproc"),
        List.of(Map.of("shmSize", "1025Mi"), "shmSize"), List.of(Map.of("network", "host"), "network"), List.of(Map.of("labels", Map.of("traefik.enable", "true")), "labels.traefik.enable"),
        List.of(mount(Map.of("host", "/srv/data", "readOnly", false)), "mounts[0]"), List.of(mount(Map.of("host", "/srv/data/below")), "mounts[0]"),
        List.of(mount(Map.of("host", "/srv")), "mounts[0]"), List.of(mount(Map.of("volume", "other")), "mounts[0]"));
  }

  @ParameterizedTest
  @MethodSource("beyond")
  void whatGoesBeyondIsRefused(List<Object> row) {
    @SuppressWarnings("unchecked")
    List<Violation> refused = asked((Map<String, ?>) row.get(0), ALLOW);
    assertEquals(List.of("providerConfig.docker." + row.get(1) + " not-allowed"), refused.stream().map(each -> each.field() + " " + each.code()).toList());
  }

  /// No longer than an engine follows them, and no fewer files than the agent needs itself.
  @Test
  void pathsAndLimitsHaveBounds() {
    for (String path : List.of("/" + "a".repeat(255), "/a".repeat(32), "/b")) {
      assertEquals(List.of(), asked(Map.of("mounts", List.of(Map.of("volume", "cache-pip", "target", path))), ALLOW), path);
    }
    for (String path : List.of("/" + "a".repeat(256), "/a".repeat(33), "/", "/a//b", "/a/./b")) {
      assertEquals(List.of("providerConfig.docker.mounts[0].target bad-value"), asked(Map.of("mounts", List.of(Map.of("volume", "cache-pip", "target", path))), ALLOW).stream()
          .map(each -> each.field() + " " + each.code()).toList(), path);
    }
    assertEquals(List.of(), asked(Map.of("ulimits", Map.of("nofile", 128)), ALLOW));
    assertEquals(1, asked(Map.of("ulimits", Map.of("nofile", 127)), ALLOW).size());
  }

  private static Map<String, Object> mount(Map<String, ?> more) {
    Map<String, Object> mount = new HashMap<>(more);
    mount.putIfAbsent("target", "/data");
    return Map.of("mounts", List.of(mount));
  }

  static List<List<Object>> wrong() {
    return List.of(List.of(mount(Map.of("volume", "hodei-agent-x")), "mounts[0].volume", "bad-value"), List.of(mount(Map.of("volume", "/etc")), "mounts[0].volume", "bad-value"),
        List.of(mount(Map.of("host", "/srv/../etc")), "mounts[0].host", "bad-value"), List.of(mount(Map.of("host", "/")), "mounts[0].host", "bad-value"),
        List.of(mount(Map.of("host", "/srv/data", "target", "/hodei/agent")), "mounts[0].target", "bad-value"), List.of(mount(Map.of("host", "/srv/data", "target", "data")), "mounts[0].target", "bad-value"),
        List.of(mount(Map.of("host", "/a", "volume", "b")), "mounts[0]", "missing"), List.of(mount(Map.of("host", "/srv/data", "target", "/hodei")), "mounts[0].target", "bad-value"),
        List.of(mount(Map.of("host", "/srv/data", "propagation", "shared")), "mounts[0].propagation", "unknown-field"),
        List.of(Map.of("mounts", List.of(Map.of("host", "/srv/data", "target", "/d"), Map.of("host", "/srv/data", "target", "/d"))), "mounts[1].target", "bad-value"),
        List.of(Map.of("mounts", List.of(Map.of("host", "/srv/data"))), "mounts[0].target", "bad-value"), List.of(mount(Map.of()), "mounts[0]", "missing"),
        List.of(Map.of("mounts", List.of("x")), "mounts[0]", "wrong-type"), List.of(Map.of("network", "none"), "network", "bad-value"),
        List.of(Map.of("network", "container:x"), "network", "bad-value"), List.of(Map.of("extraHosts", Map.of("db", "nowhere")), "extraHosts.db", "bad-value"),
        List.of(Map.of("extraHosts", Map.of("db", "999.1.1.1")), "extraHosts.db", "bad-value"), List.of(Map.of("extraHosts", Map.of("db", "1.1.1")), "extraHosts.db", "bad-value"),
        List.of(Map.of("ulimits", Map.of("files", 1)), "ulimits.files", "unknown-field"), List.of(Map.of("shmSize", "much"), "shmSize", "bad-value"),
        List.of(Map.of("labels", Map.of("hodei.io/worker-id", "w")), "labels.hodei.io/worker-id", "bad-name"), List.of(Map.of("privileged", "yes"), "privileged", "wrong-type"),
        List.of(Map.of("capAdd", List.of("SYS_ADMIN")), "capAdd", "not-built"), List.of(Map.of("volumes", List.of()), "volumes", "unknown-field"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatCannotBeUnderstoodIsNamed(List<Object> row) {
    @SuppressWarnings("unchecked")
    List<Violation> refused = asked((Map<String, ?>) row.get(0), ALLOW);
    assertTrue(refused.stream().anyMatch(each -> each.field().equals("providerConfig.docker." + row.get(1)) && each.code().equals(row.get(2))), () -> row + " gave " + refused);
  }

  @Test
  void anotherProvidersWordsAreRefused() {
    JobSpec spec = RequestReader.read(Map.of("command", List.of("true"), "providerConfig", Map.of("kubernetes", Map.of()))).spec();
    assertEquals(List.of(new Violation("providerConfig.kubernetes", "unsupported",
            "Expected providerConfig to name providers of the pool (docker), but found \"kubernetes\"; leave that out.")),
        RequestRules.check(spec, new PoolLimits("boxes", List.of("docker"), "x", Duration.ofHours(1))));
  }

  @Test
  void aTemplateNeedsNoPermissionAndAJobsFieldTakesItsPlace() {
    PoolReader.Read read = PoolReader.read("boxes", Map.of("providers", List.of("docker"), "template", Map.of("image", "debian:12", "providerConfig",
        Map.of("docker", Map.of("network", "jobs", "shmSize", "1Gi"))), "allow", Map.of("docker", Map.of("shmSize", "1Gi"))), 4, 4);
    assertEquals(List.of(), read.violations());
    JobSpec spec = RequestReader.read(Map.of("command", List.of("true"), "providerConfig", Map.of("docker", Map.of("shmSize", "64Mi")))).spec();
    assertEquals("{\"network\":\"jobs\",\"shmSize\":\"64Mi\"}", read.pool().template().providerConfigOf(spec, "docker"));
    assertEquals(null, read.pool().template().providerConfigOf(spec, "kubernetes"));
  }

  @Test
  void aTemplateOfPodsIsReadAsWell() {
    List<Violation> wrong = PoolReader.read("pods", Map.of("providers", List.of("kubernetes"), "template", Map.of("image", "debian:12", "providerConfig",
        Map.of("kubernetes", Map.of("hostAliases", List.of())))), 4, 4).violations();
    assertEquals(List.of("template.providerConfig.kubernetes.hostAliases"), wrong.stream().map(Violation::field).toList());
  }

  @Test
  void whatAllowSaysIsRead() {
    List<Violation> wrong = PoolReader.read("boxes", Map.of("providers", List.of("docker"), "allow", Map.of("docker", Map.of("hostPaths", Map.of("/srv", "yes", "/data/*", "ro"),
        "shmSize", "much", "sockets", true, "ulimits", Map.of("files", 1)))), 4, 4).violations();
    assertEquals(new TreeSet<>(List.of("allow.docker.hostPaths./srv", "allow.docker.hostPaths./data/*", "allow.docker.shmSize", "allow.docker.sockets", "allow.docker.ulimits.files")),
        new TreeSet<>(wrong.stream().map(Violation::field).toList()));
  }

  @Test
  void whatWasWrittenAsJsonIsReadAgain() {
    Map<String, Object> all = new HashMap<>(Map.of("a\"\\\n", "ä\uD83D\uDE00\u0001", "list", Arrays.asList(new BigInteger("12345678901234567890"), new BigDecimal("-1.5E+3"), true, false, null),
        "empty", Map.of(), "none", List.of(), "deep", Map.of("er", List.of(Map.of("x", BigInteger.ONE)))));
    assertEquals(all, JsonText.object(CanonicalJson.of(all)));
    assertEquals(Map.of(), JsonText.object(null));
  }

  @Test
  void whatAPodMayBeAskedForIsHeldAgainstThePoolsAllowList() {
    Map<String, Object> spec = Map.of("providers", List.of("kubernetes"), "template", Map.of("image", "x"), "allow", Map.of("kubernetes", Map.of("priorityClasses", List.of("low"))));
    PoolReader.Read read = PoolReader.read("pods", spec, 1, 1);
    assertEquals(List.of(), read.violations());
    PoolLimits limits = PoolLimits.of(read.pool());
    assertEquals(List.of(), RequestRules.check(asking(Map.of("priorityClass", "low")), limits));
    assertEquals(List.of("providerConfig.kubernetes.priorityClass not-allowed", "providerConfig.kubernetes.privileged not-allowed"),
        RequestRules.check(asking(Map.of("priorityClass", "high", "privileged", true)), limits).stream().map(each -> each.field() + " " + each.code()).toList());
  }

  private static JobSpec asking(Map<String, Object> config) {
    return RequestReader.read(Map.of("command", List.of("true"), "providerConfig", Map.of("kubernetes", config))).spec();
  }
}
