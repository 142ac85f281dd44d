package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Job;
import io.hodei.schemas.Pool;
import io.hodei.schemas.WorkerEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhyTest {
  private static final Instant NOW = Given.NOON.plusSeconds(60);

  private final JobView jobs = new JobView(Given.codec());
  private final WorkerView workers = new WorkerView(Given.codec());
  private final PoolView pools = new PoolView(Given.codec());
  private final FlagView flags = new FlagView(Given.codec());
  private final ProviderView providers = new ProviderView();
  private final Why why = new Why(jobs, workers, pools, flags, providers);

  WhyTest() {
    pools.applied(Given.pool("default", 1));
    providers.happened(event("ProviderSeen", "p-1", null));
  }

  @Test
  void tellsTheQueuePositionByPriorityAndTime() {
    jobs.decided(Given.job("busy", "RUNNING").build());
    jobs.decided(Given.job("early", "PENDING").build());
    jobs.decided(Given.job("urgent", "PENDING").setPriority(5).setQueuedAt(Given.NOON.plusSeconds(9)).build());
    jobs.decided(Given.job("later", "PENDING").setEligibleAt(NOW.plusSeconds(5)).setPriority(9).build());
    jobs.decided(Given.job("elsewhere", "PENDING").setPool("big").setPriority(9).build());
    Map<String, Object> answer = of(Given.job("mine", "PENDING").setQueuedAt(Given.NOON.plusSeconds(1))
        .setQueueDeadline(Given.NOON.plusSeconds(86_400)));

    assertEquals("slot", answer.get("waitingFor"));
    assertEquals(3, answer.get("queuePosition"));
    assertEquals(2, answer.get("ahead"));
    assertEquals("2026-11-22T12:00:00.000Z", answer.get("deadline"));
    assertEquals("No free slot in pool default: 1 of 1 workers are busy; 2 jobs are ahead.", answer.get("message"));
  }

  @Test
  void tellsWhatEachStateWaitsFor() {
    workers.decided(Given.worker("w", "CONNECTING").setDeadline(NOW.plusSeconds(30)).build());

    assertEquals("backoff", of(Given.job("a", "PENDING").setEligibleAt(NOW.plusSeconds(1)).setAttempt(1).setReason("EXIT_CODE").setExitCode(3)).get("waitingFor"));
    assertEquals("pool", of(Given.job("b", "PENDING").setPool("gone")).get("waitingFor"));
    assertEquals("dispatcher", of(Given.job("c", "PENDING")).get("waitingFor"));
    Map<String, Object> scheduled = of(Given.job("d", "SCHEDULED").setWorkerId("w").setAttempt(1));
    assertEquals("worker-creation", scheduled.get("waitingFor"));
    assertEquals("2026-11-21T12:01:30.000Z", scheduled.get("deadline"));
    assertTrue(((String) scheduled.get("message")).contains("agent has to connect"));
    assertEquals("start", of(Given.job("e", "ASSIGNED").setWorkerId("w")).get("waitingFor"));
    Map<String, Object> running = of(Given.job("f", "RUNNING").setWorkerId("w").setAttempt(1).setStartedAt(Given.NOON).setTimeoutMs(600_000L));
    assertEquals("2026-11-21T12:10:00.000Z", running.get("deadline"));
    assertTrue(((String) running.get("message")).contains("for 60 s; its limit is 10m"), running.toString());
    assertEquals("cancellation", of(Given.job("g", "RUNNING").setCancelRequestedAt(NOW).setCancelActor("bo")).get("waitingFor"));
    Map<String, Object> failed = of(Given.job("h", "FAILED").setReason("EXIT_CODE").setExitCode(3).setFinishedAt(NOW).setSuggestedAction("mend it"));
    assertEquals("nothing", failed.get("waitingFor"));
    assertEquals("It ended FAILED (EXIT_CODE, exit code 3).", failed.get("message"));
    assertEquals("mend it", failed.get("suggestedAction"));
  }

  /// It holds its slot until it is seen gone: the dispatcher gives that to nobody, and why must not call it free.
  @Test
  void countsTheSlotsOfWorkersThatLeave() {
    workers.decided(Given.worker("left", "TERMINATING").setAttemptEndedAt(Given.NOON).setTerminationReason("JOB_COMPLETED").build());
    Map<String, Object> answer = of(Given.job("a", "PENDING"));
    assertEquals("slot", answer.get("waitingFor"));
    assertEquals("No free slot in pool default: 1 of 1 workers are busy or on their way out; no job is ahead.", answer.get("message"));
    workers.decided(Given.worker("left", "TERMINATED").setTerminatedAt(NOW).build());
    workers.decided(Given.worker("kept", "TERMINATING").setAttemptEndedAt(Given.NOON).setTerminationReason("TTL_EXPIRED").build());
    assertEquals("dispatcher", of(Given.job("b", "PENDING")).get("waitingFor"));
  }

  private static WorkerEvent event(String type, String providerId, String message) {
    return WorkerEvent.newBuilder().setType(type).setProvider("process").setProviderId(providerId).setOccurredAt(Given.NOON).setMessage(message).build();
  }

  // proves: seed:gap-provider-alerts
  @Test
  void namesTheProviderThatIsAwayAndNotTheSlotsThatWaitWithIt() {
    jobs.decided(Given.job("stuck", "SCHEDULED").setWorkerId("w").build());
    workers.decided(Given.worker("w", "CREATING").setProviderId("p-1").build());
    assertEquals("slot", of(Given.job("a", "PENDING")).get("waitingFor"));
    providers.happened(event("ProviderUnavailable", "p-1", "p-1 does not answer."));

    Map<String, Object> answer = of(Given.job("a", "PENDING"));
    assertEquals("provider", answer.get("waitingFor"));
    assertEquals("No provider of pool default (process) can make a worker: p-1 has been away since 2026-11-21T12:00:00.000Z: p-1 does not answer.",
        answer.get("message"));
    assertTrue(((String) of(Given.job("stuck", "SCHEDULED").setWorkerId("w")).get("message")).contains(" Its provider p-1 has been away since"));
    assertTrue(((String) of(Given.job("b", "RUNNING").setWorkerId("w").setCancelRequestedAt(NOW).setCancelActor("bo")).get("message")).contains("p-1 does not answer."));

    providers.happened(event("ProviderRecovered", "p-1", "It was away for 3 s."));
    assertEquals("slot", of(Given.job("a", "PENDING")).get("waitingFor"));
  }

  @Test
  void aPoolWhoseProviderNobodyHasEverOfferedIsSaidToHaveNone() {
    pools.applied(pool("boxes", "docker"));
    Map<String, Object> answer = of(Given.job("a", "PENDING").setPool("boxes"));
    assertEquals("provider", answer.get("waitingFor"));
    assertEquals("No lifecycle-service offers a provider of pool boxes (docker): none has told of itself yet.", answer.get("message"));
    assertEquals("Start a lifecycle-service with it (hodei.lifecycle.providers: docker; on one machine ./hodei up --provider docker), or apply pool boxes with another one:"
        + " ./hodei pools apply.", answer.get("suggestedAction"));
    assertEquals(List.of(), providers.availableOf(List.of("docker")));
    providers.happened(WorkerEvent.newBuilder(event("ProviderSeen", "d-1", null)).setProvider("docker").build());
    assertEquals("dispatcher", of(Given.job("a", "PENDING").setPool("boxes")).get("waitingFor"));
    assertEquals(List.of("docker"), providers.availableOf(List.of("docker", "kubernetes")));
  }

  private static Pool pool(String name, String provider) {
    return Pool.newBuilder(Given.pool(name, 1)).setProviders(List.of(provider)).build();
  }

  @Test
  void aProviderThatIsAwayIsNotNamedWhileAnotherOfThePoolIsThere() {
    jobs.decided(Given.job("busy", "RUNNING").build());
    providers.happened(event("WorkerProvisioningRequested", "p-2", null));
    providers.happened(event("ProviderUnavailable", "p-1", "p-1 does not answer."));
    assertEquals("slot", of(Given.job("a", "PENDING")).get("waitingFor"));
  }

  @Test
  void aRunningJobOfALostWorkerWaitsForSomebodyWhoLooks() {
    workers.decided(Given.worker("w", "TERMINATING").setProviderId("process-there").setTerminationReason("LOST").setDeadline(NOW.plusSeconds(4)).build());
    Map<String, Object> answer = of(Given.job("a", "RUNNING").setWorkerId("w").setAttempt(1).setStartedAt(Given.NOON));
    assertEquals("proof-of-death", answer.get("waitingFor"));
    assertEquals("2026-11-21T12:01:04.000Z", answer.get("deadline"));
    assertEquals("Worker w is to be destroyed (LOST); attempt 1 ends when nothing of it is left.", answer.get("message"));
    assertTrue(((String) answer.get("suggestedAction")).contains("lifecycle-service of provider process-there"), answer.toString());
  }

  @Test
  void saysThatTheLifecycleIsSwitchedOff() {
    flags.applied(Given.flag("hodei.lifecycle.enabled", "false", null));
    Map<String, Object> answer = of(Given.job("a", "PENDING"));
    assertEquals("lifecycle", answer.get("waitingFor"));
    assertEquals("The lifecycle is switched off (hodei.lifecycle.enabled is false): no worker is created or destroyed.", answer.get("message"));
    assertEquals("Switch it on: ./hodei flags set hodei.lifecycle.enabled=true", answer.get("suggestedAction"));
    flags.applied(Given.flag("hodei.lifecycle.enabled", "true", null));
    assertEquals("dispatcher", of(Given.job("a", "PENDING")).get("waitingFor"));
  }

  @Test
  void namesTheLimitOfCreationWhenSlotsAreFree() {
    pools.applied(Given.pool("default", 10));
    for (int i = 0; i < 4; i++) {
      jobs.decided(Given.job("s" + i, "SCHEDULED").build());
    }
    assertEquals("creation-slot", of(Given.job("a", "PENDING")).get("waitingFor"));
  }

  private Map<String, Object> of(Job.Builder job) {
    Job built = job.build();
    jobs.decided(built);
    Map<String, Object> answer = why.of(built, NOW);
    if (built.getState().equals("PENDING")) {
      jobs.decided(Given.job(built.getId(), "CANCELLED").build());
    }
    return answer;
  }
}
