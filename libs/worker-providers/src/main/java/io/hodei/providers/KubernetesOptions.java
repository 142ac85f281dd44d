package io.hodei.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.hodei.providers.ProviderException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a job, or its pool, asks of its pod beyond the closed default: `providerConfig.kubernetes`, which the dispatcher has checked against what the pool
/// allows. What is ours in a pod (labels, node selectors, variables) goes before what is asked. Pure.
final class KubernetesOptions {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode asked;

  private KubernetesOptions(JsonNode asked) {
    this.asked = asked;
  }

  /// @throws ProviderException PROVISION_FAILED when it is no JSON object, or something in its affinity is unknown
  static KubernetesOptions of(WorkerShape shape) throws ProviderException {
    try {
      JsonNode all = MAPPER.readTree(shape.providerConfig() == null ? "{}" : shape.providerConfig());
      refuseUnknown(all.path("affinity"), MAPPER.constructType(Affinity.class), "affinity");
      return new KubernetesOptions(all);
    } catch (JsonProcessingException e) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected a JSON object as providerConfig, but: " + e.getOriginalMessage(), e);
    }
  }

  /// The cluster would drop what it does not know without a word.
  private static void refuseUnknown(JsonNode node, JavaType type, String where) throws ProviderException {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        refuseUnknown(node.get(i), type.getContentType() == null ? type : type.getContentType(), where + "[" + i + "]");
      }
    } else if (node.isObject() && !type.isMapLikeType()) {
      Map<String, JavaType> known = new LinkedHashMap<>();
      for (BeanPropertyDefinition property : MAPPER.getDeserializationConfig().introspect(type).findProperties()) {
        known.put(property.getName(), property.getPrimaryType());
      }
      for (Map.Entry<String, JsonNode> each : node.properties()) {
        JavaType inner = known.get(each.getKey());
        if (inner == null) {
          throw new ProviderException(Reason.PROVISION_FAILED, "Expected one of " + String.join(", ", new TreeSet<>(known.keySet())) + " in providerConfig.kubernetes." + where
              + ", but found \"" + each.getKey() + "\"; correct its name");
        }
        refuseUnknown(each.getValue(), inner, where + "." + each.getKey());
      }
    }
  }

  /// The resource by which GPUs are asked for; null: the usual one.
  @Nullable String gpuResource() {
    return asked.path("gpuResource").textValue();
  }

  /// Where the job finds what it has asked for.
  List<String> mounted() {
    return list("volumeMounts", VolumeMount.class).stream().map(VolumeMount::getMountPath).toList();
  }

  /// `closed`, with what is asked for.
  Pod on(Pod closed) {
    if (asked.isEmpty()) {
      return closed;
    }
    PodSpec spec = new PodBuilder(closed).buildSpec();
    spec.setNodeSelector(under(texts("nodeSelector"), spec.getNodeSelector()));
    spec.setTolerations(list("tolerations", Toleration.class));
    spec.setAffinity(asked.has("affinity") ? Serialization.unmarshal(asked.get("affinity").toString(), Affinity.class) : null);
    spec.setServiceAccountName(asked.path("serviceAccount").textValue());
    spec.setImagePullSecrets(pullSecrets());
    spec.setPriorityClassName(asked.path("priorityClass").textValue());
    spec.setRuntimeClassName(asked.path("runtimeClass").textValue());
    spec.getVolumes().addAll(list("volumes", Volume.class));
    Container job = spec.getContainers().getFirst();
    List<VolumeMount> mounts = list("volumeMounts", VolumeMount.class);
    if (!mounts.isEmpty()) {
      spec.getInitContainers().add(KubernetesPods.targets(job, mounts.stream().map(VolumeMount::getMountPath).toList()));
    }
    job.getVolumeMounts().addAll(mounts);
    spec.getInitContainers().addAll(containers("initContainers", spec));
    job.setEnvFrom(list("envFrom", EnvFromSource.class));
    job.setPorts(list("ports", ContainerPort.class));
    spec.getContainers().addAll(containers("sidecars", spec));
    open(spec, job);
    return new PodBuilder(closed)
        .editMetadata()
          .withLabels(under(texts("labels"), closed.getMetadata().getLabels()))
          .withAnnotations(under(texts("annotations"), closed.getMetadata().getAnnotations()))
        .endMetadata()
        .withSpec(spec)
        .build();
  }

  private void open(PodSpec spec, Container job) {
    PodSecurityContext context = spec.getSecurityContext();
    JsonNode own = asked.path("securityContext");
    context.setRunAsUser(own.path("runAsUser").asLong(context.getRunAsUser()));
    context.setRunAsGroup(own.path("runAsGroup").asLong(context.getRunAsGroup()));
    context.setFsGroup(own.has("fsGroup") ? own.get("fsGroup").asLong() : null);
    if (is("privileged")) {
      // As root, or it could use nothing of its privileges.
      context.setRunAsNonRoot(false);
      context.setRunAsUser(0L);
      context.setRunAsGroup(0L);
      context.setSeccompProfile(null);
      job.setSecurityContext(new SecurityContextBuilder().withPrivileged(true).build());
    }
    if (is("hostNetwork")) {
      spec.setHostNetwork(true);
      spec.setDnsPolicy("ClusterFirstWithHostNet");
    }
    spec.setHostPID(is("hostPID") ? Boolean.TRUE : null);
    spec.setHostIPC(is("hostIPC") ? Boolean.TRUE : null);
    spec.setAutomountServiceAccountToken(is("serviceAccountToken"));
  }

  private boolean is(String name) {
    return asked.path(name).asBoolean();
  }

  private List<LocalObjectReference> pullSecrets() {
    List<LocalObjectReference> secrets = new ArrayList<>();
    asked.path("imagePullSecrets").forEach(each -> secrets.add(new LocalObjectReference(each.asText())));
    return secrets;
  }

  /// As closed as the job's, whose settings they take over. Their `env` is an object here, as everywhere in Hodei.
  private List<Container> containers(String name, PodSpec spec) {
    Container ours = spec.getInitContainers().getFirst();
    List<Container> found = new ArrayList<>();
    for (JsonNode each : asked.path(name)) {
      ObjectNode container = each.deepCopy();
      ArrayNode environment = MAPPER.createArrayNode();
      each.path("env").properties().forEach(variable -> environment.addObject().put("name", variable.getKey()).put("value", variable.getValue().asText()));
      container.set("env", environment);
      found.add(new ContainerBuilder(Serialization.unmarshal(container.toString(), Container.class)).withSecurityContext(ours.getSecurityContext())
          .withImagePullPolicy(ours.getImagePullPolicy()).build());
    }
    return found;
  }

  private <T> List<T> list(String name, Class<T> type) {
    List<T> found = new ArrayList<>();
    asked.path(name).forEach(each -> found.add(Serialization.unmarshal(each.toString(), type)));
    return found;
  }

  private Map<String, String> texts(String name) {
    Map<String, String> found = new LinkedHashMap<>();
    asked.path(name).properties().forEach(each -> found.put(each.getKey(), each.getValue().asText()));
    return found;
  }

  private static Map<String, String> under(Map<String, String> asked, @Nullable Map<String, String> ours) {
    Map<String, String> all = new LinkedHashMap<>(asked);
    if (ours != null) {
      all.putAll(ours);
    }
    return all;
  }
}
