package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Codec;
import io.hodei.lifecycle.WorkPlan.Answer;
import io.hodei.lifecycle.WorkPlan.Step;
import io.hodei.providers.CreatedWorker;
import io.hodei.providers.DestroyedWorker;
import io.hodei.providers.Inventory;
import io.hodei.providers.ProviderException;
import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerShape;
import io.hodei.schemas.WorkerReport;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a lane does, step by step.
class WorkPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Set<String> JOB_REASONS = Set.of("PROVISION_FAILED", "IMAGE_ERROR", "START_FAILED");

  /// It tells Avro which classes may be named by schemas.
  @BeforeAll
  static void trustTheSchemas() throws IllegalAccessException {
    MethodHandles.lookup().ensureInitialized(Codec.class);
  }

  private static WorkPlan provision(boolean maybeThere, @Nullable Instant validUntil) {
    return plan(new Command.Provision("w1", "j1", "default", "process", WorkerShape.NONE, validUntil, "c1"), maybeThere);
  }

  private static WorkPlan plan(Command command, boolean maybeThere) {
    return new WorkPlan(new Lanes.Work(command, List.of(), maybeThere), new WorkPlan.Surroundings("process",
        new LaneReports("process", "process-here", () -> NOW), URI.create("http://gateway:1"), () -> NOW, () -> new WorkerToken("secret")));
  }

  private static WorkerReport told(@Nullable Step step) {
    return assertInstanceOf(Step.Tell.class, step).report();
  }

  @Test
  void aTokenIsDurableBeforeItsWorkerExists() {
    WorkPlan plan = provision(false, NOW.plusSeconds(1));
    WorkerReport drawn = told(plan.first());
    assertEquals(List.of("TokenDrawn", new WorkerToken("secret").hash()), List.of(drawn.getType(), drawn.getTokenHash()));
    Step.Create create = assertInstanceOf(Step.Create.class, plan.after(new Answer.Told()));
    assertEquals("secret", create.launch().token());
    WorkerReport created = told(plan.after(new Answer.Made(new CreatedWorker("w1", "4711", false))));
    assertEquals(List.of("Created", "4711"), List.of(created.getType(), created.getProviderRef()));
    assertNull(plan.after(new Answer.Told()));
  }

  @Test
  void whatLivesAlreadyIsAdopted() {
    WorkPlan plan = provision(true, NOW);
    assertInstanceOf(Step.Look.class, plan.first());
    assertEquals("Created", told(plan.after(new Answer.Seen(inventory(true)))).getType());
    assertNull(plan.after(new Answer.Told()));
  }

  @Test
  void whatIsDeadIsMadeAnew() {
    WorkPlan plan = provision(true, NOW);
    plan.first();
    assertEquals("TokenDrawn", told(plan.after(new Answer.Seen(inventory(false)))).getType());
  }

  @Test
  void nothingIsMadeTooLate() {
    assertEquals("CreateFailed", told(provision(false, NOW.minusMillis(1)).first()).getType());
  }

  /// A reason that is no job's reason would be unreadable for the dispatcher, and the job would wait for its deadline.
  @ParameterizedTest
  @EnumSource(Reason.class)
  void whyNothingWasMadeIsToldInTheWordsOfJobs(Reason reason) {
    WorkPlan plan = provision(false, NOW);
    plan.first();
    plan.after(new Answer.Told());
    WorkerReport failed = told(plan.after(new Answer.Failed(new ProviderException(reason, "No."))));
    assertEquals("CreateFailed", failed.getType());
    assertTrue(JOB_REASONS.contains(failed.getReason()), failed.getReason());
    assertNull(plan.after(new Answer.Told()));
  }

  @Test
  void whatTheProviderSuggestsIsPassedOnAndNothingInventedInItsPlace() {
    for (String advice : new String[] {"Make the volume.", null}) {
      WorkPlan plan = provision(false, NOW);
      plan.first();
      plan.after(new Answer.Told());
      assertEquals(advice, told(plan.after(new Answer.Failed(new ProviderException(Reason.START_FAILED, "No volume.", advice, null)))).getSuggestedAction());
    }
  }

  @Test
  void aBugIsToldAsAFailure() {
    WorkPlan plan = provision(true, NOW);
    plan.first();
    WorkerReport failed = told(plan.after(new Answer.Failed(new IllegalStateException("oops"))));
    assertEquals(List.of("CreateFailed", "A bug in lifecycle-service: java.lang.IllegalStateException: oops"), List.of(failed.getType(), failed.getMessage()));
  }

  @Test
  void goneIsToldOnlyWhenALookFoundNothing() {
    Command.Destroy destroy = new Command.Destroy("w1", "j1", Duration.ofSeconds(3), "gc", "LOST", 2, "c1");
    WorkPlan plan = plan(destroy, false);
    assertEquals(new Step.Destroy("w1", Duration.ofSeconds(3)), plan.first());
    WorkerReport gone = told(plan.after(new Answer.Gone(new DestroyedWorker("w1", true, NOW.minusSeconds(1)))));
    assertEquals(List.of("Gone", NOW.minusSeconds(1)), List.of(gone.getType(), gone.getAt()));
    WorkPlan failing = plan(destroy, false);
    failing.first();
    assertEquals("DestroyFailed", told(failing.after(new Answer.Failed(new ProviderException(Reason.DESTROY_FAILED, "Busy.")))).getType());
    assertNull(failing.after(new Answer.Told()));
  }

  private static Inventory inventory(boolean alive) {
    return new Inventory("process-here", NOW, NOW, List.of(new WorkerItem("w0", "1", NOW, true, ""), new WorkerItem("w1", "2", NOW, alive, "")));
  }
}
