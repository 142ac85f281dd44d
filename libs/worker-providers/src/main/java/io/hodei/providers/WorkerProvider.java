package io.hodei.providers;

import java.time.Duration;
import java.util.function.Consumer;

/// One place where workers live: this host's processes, a Docker engine, a Kubernetes cluster.
///
/// All methods may be called from many threads at once; calls for one worker id never overlap (the caller lanes
/// them). Every method has a deadline of its own and blocks at most that long. What a provider says is what it saw
/// on the infrastructure, never what it remembers.
public interface WorkerProvider extends AutoCloseable {
  /// The type's name: `process`, `docker`, `kubernetes`.
  String type();

  /// Which instance of the type this is, e.g. `process-myhost`. Unique in an installation.
  String providerId();

  /// Creates the worker; idempotent by worker id: what exists already is returned with `adopted` true and keeps its
  /// own token.
  ///
  /// @throws ProviderException when it cannot be created; something of it may be left over and a destroy must follow
  CreatedWorker create(WorkerLaunch launch) throws ProviderException;

  /// Destroys everything of this worker and returns when a look has found nothing of it. A missing worker is success.
  /// `grace`: the time between the polite and the forced kill; zero forces at once.
  ///
  /// @throws ProviderException when something of it is left, or the look failed
  DestroyedWorker destroy(String workerId, Duration grace) throws ProviderException;

  /// Everything of this installation that the provider has. Complete or an exception, never a part.
  Inventory inventory() throws ProviderException;

  /// From now on tells of every worker whose agent has died (whatever else of it may be left), within 2 s, at least
  /// once per worker while this provider is open, also for workers that were adopted. The consumer must not block.
  void watch(Consumer<WorkerExit> onExit);

  /// Whether the infrastructure answers now. While it does not, nothing new is asked of this provider.
  default boolean reachable() {
    return true;
  }

  /// Removes what outlives the workers of this installation because it serves all of them. Only when there are none, for an installation that ends.
  ///
  /// @throws ProviderException when something of it is left
  default void purge() throws ProviderException {}

  @Override
  void close();
}
