package io.hodei.providers;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of the agents' deaths: by the engine's events at once, and by a listing every ten seconds and after every reconnect, since events are lost
/// when the engine restarts. Once each; a death that was ordered is not told. One thread of its own follows the events; any thread may call.
final class DockerWatch implements AutoCloseable {
  private static final Duration LISTING = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final long LAST_WORDS_SECONDS = 2;
  private static final int LAST_WORDS_CHARS = 300;
  private static final Logger LOG = LoggerFactory.getLogger(DockerWatch.class);

  private final DockerEngine engine;
  private final DockerNames names;
  /// Worker id to container id, of those that were seen alive and whose death was not told.
  private final Map<String, String> living = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  /// Worker id to when its destruction was ordered, on the monotonic clock: an event may come a while after it.
  private final Map<String, Long> ordered = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<WorkerExit> listener;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  DockerWatch(DockerEngine engine, DockerNames names) {
    this.engine = engine;
    this.names = names;
  }

  void start(Consumer<WorkerExit> onExit) {
    listener = onExit;
    thread = Thread.ofPlatform().daemon().name("docker-watch").start(this::run);
  }

  void started(String workerId, String container) {
    ordered.remove(workerId);
    living.put(workerId, container);
  }

  /// There is something of this worker, but no agent any more.
  void foundDead(String workerId, String container) {
    Thread.ofVirtual().name("docker-death-" + workerId).start(() -> died(workerId, container, "container is there, but it does not run"));
  }

  /// From now on the death of this worker is no news.
  void ordered(String workerId) {
    ordered.put(workerId, System.nanoTime());
    living.remove(workerId);
  }

  /// Nothing is left of it.
  void forget(String workerId) {
    told.remove(workerId);
  }

  private void run() {
    boolean quiet = false;
    while (!closed) {
      try {
        follow();
        quiet = false;
      } catch (ProviderException | RuntimeException e) {
        // A stream that was cut ends with an exception of any kind; whatever it was, the next one may do better.
        if (!quiet && !closed) {
          LOG.warn("The Docker engine's events cannot be followed, trying again: message={}", e.getMessage());
          quiet = true;
        }
        nap();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Until the stream of events ends.
  private void follow() throws ProviderException, InterruptedException {
    String since = Long.toString(Instant.now().getEpochSecond() - 1);
    Deaths deaths = new Deaths();
    engine.stream("follow its events", Reason.PROVIDER_UNREACHABLE, client -> client.eventsCmd().withSince(since).withEventFilter("die")
        .withLabelFilter(names.filter(), DockerNames.WORKER).exec(deaths));
    try {
      do {
        look();
      } while (!closed && !deaths.awaitCompletion(LISTING.toMillis(), TimeUnit.MILLISECONDS));
    } finally {
      try {
        deaths.close();
      } catch (IOException e) {
        LOG.debug("A stream of events was not closed", e);
      }
    }
    nap();
  }

  /// What the events may have missed.
  private void look() throws ProviderException {
    Map<String, String> before = new HashMap<>(living);
    List<Container> containers = engine.call("list the workers on the Docker engine", Reason.PROVIDER_UNREACHABLE,
        client -> client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(names.filter(), DockerNames.WORKER)).exec());
    for (Container container : containers) {
      String id = DockerNames.workerOf(container.getLabels());
      before.remove(id);
      if (DockerRemoval.LIVING.contains(container.getState())) {
        if (!ordered.containsKey(id)) {
          living.put(id, container.getId());
        }
      } else if (!container.getState().equals("created")) {
        died(id, container.getId(), "its container is " + container.getStatus());
      }
    }
    before.forEach((id, container) -> {
      if (container.equals(living.get(id))) {
        died(id, container, "its container is gone");
      }
    });
    ordered.values().removeIf(since -> System.nanoTime() - since > LATE.toNanos());
  }

  private void died(String workerId, String container, String seen) {
    Consumer<WorkerExit> to = listener;
    if (to == null || closed || ordered.containsKey(workerId) || !told.add(workerId)) {
      return;
    }
    living.remove(workerId);
    to.accept(exit(workerId, container, seen));
  }

  /// With the engine's word on it when it still has one.
  private WorkerExit exit(String workerId, String container, String seen) {
    try {
      return engine.call("ask how worker " + workerId + " ended", Reason.PROVIDER_UNREACHABLE, client -> {
        try {
          InspectContainerResponse.ContainerState state = client.inspectContainerCmd(container).exec().getState();
          if (Boolean.TRUE.equals(state.getOOMKilled())) {
            return new WorkerExit(workerId, Instant.now(), "Its worker reached its memory limit and was killed.", true);
          }
          Long code = state.getExitCodeLong();
          return (code == null ? AgentEnd.unseen(seen) : AgentEnd.of(code, lastWords(container))).of(workerId);
        } catch (DockerException e) {
          return AgentEnd.unseen(seen).of(workerId);
        }
      });
    } catch (ProviderException e) {
      return AgentEnd.unseen(seen).of(workerId);
    }
  }

  private String lastWords(String container) {
    StringBuilder text = new StringBuilder();
    try {
      engine.call("read its log", Reason.PROVIDER_UNREACHABLE, client -> {
        try {
          return client.logContainerCmd(container).withStdOut(true).withStdErr(true).withTail(5).exec(new ResultCallback.Adapter<Frame>() {
            @Override
            public void onNext(Frame frame) {
              text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            }
          }).awaitCompletion(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      });
    } catch (ProviderException e) {
      return "";
    }
    String last = text.toString().lines().map(String::strip).filter(line -> !line.isEmpty()).reduce("", (before, line) -> line);
    return last.length() > LAST_WORDS_CHARS ? last.substring(0, LAST_WORDS_CHARS) : last;
  }

  private static void nap() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /// The events, on a thread of the client; each death is looked into on one of its own.
  private final class Deaths extends ResultCallback.Adapter<Event> {
    @Override
    public void onNext(Event event) {
      Map<String, String> attributes = event.getActor() == null ? null : event.getActor().getAttributes();
      String container = event.getId();
      if (attributes != null && container != null) {
        String id = DockerNames.workerOf(attributes);
        Thread.ofVirtual().name("docker-death-" + id).start(() -> died(id, container, "it ended with exit code " + attributes.get("exitCode")));
      }
    }
  }
}
