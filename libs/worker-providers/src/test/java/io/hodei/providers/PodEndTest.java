package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.hodei.providers.WorkerExit.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// proves: seed:reasons
class PodEndTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static @Nullable PodEnd of(PodStatusBuilder status) {
    return PodEnd.of(pod(status), NOW, Duration.ofMinutes(2));
  }

  private static Pod pod(PodStatusBuilder status) {
    return new PodBuilder().withStatus(status.build()).build();
  }

  private static PodStatusBuilder job(String phase, ContainerState state) {
    return new PodStatusBuilder().withPhase(phase).addToContainerStatuses(new ContainerStatusBuilder().withName(KubernetesPods.JOB).withImage("img").withState(state).build());
  }

  private static ContainerState ended(int code, String reason, String message) {
    return new ContainerStateBuilder().withNewTerminated().withExitCode(code).withReason(reason).withMessage(message).endTerminated().build();
  }

  private static ContainerState waiting(String reason) {
    return new ContainerStateBuilder().withNewWaiting().withReason(reason).withMessage("it says so").endWaiting().build();
  }

  private static String told(@Nullable PodEnd end) {
    return end == null ? "lives" : end.reason() + ": " + end.message();
  }

  @Test
  void anAgentsDeathIsToldWithItsLastWords() {
    assertEquals("WORKER_LOST: " + AgentEnd.EXPECTED + "it was killed by signal 9.", told(of(job("Failed", ended(137, "Error", "")))));
    assertEquals("WORKER_LOST: " + AgentEnd.EXPECTED + "it ended with exit code 1. Its last line: \"last\"", told(of(job("Failed", ended(1, "Error", "first\n last \n\n")))));
  }

  @Test
  void anImageThatWasNotTakenForItsLinksIsAFailedStart() {
    PodEnd end = of(new PodStatusBuilder().withPhase("Failed").addToInitContainerStatuses(new ContainerStatusBuilder().withName(KubernetesPods.TARGETS).withImage("img")
        .withState(ended(1, "Error", "Expected /a/agent to be a directory of the image, but /a is a link in it\n")).build()));
    assertEquals("START_FAILED: What is mounted in its pod might cover the agent: the look into its image ended with exit code 1; it said: Expected /a/agent to be a directory of the image,"
        + " but /a is a link in it", told(end));
  }

  @Test
  void anAgentIsDeadThoughASidecarLives() {
    assertEquals("WORKER_LOST: " + AgentEnd.EXPECTED + "it ended by itself.", told(of(job("Running", ended(0, "Completed", "")))));
    assertTrue(PodEnd.isDead(pod(job("Running", ended(0, "Completed", "")))));
  }

  @Test
  void memoryEvictionAndDeadlineAreToldAsSuch() {
    assertEquals(Reason.OOM_KILLED, or(of(job("Failed", ended(137, "OOMKilled", "")))));
    assertEquals("MAX_LIFETIME: Its pod outlived its activeDeadlineSeconds, and the cluster ended it.",
        told(of(job("Failed", ended(137, "Error", "")).withReason("DeadlineExceeded"))));
    assertEquals("WORKER_LOST: Its pod was evicted: The node was low on resource: memory.",
        told(of(new PodStatusBuilder().withPhase("Failed").withReason("Evicted").withMessage("The node was low on resource: memory."))));
  }

  @ParameterizedTest
  @CsvSource({"ImagePullBackOff, IMAGE_ERROR", "ErrImageNeverPull, IMAGE_ERROR", "InvalidImageName, IMAGE_ERROR", "CreateContainerConfigError, START_FAILED",
      "RunContainerError, START_FAILED"})
  void whatKeepsAContainerFromStartingHasItsReasonAndItsAdvice(String waits, Reason reason) {
    PodEnd end = of(job("Pending", waiting(waits)));
    assertEquals(reason, or(end));
    assertTrue(end != null && end.advice() != null && end.message().contains(waits) && end.message().contains("it says so"), told(end));
  }

  @ParameterizedTest
  @CsvSource({"ContainerCreating", "PodInitializing", "ErrImagePull"})
  void whatMayStillComeToLifeIsNotGivenUp(String waits) {
    assertNull(of(job("Pending", waiting(waits))));
  }

  @Test
  void aNodeIsAwaitedForAWhile() {
    assertNull(of(unschedulable(NOW.minusSeconds(119))));
    assertEquals("PROVISION_FAILED: No node was found for its pod within 120 s: 0/1 nodes are available.", told(of(unschedulable(NOW.minusSeconds(120)))));
  }

  private static PodStatusBuilder unschedulable(Instant since) {
    return new PodStatusBuilder().withPhase("Pending").addNewCondition().withType("PodScheduled").withStatus("False").withReason("Unschedulable")
        .withMessage("0/1 nodes are available.").withLastTransitionTime(since.toString()).endCondition();
  }

  @Test
  void anAgentThatCannotBeBroughtIsAFailedStart() {
    assertEquals("START_FAILED: The agent could not be brought into its pod: its container ended with exit code 1; it said: no space", told(of(new PodStatusBuilder().withPhase("Failed")
        .addToInitContainerStatuses(new ContainerStatusBuilder().withName(KubernetesPods.BRING).withState(ended(1, "Error", "no space")).build()))));
  }

  private static @Nullable Reason or(@Nullable PodEnd end) {
    return end == null ? null : end.reason();
  }

  /// A pod of one container that brings and one that is the job's.
  private static Pod whole(String phase, @Nullable String reason, ContainerStatusBuilder job) {
    return new PodBuilder()
        .withNewSpec().addNewInitContainer().withName(KubernetesPods.BRING).endInitContainer().addNewContainer().withName(KubernetesPods.JOB).endContainer().endSpec()
        .withStatus(new PodStatusBuilder().withPhase(phase).withReason(reason).addToContainerStatuses(job.withName(KubernetesPods.JOB).build())
            .addToInitContainerStatuses(new ContainerStatusBuilder().withName(KubernetesPods.BRING).withContainerID("docker://1").withState(ended(0, "Completed", "")).build())
            .build())
        .build();
  }

  @Test
  void aPodHasEndedWhenItsNodeHasSaidSoOfEveryContainer() {
    assertTrue(PodEnd.hasEnded(whole("Succeeded", null, new ContainerStatusBuilder().withContainerID("docker://2").withState(ended(0, "Completed", "")))));
    assertTrue(PodEnd.hasEnded(whole("Failed", null, new ContainerStatusBuilder().withState(waiting("PodInitializing")).withLastState(ended(137, "ContainerStatusUnknown", "")))),
        "lost by the kubelet while it deleted the pod");
  }

  @Test
  void aPodWhoseContainersMayRunOrMayStartHasNotEnded() {
    ContainerState ended = ended(0, "Completed", "");
    assertFalse(PodEnd.hasEnded(whole("Running", null, new ContainerStatusBuilder().withContainerID("docker://2").withState(ended))), "its sidecar");
    assertFalse(PodEnd.hasEnded(whole("Failed", "Evicted", new ContainerStatusBuilder().withContainerID("docker://2").withState(ended))));
    assertFalse(PodEnd.hasEnded(whole("Failed", "DeadlineExceeded", new ContainerStatusBuilder().withContainerID("docker://2").withState(ended))));
    assertFalse(PodEnd.hasEnded(whole("Failed", null, new ContainerStatusBuilder().withState(ended))), "it never was");
    assertFalse(PodEnd.hasEnded(whole("Failed", null, new ContainerStatusBuilder().withContainerID("docker://2").withState(waiting("ContainerCreating")))));
    Pod disrupted = whole("Failed", null, new ContainerStatusBuilder().withContainerID("docker://2").withState(ended));
    disrupted.getStatus().setConditions(List.of(new PodConditionBuilder().withType("DisruptionTarget").withStatus("True").build()));
    assertFalse(PodEnd.hasEnded(disrupted));
    assertFalse(PodEnd.hasEnded(pod(job("Failed", ended))), "it says nothing of its containers");
  }
}
