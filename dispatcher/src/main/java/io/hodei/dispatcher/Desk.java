package io.hodei.dispatcher;

import io.hodei.schemas.WorkerCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the gateway knows of each worker: folded from `hodei.worker-commands`, and from nothing else. Written by the tail's thread, read by
/// the calls' threads.
final class Desk {
  /// Remembered destroyed workers; a call of an older one is answered "not known (yet)".
  private static final int DESTROYED_KEPT = 100_000;

  /// One worker: the hash of its token, its offer, the answer to its question, its cancellation, and the offer before.
  record Post(String workerId, String tokenHash, @Nullable WorkerCommand offer, @Nullable WorkerCommand answer, boolean cancelled,
      @Nullable WorkerCommand before) {
    boolean offers(String jobId, long epoch) {
      return is(offer, jobId, epoch);
    }

    boolean hadBefore(String jobId, long epoch) {
      return is(before, jobId, epoch);
    }

    /// The offer before this one. The same attempt is offered again when its worker's token was drawn again: that is no other one.
    private @Nullable WorkerCommand beforeThat(WorkerCommand next) {
      Long epoch = next.getEpoch();
      return epoch != null && offers(String.valueOf(next.getJobId()), epoch) ? before : offer;
    }

    private static boolean is(@Nullable WorkerCommand offer, String jobId, long epoch) {
      return offer != null && jobId.equals(offer.getJobId()) && offer.getEpoch() != null && offer.getEpoch() == epoch;
    }

    private Post answered(WorkerCommand with) {
      return new Post(workerId, tokenHash, offer, with, cancelled, before);
    }

    private Post withdrawn() {
      return new Post(workerId, tokenHash, offer, answer, true, before);
    }
  }

  private final Map<String, Post> posts = new ConcurrentHashMap<>();
  private final Map<String, Boolean> destroyed = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > DESTROYED_KEPT;
    }
  };
  private volatile Consumer<WorkerCommand> listener = command -> {};

  /// Called with each command after it was folded, on the tail's thread.
  void listen(Consumer<WorkerCommand> to) {
    listener = to;
  }

  void fold(WorkerCommand command) {
    String worker = command.getWorkerId();
    if (worker == null) {
      return;
    }
    switch (command.getType()) {
      case "AssignJob" -> posts.compute(worker, (id, post) -> new Post(id, Wire.given(command.getTokenHash(), "tokenHash"), command, null, false,
          post == null ? null : post.beforeThat(command)));
      case "StartJob" -> posts.computeIfPresent(worker, (id, post) -> post.answered(command));
      case "CancelAssignment" -> posts.computeIfPresent(worker, (id, post) -> post.withdrawn());
      case "DestroyWorker" -> {
        posts.remove(worker);
        synchronized (destroyed) {
          destroyed.put(worker, true);
        }
      }
      default -> {
      }
    }
    listener.accept(command);
  }

  @Nullable Post post(String workerId) {
    return posts.get(workerId);
  }

  boolean isDestroyed(String workerId) {
    synchronized (destroyed) {
      return destroyed.containsKey(workerId);
    }
  }
}
