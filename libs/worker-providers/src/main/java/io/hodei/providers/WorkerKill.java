package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerTree.DeadAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Ends every process of one worker. Runs on the caller's thread. Promise: after `end` has returned, a look begun
/// after the last kill found none.
///
/// Nobody escapes by forking: the tree is stopped, looked at again until it no longer grows, and only then killed.
final class WorkerKill {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration STOPPING = Duration.ofMillis(500);
  private static final long POLL_NANOS = 500_000;

  private final ProcTable table;
  private final WorkerMark mark;
  private final int self;
  private final @Nullable DeadAgent dead;

  WorkerKill(ProcTable table, WorkerMark mark, int self, @Nullable DeadAgent dead) {
    this.table = table;
    this.mark = mark;
    this.self = self;
    this.dead = dead;
  }

  List<Proc> look() throws ProviderException {
    return WorkerTree.of(mark, table.look(), self, dead);
  }

  /// Asks the agent to end, and waits for it at most this long. What it leaves is for `end`.
  void ask(Proc agent, Duration grace) throws ProviderException {
    if (Signals.send(agent.pid(), Signals.TERM)) {
      awaitNone(List.of(agent), p -> true, grace);
    }
  }

  void end(List<Proc> first) throws ProviderException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    List<Proc> left = first;
    while (!left.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new ProviderException(Reason.DESTROY_FAILED, "Expected every process of worker " + mark.workerId()
            + " dead after " + DEADLINE.toSeconds() + " s, but there are left: " + inWords(left)
            + "; kill them as their user or as root");
      }
      List<Proc> stopped = stopAll(left);
      stopped.forEach(p -> Signals.send(p.pid(), Signals.KILL));
      awaitNone(stopped, p -> true, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      left = look();
    }
  }

  /// Stops these and whatever they have started meanwhile, until a look finds no more.
  private List<Proc> stopAll(List<Proc> first) throws ProviderException {
    long deadline = System.nanoTime() + STOPPING.toNanos();
    List<Proc> stopped = new ArrayList<>();
    List<Proc> running = first;
    while (!running.isEmpty()) {
      running.forEach(p -> Signals.send(p.pid(), Signals.STOP));
      stopped.addAll(running);
      awaitNone(running, p -> !p.stopped(), Duration.ofNanos(deadline - System.nanoTime()));
      if (System.nanoTime() > deadline) {
        return stopped;
      }
      running = look().stream().filter(p -> stopped.stream().noneMatch(p::sameAs)).toList();
    }
    return stopped;
  }

  /// Waits until none of these is alive and like `that`, at most so long.
  private void awaitNone(List<Proc> processes, Predicate<Proc> that, Duration atMost) throws ProviderException {
    long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
    long pause = POLL_NANOS;
    for (Proc process : processes) {
      while (table.again(process).filter(that).isPresent() && System.nanoTime() < deadline) {
        LockSupport.parkNanos(pause);
        pause = Math.min(pause * 2, 10_000_000);
        if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new ProviderException(Reason.DESTROY_FAILED, "Expected to wait for the processes of worker "
              + mark.workerId() + " to die, but was interrupted; destroy it again");
        }
      }
    }
  }

  private static String inWords(List<Proc> processes) {
    return processes.stream().limit(10).map(Proc::inWords).collect(Collectors.joining(", "));
  }
}
