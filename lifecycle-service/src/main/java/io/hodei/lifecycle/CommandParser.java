package io.hodei.lifecycle;

import io.hodei.providers.WorkerShape;
import io.hodei.providers.WorkerTerms;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which records of worker-commands are for this service, and what they say. Pure.
final class CommandParser {
  private final String type;
  private final String providerId;

  CommandParser(String type, String providerId) {
    this.type = type;
    this.providerId = providerId;
  }

  /// Whether somebody asks for an inventory of this provider.
  boolean asksForInventory(WorkerCommand record) {
    String wanted = record.getProviderId();
    return record.getType().equals("TakeInventory") && (wanted == null || wanted.equals(providerId));
  }

  /// The command; empty when it is the gateway's, or another instance's.
  ///
  /// @throws IllegalArgumentException when it is for us and says no worker
  Optional<Command> read(WorkerCommand record) {
    return switch (record.getType()) {
      case "ProvisionWorker" -> provision(record);
      case "DestroyWorker" -> destroy(record);
      default -> Optional.empty();
    };
  }

  /// Every instance answers for itself. What names none and is of a type that nobody has must be answered too.
  private Optional<Command> provision(WorkerCommand record) {
    String wanted = text(record.getProvider(), type);
    if (!text(record.getProviderId(), providerId).equals(providerId)) {
      return Optional.empty();
    }
    return Optional.of(new Command.Provision(workerOf(record), record.getJobId(), text(record.getPool(), ""), wanted,
        new WorkerShape(record.getImage(), record.getCpu(), record.getMemory(), record.getGpu(), record.getProviderConfig()),
        new WorkerTerms(text(record.getTenant(), WorkerTerms.NONE.tenant()), duration(record.getExistenceMs()), duration(record.getTtlMs())),
        record.getValidUntil(), text(record.getCorrelationId(), "")));
  }

  private static @Nullable Duration duration(@Nullable Long ms) {
    return ms == null ? null : Duration.ofMillis(ms);
  }

  private Optional<Command> destroy(WorkerCommand record) {
    if (!text(record.getProviderId(), providerId).equals(providerId)) {
      return Optional.empty();
    }
    Long grace = record.getGraceMs();
    Integer tries = record.getTries();
    return Optional.of(new Command.Destroy(workerOf(record), record.getJobId(),
        Duration.ofMillis(grace == null ? 0 : Math.max(0, grace)), text(record.getCause(), ""), text(record.getReason(), ""),
        tries == null ? 1 : tries, text(record.getCorrelationId(), "")));
  }

  private static String workerOf(WorkerCommand record) {
    String worker = record.getWorkerId();
    if (worker == null || worker.isEmpty()) {
      throw new IllegalArgumentException("Expected a worker id in " + record.getType() + " " + record.getCommandId()
          + ", but found none");
    }
    return worker;
  }

  private static String text(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
