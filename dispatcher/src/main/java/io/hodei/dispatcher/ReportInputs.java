package io.hodei.dispatcher;

import io.hodei.domain.AttemptResult;
import io.hodei.domain.Category;
import io.hodei.domain.Input;
import io.hodei.domain.JobId;
import io.hodei.domain.JobReason;
import io.hodei.domain.LogRef;
import io.hodei.domain.WorkerCommand;
import io.hodei.domain.WorkerId;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.SessionSeen;
import io.hodei.schemas.WorkerReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Records of `hodei.worker-reports` and `hodei.control` as inputs of the shard.
///
/// Each method throws UnreadableException when a record lacks what its type needs.
final class ReportInputs {
  private ReportInputs() {}

  static Input read(WorkerReport report) {
    return switch (report.getType()) {
      case "TokenDrawn" -> about(report, new WorkerCommand.RecordToken(Wire.given(report.getTokenHash(), "tokenHash")));
      case "Created" -> about(report, new WorkerCommand.RecordCreation(report.getProviderRef()));
      case "CreateFailed" -> about(report, new WorkerCommand.RecordCreateFailure(
          reason(report.getReason(), JobReason.PROVISION_FAILED), Objects.requireNonNullElse(report.getMessage(), "Its worker could not be made."), report.getSuggestedAction()));
      case "Exited" -> about(report, new WorkerCommand.RecordExit(reason(report.getReason(), JobReason.WORKER_LOST),
          Objects.requireNonNullElse(report.getMessage(), "Its worker's agent died."), report.getSuggestedAction()));
      case "Gone" -> about(report, new WorkerCommand.RecordGone(report.getAt()));
      case "DestroyFailed" -> about(report, new WorkerCommand.RecordDestroyFailure(Objects.requireNonNullElse(report.getMessage(), "It is not known why.")));
      case "ProviderAlive" -> new Input.ProviderAlive(Wire.given(report.getProvider(), "provider"), Wire.given(report.getProviderId(), "providerId"));
      case "ProviderAway" -> new Input.ProviderAway(Wire.given(report.getProvider(), "provider"), Wire.given(report.getProviderId(), "providerId"),
          Objects.requireNonNullElse(report.getMessage(), "It is not known why."));
      case "Connected" -> new Input.AgentConnected(worker(report.getWorkerId()), Wire.given(report.getBootId(), "bootId"));
      case "Starting" -> new Input.AgentStarting(worker(report.getWorkerId()), Wire.given(report.getBootId(), "bootId"),
          job(report.getJobId()), Wire.given(report.getEpoch(), "epoch"));
      case "Ended" -> new Input.AgentEnded(worker(report.getWorkerId()), Wire.given(report.getBootId(), "bootId"), job(report.getJobId()),
          Wire.given(report.getEpoch(), "epoch"), result(report), report.getUnfit());
      case "SelfFailed" -> about(report, new WorkerCommand.ReportFailure(Objects.requireNonNullElse(report.getMessage(), "Its worker's agent failed.")));
      case "SessionsSeen" -> sessions(report);
      case "OrphanFound" -> new Input.OrphanFound(worker(report.getWorkerId()), Wire.given(report.getProvider(), "provider"),
          Wire.given(report.getProviderId(), "providerId"));
      case "GhostFound" -> about(report, new WorkerCommand.RecordGhost(Wire.given(report.getObservedSequence(), "observedSequence")));
      case "FoundEnded" -> new Input.FoundEnded(report.getWorkerIds().stream().map(WorkerId::new).toList());
      case "FoundClean" -> new Input.FoundClean(report.getWorkerIds().stream().map(WorkerId::new).toList());
      default -> throw new UnreadableException("Expected a type of report that is known, but found \"" + report.getType() + "\".");
    };
  }

  /// Null for TakeInventory, which is not the shard's business.
  static @Nullable Input read(ControlCommand command) {
    return switch (command.getType()) {
      case "CancelJob" -> new Input.CancelJob(job(command.getJobId()));
      case "DrainWorker" -> new Input.ForWorker(worker(command.getWorkerId()), new WorkerCommand.DrainWorker(command.getActor()));
      case "DestroyWorker" -> new Input.ForWorker(worker(command.getWorkerId()), new WorkerCommand.DestroyWorker(command.getActor()));
      case "TakeInventory" -> null;
      default -> throw new UnreadableException("Expected a type of command that is known, but found \"" + command.getType() + "\".");
    };
  }

  private static Input about(WorkerReport report, WorkerCommand command) {
    return new Input.ForWorker(worker(report.getWorkerId()), command);
  }

  private static WorkerId worker(@Nullable String id) {
    return new WorkerId(Wire.given(id, "workerId"));
  }

  private static JobId job(@Nullable String id) {
    return new JobId(Wire.given(id, "jobId"));
  }

  private static Input sessions(WorkerReport report) {
    Map<WorkerId, Long> idle = new LinkedHashMap<>();
    for (SessionSeen seen : report.getSessions()) {
      idle.put(new WorkerId(seen.getWorkerId()), seen.getIdleMs());
    }
    return new Input.SessionsSeen(idle);
  }

  private static AttemptResult result(WorkerReport report) {
    int attempt = Wire.given(report.getAttempt(), "attempt");
    LogRef log = report.getLogPartition() == null ? null : new LogRef(attempt, report.getLogPartition(), or(report.getLogFirstOffset()),
        or(report.getLogLastOffset()), or(report.getLogLines()), or(report.getLogBytes()), report.getLogComplete(), null, null);
    JobReason reason = reason(report.getReason(), JobReason.WORKER_LOST);
    if (reason == JobReason.EXIT_CODE) {
      Wire.given(report.getExitCode(), "exitCode");
    }
    return new AttemptResult(reason, category(report.getCategory()), report.getExitCode(),
        report.getSignal(), report.getMessage(), report.getSuggestedAction(), log);
  }

  private static long or(@Nullable Long value) {
    return value == null ? -1 : value;
  }

  private static JobReason reason(@Nullable String name, JobReason fallback) {
    try {
      return name == null ? fallback : JobReason.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a job reason, but found \"" + name + "\".", e);
    }
  }

  private static @Nullable Category category(@Nullable String name) {
    try {
      return name == null || name.isEmpty() ? null : Category.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a category, but found \"" + name + "\".", e);
    }
  }
}
