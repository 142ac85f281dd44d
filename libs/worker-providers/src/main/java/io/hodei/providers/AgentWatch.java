package io.hodei.providers;

import io.hodei.providers.WorkerTree.DeadAgent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of the agents' deaths, once each. Our own children are told of by the JDK's reaper at once; agents that an
/// earlier life of this provider started are looked at every 500 ms by a thread of this class. A death that was
/// ordered is not told of. Any thread may call.
final class AgentWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(AgentWatch.class);

  private final ProcTable table;
  private final Map<String, Proc> adopted = new ConcurrentHashMap<>();
  private final Map<String, Long> children = new ConcurrentHashMap<>();
  private final Map<String, DeadAgent> dead = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<WorkerExit> listener;
  private volatile @Nullable Thread poller;
  private volatile boolean closed;

  AgentWatch(ProcTable table) {
    this.table = table;
  }

  /// `adoption` finds the agents of an earlier life, and is tried until it succeeds.
  void start(Consumer<WorkerExit> onExit, Adoption adoption) {
    listener = onExit;
    poller = Thread.ofPlatform().daemon().name("agent-watch").start(() -> poll(adoption));
  }

  void started(String workerId, Process agent, LastWords lastWords) {
    children.put(workerId, agent.pid());
    agent.onExit().thenAccept(ended -> {
      died(workerId, Math.toIntExact(ended.pid()), children.remove(workerId, ended.pid()), () -> AgentEnd.of(ended.exitValue(), lastWords.read()));
    });
  }

  void adopt(String workerId, Proc agent) {
    if (!children.containsKey(workerId)) {
      adopted.put(workerId, agent);
    }
  }

  /// There is something of this worker, but no agent any more.
  void foundDead(String workerId) {
    tell(workerId, AgentEnd.unseen("it is gone; it ended while nobody watched"));
  }

  /// From now on the death of this agent is no news.
  void ordered(String workerId) {
    children.remove(workerId);
    adopted.remove(workerId);
  }

  void forget(String workerId) {
    dead.remove(workerId);
  }

  /// The agent of this worker, when it was seen to die.
  @Nullable DeadAgent deadAgent(String workerId) {
    return dead.get(workerId);
  }

  private void poll(Adoption adoption) {
    boolean adoptionDone = false;
    while (!closed) {
      if (!adoptionDone) {
        adoptionDone = tryAdoption(adoption);
      }
      adopted.forEach((workerId, agent) -> {
        Optional<Proc> now = table.again(agent);
        if (now.isEmpty()) {
          died(workerId, agent.pid(), adopted.remove(workerId, agent), () -> AgentEnd.unseen("it is gone; its exit code went to its parent"));
        }
      });
      LockSupport.parkNanos(PERIOD.toNanos());
    }
  }

  private static boolean tryAdoption(Adoption adoption) {
    try {
      adoption.run();
      return true;
    } catch (ProviderException e) {
      LOG.warn("Looking for the agents of an earlier life failed, trying again: message={}", e.getMessage());
      return false;
    }
  }

  private void died(String workerId, int pid, boolean news, Supplier<AgentEnd> end) {
    if (news && !closed) {
      dead.put(workerId, new DeadAgent(pid, table.nowTicks()));
      tell(workerId, end.get());
    }
  }

  private void tell(String workerId, AgentEnd end) {
    Consumer<WorkerExit> to = listener;
    if (to != null && !closed) {
      to.accept(end.of(workerId));
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running = poller;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  @FunctionalInterface
  interface Adoption {
    void run() throws ProviderException;
  }

  /// The end of what the agent wrote; empty when nothing.
  @FunctionalInterface
  interface LastWords {
    String read();
  }
}
