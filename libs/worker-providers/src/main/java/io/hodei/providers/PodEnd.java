package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.hodei.providers.WorkerExit.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a pod's agent died, or why it will never live, as the pod's status tells. `advice`: what a person can do; null: nothing in particular. Pure.
record PodEnd(Reason reason, String message, @Nullable String advice) {
  private static final Set<String> OVER = Set.of("Succeeded", "Failed");
  private static final Set<String> NO_IMAGE = Set.of("ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError");
  private static final Set<String> NO_START = Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff");
  private static final Set<String> NODE_LEAVES = Set.of("Shutdown", "NodeShutdown", "Terminated", "NodeLost", "NodeAffinity", "Preempting");
  private static final int MESSAGE_CHARS = 300;

  /// Whether its agent has ended, for whatever reason.
  static boolean isDead(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null && (OVER.contains(String.valueOf(status.getPhase())) || terminated(status.getContainerStatuses(), KubernetesPods.JOB) != null);
  }

  /// Whether its node has said that all of its containers ran and have ended. The phase alone does not say so where it was set before the end, as that of
  /// an evicted pod is; a kubelet that has lost a container while it deleted the pod says it by the container's last state.
  static boolean hasEnded(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null && pod.getSpec() != null && OVER.contains(String.valueOf(status.getPhase())) && (status.getReason() == null || status.getReason().isEmpty())
        && status.getConditions().stream().noneMatch(condition -> "DisruptionTarget".equals(condition.getType()))
        && ended(status.getContainerStatuses(), pod.getSpec().getContainers()) && ended(status.getInitContainerStatuses(), pod.getSpec().getInitContainers());
  }

  private static boolean ended(List<ContainerStatus> containers, List<Container> all) {
    return containers.size() == all.size() && containers.stream().allMatch(each -> {
      boolean known = each.getContainerID() != null && !each.getContainerID().isEmpty();
      return known && each.getState() != null && each.getState().getTerminated() != null || each.getLastState() != null && each.getLastState().getTerminated() != null;
    });
  }

  /// Null while it lives or may come to life. `unschedulable`: for how long it may wait for a node.
  static @Nullable PodEnd of(Pod pod, Instant now, Duration unschedulable) {
    PodStatus status = pod.getStatus();
    if (status == null) {
      return null;
    }
    return isDead(pod) ? dead(status) : unborn(status, now, unschedulable);
  }

  private static PodEnd dead(PodStatus status) {
    String why = status.getReason() == null ? "" : status.getReason();
    if (why.equals("DeadlineExceeded")) {
      return new PodEnd(Reason.MAX_LIFETIME, "Its pod outlived its activeDeadlineSeconds, and the cluster ended it.", "Give the job a longer timeout.");
    }
    if (why.equals("Evicted")) {
      return new PodEnd(Reason.WORKER_LOST, "Its pod was evicted: " + said(status.getMessage()),
          "Give the job resources that fit what it uses, or the node more; and allow another attempt: retry.maxAttempts.");
    }
    ContainerStateTerminated job = terminated(status.getContainerStatuses(), KubernetesPods.JOB);
    if (job != null && "OOMKilled".equals(job.getReason())) {
      return new PodEnd(Reason.OOM_KILLED, "Its worker reached its memory limit and was killed.", "Give the job more memory: resources.memory, or --memory.");
    }
    if (NODE_LEAVES.contains(why)) {
      return new PodEnd(Reason.WORKER_LOST, "Its pod ended with its node (" + why + "): " + said(status.getMessage()), "Allow another attempt: retry.maxAttempts.");
    }
    ContainerStateTerminated bring = terminated(status.getInitContainerStatuses(), KubernetesPods.BRING);
    if (job == null && bring != null && code(bring) != 0) {
      return new PodEnd(Reason.START_FAILED, "The agent could not be brought into its pod: " + ended("its container", bring),
          "See whether hodei.kubernetes.agent-image is the image of this agent.");
    }
    ContainerStateTerminated targets = terminated(status.getInitContainerStatuses(), KubernetesPods.TARGETS);
    if (job == null && targets != null && code(targets) != 0) {
      return new PodEnd(Reason.START_FAILED, "What is mounted in its pod might cover the agent: " + ended("the look into its image", targets),
          "Name as mountPath in providerConfig.kubernetes.volumeMounts the directory that the link leads to, or take an image without it.");
    }
    if (job != null && "ContainerCannotRun".equals(job.getReason()) || job != null && "StartError".equals(job.getReason())) {
      return new PodEnd(Reason.START_FAILED, "Its agent could not be started in its image: " + said(job.getMessage()), "See whether the image is for linux/amd64.");
    }
    return lost(job != null ? AgentEnd.of(code(job), lastLine(job))
        : AgentEnd.unseen("its pod is " + status.getPhase() + (why.isEmpty() ? "" : " (" + why + ")") + ": " + said(status.getMessage()).replaceAll("\\.$", "")));
  }

  static PodEnd lost(AgentEnd agent) {
    return new PodEnd(Reason.WORKER_LOST, agent.message(), agent.advice());
  }

  private static @Nullable PodEnd unborn(PodStatus status, Instant now, Duration unschedulable) {
    for (PodCondition condition : status.getConditions()) {
      if ("PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()) && "Unschedulable".equals(condition.getReason())
          && isOlder(condition.getLastTransitionTime(), unschedulable, now)) {
        return new PodEnd(Reason.PROVISION_FAILED, "No node was found for its pod within " + unschedulable.toSeconds() + " s: " + said(condition.getMessage()),
            "Ask for less (resources), or give the cluster a node that has it.");
      }
    }
    PodEnd brought = waiting(status.getInitContainerStatuses());
    return brought != null ? brought : waiting(status.getContainerStatuses());
  }

  private static @Nullable PodEnd waiting(List<ContainerStatus> containers) {
    for (ContainerStatus container : containers) {
      ContainerStateWaiting waiting = container.getState() == null ? null : container.getState().getWaiting();
      String why = waiting == null || waiting.getReason() == null ? "" : waiting.getReason();
      if (waiting != null && NO_IMAGE.contains(why)) {
        return new PodEnd(Reason.IMAGE_ERROR, "Image " + container.getImage() + " is not to be had (" + why + "): " + said(waiting.getMessage()),
            "Correct the image's name, push it to a registry that the nodes reach, or give the namespace's service account an image pull secret.");
      }
      if (waiting != null && NO_START.contains(why)) {
        return new PodEnd(Reason.START_FAILED, "Container " + container.getName() + " cannot be started (" + why + "): " + said(waiting.getMessage()),
            "See kubectl describe pod, and the pool's template.");
      }
    }
    return null;
  }

  /// What ended in this container; null while it has not.
  private static @Nullable ContainerStateTerminated terminated(List<ContainerStatus> containers, String name) {
    for (ContainerStatus container : containers) {
      ContainerState state = container.getState();
      if (container.getName().equals(name) && state != null) {
        return state.getTerminated();
      }
    }
    return null;
  }

  private static String ended(String what, ContainerStateTerminated end) {
    int code = code(end);
    String words = lastLine(end);
    return what + " " + (code > 128 ? "was killed by signal " + (code - 128) : "ended with exit code " + code) + (words.isEmpty() ? "" : "; it said: " + words);
  }

  private static String lastLine(ContainerStateTerminated end) {
    return end.getMessage() == null ? "" : shortened(end.getMessage().lines().map(String::strip).filter(line -> !line.isEmpty()).reduce("", (before, line) -> line));
  }

  private static int code(ContainerStateTerminated end) {
    return end.getExitCode() == null ? 0 : end.getExitCode();
  }

  private static boolean isOlder(@Nullable String since, Duration age, Instant now) {
    return since != null && Duration.between(Instant.parse(since), now).compareTo(age) >= 0;
  }

  private static String said(@Nullable String message) {
    return message == null || message.isBlank() ? "no more is known." : shortened(message.strip());
  }

  private static String shortened(String text) {
    return text.length() > MESSAGE_CHARS ? text.substring(0, MESSAGE_CHARS) : text;
  }
}
