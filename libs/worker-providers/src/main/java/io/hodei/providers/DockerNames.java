package io.hodei.providers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// By which names and labels the things of one installation are found on an engine that others use too.
record DockerNames(String installationId) {
  static final String WORKER = "hodei.io/worker-id";
  private static final String MANAGED = "hodei.io/managed";
  private static final String INSTALLATION = "hodei.io/installation";
  private static final String POOL = "hodei.io/pool";
  private static final String AGENT = "hodei.io/agent";

  /// Of a worker's container and of its volume.
  static String of(String workerId) {
    return "hodei-" + workerId;
  }

  Map<String, String> labels(String workerId, String pool) {
    return Map.of(MANAGED, "true", INSTALLATION, installationId, WORKER, workerId, POOL, pool);
  }

  /// Of the volume that an agent's bundle is in.
  Map<String, String> bundleLabels(AgentBundle bundle) {
    return Map.of(MANAGED, "true", INSTALLATION, installationId, AGENT, bundle.id());
  }

  /// What the filter of a listing has to say to find everything of ours.
  String filter() {
    return INSTALLATION + "=" + installationId;
  }

  boolean isOurs(@Nullable Map<String, String> labels) {
    return labels != null && installationId.equals(labels.get(INSTALLATION));
  }

  boolean isOurs(InspectContainerResponse container) {
    return container.getConfig() != null && isOurs(container.getConfig().getLabels());
  }

  /// Whether these are of a thing of this worker, named by its id or by the stand-in of one that is not safe.
  static boolean isOf(String workerId, @Nullable Map<String, String> labels) {
    return labels != null && workerId.equals(workerOf(labels));
  }

  /// The worker that these labels name, always by a safe id.
  static String workerOf(Map<String, String> labels) {
    return WorkerMark.safeOrStandIn(labels.getOrDefault(WORKER, ""));
  }

  static boolean isBundle(@Nullable Map<String, String> labels) {
    return labels != null && labels.containsKey(AGENT);
  }
}
