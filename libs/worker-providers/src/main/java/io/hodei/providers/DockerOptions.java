package io.hodei.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import io.hodei.providers.ProviderException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a job, or its pool, asks of its container beyond the closed default: `providerConfig.docker`, which the dispatcher has checked against what the
/// pool allows. `volumes`: those of `mounts` that the engine must have. `shmBytes` null: the engine's default. Pure.
record DockerOptions(boolean privileged, @Nullable String network, List<Mount> mounts, List<String> volumes, List<String> extraHosts, List<Ulimit> ulimits,
    @Nullable Long shmBytes, Map<String, String> labels) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// @throws ProviderException PROVISION_FAILED when it is no JSON object
  static DockerOptions of(WorkerShape shape) throws ProviderException {
    try {
      JsonNode all = MAPPER.readTree(shape.providerConfig() == null ? "{}" : shape.providerConfig());
      List<Mount> mounts = new ArrayList<>();
      List<String> volumes = new ArrayList<>();
      for (JsonNode each : all.path("mounts")) {
        mounts.add(mount(each));
        if (each.has("volume")) {
          volumes.add(each.path("volume").asText());
        }
      }
      List<String> hosts = new ArrayList<>();
      all.path("extraHosts").properties().forEach(host -> hosts.add(host.getKey() + ":" + host.getValue().asText()));
      List<Ulimit> limits = new ArrayList<>();
      all.path("ulimits").properties().forEach(limit -> limits.add(new Ulimit(limit.getKey(), limit.getValue().asLong(), limit.getValue().asLong())));
      Map<String, String> labels = new LinkedHashMap<>();
      all.path("labels").properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      String shm = all.path("shmSize").textValue();
      return new DockerOptions(all.path("privileged").asBoolean(), all.path("network").textValue(), mounts, volumes, hosts, limits,
          shm == null ? null : WorkerShape.bytes(shm), labels);
    } catch (JsonProcessingException e) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected a JSON object as providerConfig, but: " + e.getOriginalMessage(), e);
    }
  }

  /// Read only, unless it says `"readOnly": false`. A path of the engine's machine must be there; nothing of the image is copied into a volume.
  private static Mount mount(JsonNode of) {
    Mount mount = new Mount().withTarget(of.path("target").asText()).withReadOnly(of.path("readOnly").asBoolean(true));
    return of.has("volume")
        ? mount.withType(MountType.VOLUME).withSource(of.path("volume").asText()).withVolumeOptions(new VolumeOptions().withNoCopy(true))
        : mount.withType(MountType.BIND).withSource(of.path("host").asText());
  }
}
