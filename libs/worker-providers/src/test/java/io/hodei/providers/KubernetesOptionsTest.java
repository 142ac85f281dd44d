package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

// proves: seed:gap-pods, contract:provider-config
class KubernetesOptionsTest {
  private final KubernetesPods pods = new KubernetesPods(KubernetesConformanceTest.site("it-1"), new KubernetesNames("it-1"));

  private Pod pod(String config) throws Exception {
    WorkerShape shape = new WorkerShape("busybox", null, null, 1, config.replace('\'', '"'));
    return pods.pod(new WorkerLaunch("w1", "boxes", URI.create("http://10.0.0.1:8090"), "secret", shape), "busybox", KubernetesOptions.of(shape));
  }

  @Test
  void whereAPodRunsAndWhatItIsCalledIsAsAsked() throws Exception {
    Pod pod = pod("{'labels':{'team':'a'},'annotations':{'note':'x'},'nodeSelector':{'disk':'ssd','kubernetes.io/arch':'arm64'},"
        + "'tolerations':[{'key':'gpu','operator':'Exists','effect':'NoSchedule'}],'priorityClass':'low','runtimeClass':'gvisor','gpuResource':'amd.com/gpu',"
        + "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'zone','operator':'In','values':['a']}]}]}}}}");
    PodSpec spec = pod.getSpec();
    assertEquals("a", pod.getMetadata().getLabels().get("team"));
    assertEquals("w1", pod.getMetadata().getLabels().get("hodei.io/worker-id"));
    assertEquals(Map.of("disk", "ssd", "kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64"), spec.getNodeSelector());
    assertEquals("Exists", spec.getTolerations().getFirst().getOperator());
    assertEquals("low gvisor", spec.getPriorityClassName() + " " + spec.getRuntimeClassName());
    assertEquals("zone", spec.getAffinity().getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution().getNodeSelectorTerms().getFirst()
        .getMatchExpressions().getFirst().getKey());
    assertEquals("1", spec.getContainers().getFirst().getResources().getLimits().get("amd.com/gpu").toString());
  }

  @Test
  void whatItHasBesidesIsAddedToWhatIsOurs() throws Exception {
    PodSpec spec = pod("{'serviceAccount':'builder','imagePullSecrets':['registry'],'volumes':[{'name':'data','persistentVolumeClaim':{'claimName':'set'}}],"
        + "'volumeMounts':[{'name':'data','mountPath':'/data','readOnly':true}],'envFrom':[{'configMapRef':{'name':'settings'}}],'ports':[{'containerPort':80}],"
        + "'initContainers':[{'name':'first','image':'a','env':{'K':'v'}}],'sidecars':[{'name':'proxy','image':'b'}],'securityContext':{'runAsUser':1000,'fsGroup':2000}}").getSpec();
    Container job = spec.getContainers().getFirst();
    assertEquals(List.of("agent", "targets", "first"), spec.getInitContainers().stream().map(Container::getName).toList());
    assertEquals("K=v", spec.getInitContainers().get(2).getEnv().getFirst().getName() + "=" + spec.getInitContainers().get(2).getEnv().getFirst().getValue());
    assertEquals(List.of("job", "proxy"), spec.getContainers().stream().map(Container::getName).toList());
    assertEquals(List.of("agent", "work", "tmp", "token", "data"), spec.getVolumes().stream().map(volume -> volume.getName()).toList());
    assertEquals("/data", job.getVolumeMounts().getLast().getMountPath());
    assertEquals("settings", job.getEnvFrom().getFirst().getConfigMapRef().getName());
    assertEquals(80, job.getPorts().getFirst().getContainerPort());
    assertEquals("builder registry", spec.getServiceAccountName() + " " + spec.getImagePullSecrets().getFirst().getName());
    assertEquals(List.of(1000L, 65532L, 2000L), List.of(spec.getSecurityContext().getRunAsUser(), spec.getSecurityContext().getRunAsGroup(), spec.getSecurityContext().getFsGroup()));
    assertFalse(spec.getAutomountServiceAccountToken());
    for (Container each : List.of(spec.getInitContainers().get(2), spec.getContainers().get(1))) {
      assertEquals(List.of("ALL"), each.getSecurityContext().getCapabilities().getDrop(), each.getName());
      assertTrue(each.getSecurityContext().getReadOnlyRootFilesystem(), each.getName());
    }
  }

  @Test
  void beforeAnythingIsMountedTheImageIsLookedIntoWithNothingButTheAgentThere() throws Exception {
    Container look = pod("{'volumes':[{'name':'data','emptyDir':{}}],'volumeMounts':[{'name':'data','mountPath':'/data'}],'privileged':true}").getSpec().getInitContainers().get(1);
    assertEquals("targets busybox", look.getName() + " " + look.getImage());
    assertEquals(List.of("/hodei/agent", "/hodei/work", "/data"), look.getArgs());
    assertEquals(List.of("/hodei/agent"), look.getVolumeMounts().stream().map(mount -> mount.getMountPath()).toList());
    assertFalse(look.getSecurityContext().getPrivileged());
    assertEquals(1, pod("{'volumes':[{'name':'data','emptyDir':{}}]}").getSpec().getInitContainers().size());
  }

  @Test
  void whatOpensAPodOpensThatAlone() throws Exception {
    PodSpec privileged = pod("{'privileged':true}").getSpec();
    assertTrue(privileged.getContainers().getFirst().getSecurityContext().getPrivileged());
    assertFalse(privileged.getInitContainers().getFirst().getSecurityContext().getPrivileged());
    PodSpec host = pod("{'hostNetwork':true,'serviceAccountToken':true}").getSpec();
    assertTrue(host.getHostNetwork() && host.getAutomountServiceAccountToken() && host.getSecurityContext().getRunAsNonRoot());
    assertFalse(host.getContainers().getFirst().getSecurityContext().getPrivileged());
  }

  @Test
  void anAffinityThatTheClusterWouldNotUnderstandIsRefused() {
    ProviderException refused = assertThrows(ProviderException.class, () -> pod("{'affinity':{'nodeAffinity':{'required':{}}}}"));
    assertTrue(String.valueOf(refused.getMessage()).contains("\"required\""), refused.getMessage());
  }
}
