package io.hodei.lifecycle;

import io.hodei.lifecycle.LaneReports.Failure;
import io.hodei.providers.CreatedWorker;
import io.hodei.providers.DestroyedWorker;
import io.hodei.providers.Inventory;
import io.hodei.providers.ProviderException;
import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerLaunch;
import io.hodei.schemas.WorkerReport;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is to be done for one work of a lane, a step after the other: a token's hash is durable before its worker exists, a worker is gone
/// when a look found nothing of it, and what fails is told. Decides only; who asks for the next step does it. Used by one at a time.
public final class WorkPlan {
  private static final Duration AWAY_PAUSE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(WorkPlan.class);

  /// To be done next.
  public sealed interface Step {
    /// List everything that the provider has.
    record Look() implements Step {}

    /// Make this durable on worker-reports.
    record Tell(WorkerReport report) implements Step {}

    record Create(WorkerLaunch launch) implements Step {}

    /// The provider is away: ask it again, after a pause.
    record CreateAgain(WorkerLaunch launch, Duration pause) implements Step {}

    record Destroy(String workerId, Duration grace) implements Step {}
  }

  /// What came of a step.
  public sealed interface Answer {
    record Told() implements Answer {}

    record Seen(Inventory inventory) implements Answer {}

    record Made(CreatedWorker worker) implements Answer {}

    record Gone(DestroyedWorker worker) implements Answer {}

    /// The provider could not do it, or something threw that should not.
    record Failed(Exception why) implements Answer {}
  }

  /// What every plan of one service shares.
  ///
  /// @param type of the provider
  /// @param gateway of the agents
  /// @param tokens draws one
  public record Surroundings(String type, LaneReports reports, URI gateway, InstantSource clock, Supplier<WorkerToken> tokens) {}

  private final Lanes.Work work;
  private final Surroundings around;
  private @Nullable WorkerToken token;
  private @Nullable WorkerLaunch launch;

  public WorkPlan(Lanes.Work work, Surroundings around) {
    this.work = work;
    this.around = around;
  }

  public Step first() {
    return switch (work.command()) {
      case Command.Provision c when !c.provider().equals(around.type()) -> fail(c, new Failure("PROVISION_FAILED", "CONFIGURATION",
          "Expected a provider of type " + around.type() + ", but pool " + c.pool() + " asks for " + c.provider(),
          "Set the pool's provider to " + around.type() + "."));
      // An earlier life may have made it: look for the worker first, and adopt it.
      case Command.Provision c -> work.maybeThere() ? new Step.Look() : draw(c);
      case Command.Destroy c -> new Step.Destroy(c.workerId(), c.grace());
      case Command.TellExit c -> new Step.Tell(around.reports().exited(c.exit()));
    };
  }

  /// Null when all is done.
  public @Nullable Step after(Answer answer) {
    return switch (work.command()) {
      case Command.Provision c -> provisioned(c, answer);
      case Command.Destroy c -> destroyed(c, answer);
      case Command.TellExit c -> null;
    };
  }

  private @Nullable Step provisioned(Command.Provision command, Answer answer) {
    return switch (answer) {
      case Answer.Seen seen -> adopted(command, seen.inventory());
      case Answer.Told told when token instanceof WorkerToken drawn -> {
        token = null;
        WorkerLaunch wanted = new WorkerLaunch(command.workerId(), command.pool(), around.gateway(), drawn.secret(), command.shape(),
            command.terms());
        launch = wanted;
        yield new Step.Create(wanted);
      }
      case Answer.Made(CreatedWorker made) -> {
        LOG.info("worker_created worker_id={} provider_ref={} adopted={} correlation_id={}", made.workerId(), made.providerRef(), made.adopted(),
            command.correlationId());
        yield new Step.Tell(around.reports().created(command, made.providerRef()));
      }
      case Answer.Failed(ProviderException why) when launch instanceof WorkerLaunch wanted && mayComeBack(command, why) ->
          new Step.CreateAgain(wanted, AWAY_PAUSE);
      case Answer.Failed(ProviderException why) -> fail(command, new Failure(jobReason(why.reason()), why.reason() == Reason.IMAGE_ERROR ? "IMAGE" : "PROVIDER", String.valueOf(why.getMessage()),
          why.suggestedAction()));
      case Answer.Failed(Exception bug) -> {
        LOG.error("provision_bug worker_id={} correlation_id={}", command.workerId(), command.correlationId(), bug);
        yield fail(command, new Failure("PROVISION_FAILED", "INFRASTRUCTURE", "A bug in lifecycle-service: " + bug,
            "Report it with the log of lifecycle-service."));
      }
      case Answer.Told told -> null;
      case Answer.Gone gone -> null;
    };
  }

  /// While the provider is away it is asked again, for as long as the command is valid.
  private boolean mayComeBack(Command.Provision command, ProviderException why) {
    Instant limit = command.validUntil();
    return why.reason() == Reason.PROVIDER_UNREACHABLE && limit != null && !around.clock().instant().plus(AWAY_PAUSE).isAfter(limit);
  }

  private Step adopted(Command.Provision command, Inventory inventory) {
    Optional<WorkerItem> there = inventory.items().stream().filter(item -> item.workerId().equals(command.workerId())).findFirst();
    if (there.isPresent() && there.get().agentAlive()) {
      LOG.info("worker_adopted worker_id={} correlation_id={}", command.workerId(), command.correlationId());
      return new Step.Tell(around.reports().created(command, there.get().providerRef()));
    }
    return draw(command);
  }

  private Step draw(Command.Provision command) {
    Instant limit = command.validUntil();
    if (limit != null && around.clock().instant().isAfter(limit)) {
      return fail(command, new Failure("PROVISION_FAILED", "INFRASTRUCTURE", "Expected to create worker " + command.workerId()
          + " until " + limit + ", but it is later; lifecycle-service was away or overloaded", "Retry the job."));
    }
    WorkerToken drawn = around.tokens().get();
    token = drawn;
    return new Step.Tell(around.reports().tokenDrawn(command, drawn.hash()));
  }

  private @Nullable Step destroyed(Command.Destroy command, Answer answer) {
    return switch (answer) {
      case Answer.Gone(DestroyedWorker gone) -> new Step.Tell(around.reports().gone(command, gone.goneAt(), gone.existed()));
      case Answer.Failed(ProviderException why) -> fail(command, String.valueOf(why.getMessage()));
      case Answer.Failed(Exception bug) -> {
        LOG.error("destroy_bug worker_id={} correlation_id={}", command.workerId(), command.correlationId(), bug);
        yield fail(command, "A bug in lifecycle-service: " + bug);
      }
      case Answer.Told told -> null;
      case Answer.Seen seen -> null;
      case Answer.Made made -> null;
    };
  }

  /// What the job is told, in its own words: it does not matter to it why nothing was made.
  private static String jobReason(Reason reason) {
    return switch (reason) {
      case PROVISION_FAILED, IMAGE_ERROR, START_FAILED -> reason.name();
      case PROVIDER_UNREACHABLE, DESTROY_FAILED -> "PROVISION_FAILED";
    };
  }

  private Step fail(Command.Provision command, Failure failure) {
    LOG.warn("worker_create_failed worker_id={} reason={} correlation_id={} message=\"{}\"", command.workerId(),
        failure.reason(), command.correlationId(), failure.message());
    token = null;
    return new Step.Tell(around.reports().createFailed(command, failure));
  }

  private Step fail(Command.Destroy command, String message) {
    LOG.warn("worker_destroy_failed worker_id={} tries={} correlation_id={} message=\"{}\"", command.workerId(),
        command.tries(), command.correlationId(), message);
    return new Step.Tell(around.reports().destroyFailed(command, message));
  }
}
