package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

// proves: contract:refuse-by-name, contract:provider-config
class KubernetesConfigTest {
  private static final Map<String, Object> DATA = Map.of("name", "data", "hostPath", Map.of("path", "/srv/data"));

  private static final Map<String, Object> EVERYTHING = Map.ofEntries(Map.entry("privileged", true), Map.entry("hostNamespaces", true),
      Map.entry("serviceAccountToken", true), Map.entry("containers", true), Map.entry("hostPaths", Map.of("/srv/data", "rw")),
      Map.entry("serviceAccounts", List.of("admin")), Map.entry("secrets", List.of("*")), Map.entry("configMaps", List.of("set*")),
      Map.entry("volumeClaims", List.of("set")), Map.entry("priorityClasses", List.of("high")), Map.entry("runtimeClasses", List.of("kata")));

  private static List<Violation> ofTemplate(Map<String, ?> config) {
    List<Violation> violations = new ArrayList<>();
    KubernetesConfig.checkTemplate(config, "k.", violations, "p");
    return violations;
  }

  private static List<Violation> ofJob(Map<String, ?> config, Map<String, ?> allow) {
    List<Violation> violations = new ArrayList<>();
    KubernetesConfig.checkJob(config, "k.", violations, KubernetesAllow.read(allow, "allow.", violations), new AllowList("p", "kubernetes", allow));
    return violations;
  }

  @Test
  void whereAPodRunsNeedsNobodysLeave() {
    assertEquals(List.of(), ofJob(Map.of("labels", Map.of("team", "a"), "nodeSelector", Map.of("disk", "ssd"), "annotations", Map.of("example.org/note", "any text"),
        "tolerations", List.of(Map.of("key", "gpu", "operator", "Exists")), "affinity", Map.of("nodeAffinity", Map.of()), "gpuResource", "amd.com/gpu",
        "securityContext", Map.of("runAsUser", 1000), "ports", List.of(Map.of("containerPort", 80)),
        "volumes", List.of(Map.of("name", "cache", "emptyDir", Map.of("sizeLimit", "1Gi"))), "volumeMounts", List.of(Map.of("name", "cache", "mountPath", "/cache"))), Map.of()));
  }

  static List<Map<String, Object>> openings() {
    return List.of(Map.of("privileged", true), Map.of("hostNetwork", true), Map.of("hostPID", true), Map.of("hostIPC", true), Map.of("serviceAccountToken", true),
        Map.of("serviceAccount", "admin"), Map.of("imagePullSecrets", List.of("registry")), Map.of("priorityClass", "high"), Map.of("runtimeClass", "kata"),
        Map.of("volumes", List.of(DATA)), Map.of("volumes", List.of(Map.of("name", "s", "secret", Map.of("secretName", "db")))),
        Map.of("volumes", List.of(Map.of("name", "c", "configMap", Map.of("name", "settings")))),
        Map.of("volumes", List.of(Map.of("name", "v", "persistentVolumeClaim", Map.of("claimName", "set")))),
        Map.of("envFrom", List.of(Map.of("secretRef", Map.of("name", "db")))), Map.of("envFrom", List.of(Map.of("configMapRef", Map.of("name", "settings")))),
        Map.of("initContainers", List.of(Map.of("name", "first", "image", "a"))), Map.of("sidecars", List.of(Map.of("name", "proxy", "image", "b"))),
        Map.of("ports", List.of(Map.of("containerPort", 80, "hostPort", 80))),
        Map.of("annotations", Map.of("container.apparmor.security.beta.kubernetes.io/job", "unconfined")));
  }

  @ParameterizedTest
  @MethodSource("openings")
  void whatOpensAPodNeedsTheOperatorsLeave(Map<String, Object> config) {
    List<Violation> refused = ofJob(config, Map.of());
    assertEquals(List.of("not-allowed"), refused.stream().map(Violation::code).toList(), String.valueOf(refused));
    assertTrue(refused.getFirst().message().contains("allow.kubernetes"), refused.getFirst().message());
    assertEquals(List.of(), ofTemplate(config));
    assertEquals(List.of(), ofJob(config, EVERYTHING));
  }

  static List<List<Object>> refused() {
    return List.of(List.of("k.labels.hodei.io/pool", Map.of("labels", Map.of("hodei.io/pool", "x"))), List.of("k.labels.a", Map.of("labels", Map.of("a", "not a value"))),
        List.of("k.securityContext.runAsUser", Map.of("securityContext", Map.of("runAsUser", 0))),
        List.of("k.securityContext.privileged", Map.of("securityContext", Map.of("privileged", true))),
        List.of("k.volumes[0].name", Map.of("volumes", List.of(Map.of("name", "token", "emptyDir", Map.of())))),
        List.of("k.volumes[0].projected", Map.of("volumes", List.of(Map.of("name", "x", "emptyDir", Map.of(), "projected", Map.of())))),
        List.of("k.volumes[0].secret.secretName", Map.of("volumes", List.of(Map.of("name", "x", "secret", Map.of("secretName", "hodei-w1"))))),
        List.of("k.volumes[0].hostPath.path", Map.of("volumes", List.of(Map.of("name", "x", "hostPath", Map.of("path", "/srv/../etc"))))),
        List.of("k.volumeMounts[0].name", Map.of("volumeMounts", List.of(Map.of("name", "work", "mountPath", "/x")))),
        List.of("k.volumeMounts[0].mountPath", Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data", "mountPath", "/hodei/work")))),
        List.of("k.sidecars[0].securityContext", Map.of("sidecars", List.of(Map.of("name", "x", "image", "y", "securityContext", Map.of())))),
        List.of("k.sidecars[0].name", Map.of("sidecars", List.of(Map.of("name", "job", "image", "y")))),
        List.of("k.sidecars[0].volumeMounts[0].name", Map.of("sidecars", List.of(Map.of("name", "x", "image", "y", "volumeMounts", List.of(Map.of("name", "work", "mountPath", "/w")))))),
        List.of("k.hostAliases", Map.of("hostAliases", List.of())), List.of("k.nodeSelector.hodei.io/x", Map.of("nodeSelector", Map.of("hodei.io/x", "y"))),
        List.of("k.annotations.hodei.io/ttl-after-finished", Map.of("annotations", Map.of("hodei.io/ttl-after-finished", "1"))),
        List.of("k.annotations.no name", Map.of("annotations", Map.of("no name", "x"))), List.of("k.affinity", Map.of("affinity", "near")),
        List.of("k.volumes[0]", Map.of("volumes", List.of(Map.of("name", "x")))), List.of("k.volumes[0].emptyDir.sizeLimit", volume(Map.of("emptyDir", Map.of("sizeLimit", "much")))),
        List.of("k.volumes[0].persistentVolumeClaim.claimName", volume(Map.of("persistentVolumeClaim", Map.of()))),
        List.of("k.volumes[0].configMap.name", volume(Map.of("configMap", Map.of("name", "Not_A_Name")))),
        List.of("k.volumes[0].secret.secretName", volume(Map.of("secret", Map.of()))), List.of("k.volumes[0].hostPath.path", volume(Map.of("hostPath", Map.of()))),
        List.of("k.volumes[1].name", Map.of("volumes", List.of(Map.of("name", "x", "emptyDir", Map.of()), Map.of("name", "x", "emptyDir", Map.of())))),
        List.of("k.volumeMounts[0].mountPath", Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data")))),
        List.of("k.volumeMounts[0].mountPath", Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data", "mountPath", "/hodei")))),
        List.of("k.volumeMounts[0].subPath", Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data", "mountPath", "/d", "subPath", "../etc")))),
        List.of("k.envFrom[0]", Map.of("envFrom", List.of(Map.of("prefix", "A_")))),
        List.of("k.envFrom[0]", Map.of("envFrom", List.of(Map.of("secretRef", Map.of("name", "a"), "configMapRef", Map.of("name", "b"))))),
        List.of("k.envFrom[0].secretRef.key", Map.of("envFrom", List.of(Map.of("secretRef", Map.of("name", "a", "key", "b"))))),
        List.of("k.envFrom[0].configMapRef.key", Map.of("envFrom", List.of(Map.of("configMapRef", Map.of("name", "a", "key", "b"))))),
        List.of("k.ports[0].containerPort", Map.of("ports", List.of(Map.of("name", "web")))), List.of("k.ports[0].name", Map.of("ports", List.of(Map.of("containerPort", 80, "name", "Web!")))),
        List.of("k.ports[0].protocol", Map.of("ports", List.of(Map.of("containerPort", 80, "protocol", "ICMP")))),
        List.of("k.sidecars[0].image", Map.of("sidecars", List.of(Map.of("name", "x")))),
        List.of("k.sidecars[0].resources.limits.cpu", sidecar(Map.of("resources", Map.of("limits", Map.of("cpu", "many"))))),
        List.of("k.sidecars[0].resources.claims", sidecar(Map.of("resources", Map.of("claims", Map.of())))),
        List.of("k.sidecars[0].envFrom[0]", sidecar(Map.of("envFrom", List.of(Map.of())))), List.of("k.sidecars[0].ports[0].containerPort", sidecar(Map.of("ports", List.of(Map.of())))),
        List.of("k.serviceAccount", Map.of("serviceAccount", "Not_A_Name")));
  }

  private static Map<String, Object> volume(Map<String, Object> source) {
    Map<String, Object> volume = new HashMap<>(source);
    volume.put("name", "x");
    return Map.of("volumes", List.of(volume));
  }

  private static Map<String, Object> sidecar(Map<String, Object> more) {
    Map<String, Object> container = new HashMap<>(more);
    container.putAll(Map.of("name", "x", "image", "y"));
    return Map.of("sidecars", List.of(container));
  }

  @Test
  void whatAPoolAllowsIsReadWhole() {
    List<Violation> violations = new ArrayList<>();
    KubernetesAllow.read(Map.of("hostPaths", Map.of("/srv/*", "ro", "/data", "yes"), "everything", true), "allow.", violations);
    assertEquals(Set.of("allow.hostPaths./srv/*", "allow.hostPaths./data", "allow.everything"), violations.stream().map(Violation::field).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatNobodyMayAskForIsRefusedByName(List<Object> row) {
    @SuppressWarnings("unchecked")
    List<Violation> found = ofTemplate((Map<String, ?>) row.get(1));
    assertEquals(List.of(row.get(0)), found.stream().map(Violation::field).toList(), String.valueOf(found));
  }

  @Test
  void aPathThatMayOnlyBeReadIsNotMountedToBeWritten() {
    Map<String, Object> writes = Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data", "mountPath", "/data")));
    Map<String, Object> reads = Map.of("volumes", List.of(DATA), "volumeMounts", List.of(Map.of("name", "data", "mountPath", "/data", "readOnly", true)));
    Violation refused = ofJob(writes, Map.of("hostPaths", Map.of("/srv/data", "ro"))).getFirst();
    assertEquals("k.volumeMounts[0]", refused.field());
    assertEquals("Expected volumeMounts[0] to be something that pool p allows, but its allow.kubernetes has only {\"hostPaths\":{\"/srv/data\":\"ro\"}}; say readOnly: true there, or ask"
        + " the pool's operator for the line hostPaths: {/srv/data: rw} in allow.kubernetes.", refused.message());
    assertEquals(List.of(), ofJob(reads, Map.of("hostPaths", Map.of("/srv/data", "ro"))));
    assertEquals(List.of(), ofJob(writes, Map.of("hostPaths", Map.of("/srv/data", "rw"))));
  }
}
