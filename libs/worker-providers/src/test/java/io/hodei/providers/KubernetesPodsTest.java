package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KubernetesPodsTest {
  private final KubernetesPods pods = new KubernetesPods(KubernetesConformanceTest.site("it-1"), new KubernetesNames("it-1"));

  private Pod pod(WorkerShape shape) throws ProviderException {
    return pods.pod(new WorkerLaunch("w1", "boxes", URI.create("http://10.0.0.1:8090"), "secret", shape), "busybox", KubernetesOptions.of(shape));
  }

  @Test
  void aPodIsClosedUnlessSomebodyOpensIt() throws Exception {
    PodSpec spec = pod(WorkerShape.NONE).getSpec();

    assertEquals("Never", spec.getRestartPolicy());
    assertFalse(spec.getAutomountServiceAccountToken());
    assertFalse(spec.getEnableServiceLinks());
    assertNull(spec.getHostNetwork());
    assertNull(spec.getHostPID());
    assertNull(spec.getHostIPC());
    assertNull(spec.getServiceAccountName());
    assertTrue(spec.getSecurityContext().getRunAsNonRoot());
    assertEquals(65532, spec.getSecurityContext().getRunAsUser());
    assertEquals("RuntimeDefault", spec.getSecurityContext().getSeccompProfile().getType());
    assertEquals(List.of(), spec.getVolumes().stream().filter(volume -> volume.getHostPath() != null).toList());
    for (Container container : List.of(spec.getInitContainers().getFirst(), spec.getContainers().getFirst())) {
      SecurityContext closed = container.getSecurityContext();
      assertEquals(List.of("ALL"), closed.getCapabilities().getDrop());
      assertFalse(closed.getAllowPrivilegeEscalation());
      assertFalse(closed.getPrivileged());
      assertTrue(closed.getReadOnlyRootFilesystem());
    }
  }

  @Test
  void theJobsContainerHasNoWayToTheToken() throws Exception {
    Pod pod = pod(WorkerShape.NONE);
    assertEquals(List.of("agent", "work", "tmp"), pod.getSpec().getContainers().getFirst().getVolumeMounts().stream().map(mount -> mount.getName()).toList());
    assertFalse(Serialization.asYaml(pod).contains("secret\n"), "the token is in the pod");
  }

  @Test
  void aJobGetsTheMemoryThatItAskedForAndTheAgentItsOwn() throws Exception {
    Map<String, String> limits = new java.util.TreeMap<>();
    pod(new WorkerShape(null, "500m", "64Mi", 2)).getSpec().getContainers().getFirst().getResources().getLimits()
        .forEach((name, amount) -> limits.put(name, amount.toString()));
    assertEquals(Map.of("cpu", "500m", "memory", Long.toString((64L << 20) + DockerContainers.AGENT_MEMORY), "nvidia.com/gpu", "2"), limits);
  }

  @Test
  void namesThatNoPodCanHaveGetOneOfTheirOwn() {
    assertEquals("hodei-01890a5d-ac96-774b-bcce-b302099a8057", KubernetesNames.pod("01890a5d-ac96-774b-bcce-b302099a8057"));
    assertTrue(KubernetesNames.pod("Upper_case.1").matches("hodei-[0-9a-f]{32}"));
    assertTrue(KubernetesNames.pod("x".repeat(63)).matches("hodei-[0-9a-f]{32}"));
    assertFalse(KubernetesNames.pod("Upper").equals(KubernetesNames.pod("uPper")));
    assertFalse(new KubernetesNames("a").secret("w1").equals(new KubernetesNames("b").secret("w1")));
  }
}
