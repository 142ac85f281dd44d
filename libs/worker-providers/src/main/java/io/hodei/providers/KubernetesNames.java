package io.hodei.providers;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/// By which names and labels the things of one installation are found in a cluster that others use too.
record KubernetesNames(String installationId) {
  /// For how many seconds a kept pod is there after its end. Enforced by us: no cluster looks at it on a bare pod.
  static final String TTL = "hodei.io/ttl-after-finished";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /// Of a worker's pod: `hodei-<worker id>`, or 32 hex of its SHA-256 in place of an id that no pod can be called by.
  static String pod(String workerId) {
    String name = "hodei-" + workerId;
    return NAME.matcher(name).matches() ? name : "hodei-" + hex(workerId, 16);
  }

  /// Of the worker's token; no other installation uses the same, so that it can be removed without being read.
  String secret(String workerId) {
    return pod(workerId) + "-" + hex(installationId, 4);
  }

  private static String hex(String text, int bytes) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, bytes);
  }

  Map<String, String> labels(String workerId, String pool) {
    return new DockerNames(installationId).labels(workerId, pool);
  }

  /// What selects every pod of ours.
  String selector() {
    return new DockerNames(installationId).filter() + "," + DockerNames.WORKER;
  }

  /// What selects this worker's pods, and perhaps others.
  String selector(String workerId) {
    return WorkerMark.standsIn(workerId) ? selector() : new DockerNames(installationId).filter() + "," + DockerNames.WORKER + "=" + workerId;
  }

  boolean isOurs(HasMetadata thing) {
    return new DockerNames(installationId).isOurs(thing.getMetadata().getLabels());
  }

  /// The worker that this is of, always by a safe id.
  static String workerOf(HasMetadata thing) {
    Map<String, String> labels = thing.getMetadata().getLabels();
    return DockerNames.workerOf(labels == null ? Map.of() : labels);
  }

  /// Where it is, what it is called, and which one of that name it is.
  static String referenceOf(Pod pod) {
    ObjectMeta named = pod.getMetadata();
    String uid = uidOf(pod);
    return named.getNamespace() + "/" + named.getName() + "@" + uid.substring(Math.max(0, uid.length() - 8));
  }

  static String uidOf(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return uid == null ? "" : uid;
  }
}
