package io.hodei.providers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the dead agents of this JVM have left: processes that cleared their environment, left their session and lost
/// their parent. One for the whole JVM, as children are the JVM's and not a provider's. Any thread.
///
/// Before its first agent the JVM becomes a subreaper. Agents are subreapers too, so a descendant of an agent becomes a
/// child of this JVM only when the agent is dead: no stray has a living agent.
///
/// A stray is a direct child that carries the mark of this JVM's agents and is no agent. The mark, because nothing else
/// tells it from the JVM's other children: Postgres and the registry lead sessions of their own as well, may start after
/// the first agent, and Postgres' processes become direct children when the postmaster is killed. What has no mark is
/// never touched.
///
/// Nothing is killed when an agent's death is noticed: a destruction follows every loss, and it alone kills.
final class Strays {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
  private static final Strays OF_THIS_JVM = new Strays();
  private static final int MOST_LOOKS = 10;

  private final ProcTable host = ProcTable.ofThisHost();
  private final int self = Math.toIntExact(ProcessHandle.current().pid());
  private final Set<Agent> agents = ConcurrentHashMap.newKeySet();
  /// Shared by starts; whoever holds it alone knows every agent that was visible before.
  private final ReentrantReadWriteLock starting = new ReentrantReadWriteLock();
  private boolean tried;
  private volatile @Nullable LimitMark mark;

  private Strays() {}

  static Strays ofThisJvm() {
    return OF_THIS_JVM;
  }

  /// Starts an agent so that it is never taken for a stray and its own strays are found.
  Process start(WorkerMark worker, ProcessBuilder agent) throws IOException {
    LimitMark now = ready();
    if (now == null) {
      return agent.start();
    }
    agent.command(now.on(agent.command()));
    long since = host.nowTicks();
    starting.readLock().lock();
    try {
      Process process = agent.start();
      int pid = Math.toIntExact(process.pid());
      // Ended and waited for already: then no look can show it.
      agents.add(new Agent(worker, host.nameOf(pid).orElse(new Proc.Name(pid, since)), since, process));
      return process;
    } finally {
      starting.readLock().unlock();
    }
  }

  /// Nothing of this worker is left. Its agent stays known until the JDK has waited for it: its remains are not ours.
  void forget(WorkerMark worker) {
    agents.stream().filter(agent -> agent.worker().equals(worker))
        .forEach(agent -> agent.process().onExit().thenRun(() -> agents.remove(agent)));
  }

  /// A look that knows the strays, and takes away those that have ended.
  Look look(ProcTable table) throws ProviderException {
    LimitMark ours = mark;
    if (ours == null) {
      return new Look(table.look(), List.of());
    }
    for (int looks = 1; ; looks++) {
      Set<Proc.Name> known = names();
      ProcTable.Seen seen = table.see();
      Suspects living = suspects(seen.living(), known, ours);
      // One that is gone took with it whose it was, and left its children to us after they were looked at.
      if (!living.oneIsGone() || looks == MOST_LOOKS) {
        Suspects ended = suspects(seen.ended(), known, ours);
        List<Proc> strays = withoutAgents(living.marked());
        withoutAgents(ended.marked()).forEach(process -> Subreaper.reap(process.pid()));
        return new Look(seen.living(), strays);
      }
    }
  }

  /// Those strays that may be this worker's: they are not older than its agent. None when this JVM did not start it.
  List<Proc> mayBeOf(WorkerMark worker, List<Proc> strays) {
    return strays.stream()
        .filter(stray -> agents.stream().anyMatch(agent -> agent.worker().equals(worker) && agent.since() <= stray.startTicks()))
        .toList();
  }

  /// The worker's agents among these. One that is dying may show its mark no more, and still has children.
  List<Proc> agentsOf(WorkerMark worker, List<Proc> processes) {
    Set<Proc.Name> names = new HashSet<>();
    agents.stream().filter(agent -> agent.worker().equals(worker)).forEach(agent -> names.add(agent.name()));
    return names.isEmpty() ? List.of() : processes.stream().filter(process -> names.contains(process.identity())).toList();
  }

  private Suspects suspects(List<Proc> processes, Set<Proc.Name> known, LimitMark ours) {
    List<Proc> marked = new ArrayList<>();
    boolean oneIsGone = false;
    for (Proc process : processes) {
      if (process.parent() == self && !known.contains(process.identity())) {
        Optional<Boolean> carries = host.carries(process, ours);
        oneIsGone |= carries.isEmpty();
        if (carries.orElse(false)) {
          marked.add(process);
        }
      }
    }
    return new Suspects(marked, oneIsGone);
  }

  /// A suspect may be an agent whose start had not returned when we looked: judged when no start is under way.
  private List<Proc> withoutAgents(List<Proc> suspects) {
    if (suspects.isEmpty()) {
      return suspects;
    }
    starting.writeLock().lock();
    starting.writeLock().unlock();
    Set<Proc.Name> known = names();
    return suspects.stream().filter(process -> !known.contains(process.identity())).toList();
  }

  private Set<Proc.Name> names() {
    Set<Proc.Name> names = new HashSet<>();
    agents.forEach(agent -> names.add(agent.name()));
    return names;
  }

  private synchronized @Nullable LimitMark ready() {
    if (!tried) {
      tried = true;
      LimitMark drawn = LimitMark.drawn();
      String trouble = trouble(drawn);
      if (trouble == null) {
        mark = drawn;
      } else {
        LOG.warn("Processes that escape from an agent killed with -9 cannot be found: message={}", trouble);
      }
    }
    return mark;
  }

  private static @Nullable String trouble(LimitMark drawn) {
    try {
      Process probe = new ProcessBuilder(drawn.on(List.of("cat", "/proc/self/limits"))).redirectErrorStream(true).start();
      byte[] said = probe.getInputStream().readAllBytes();
      probe.waitFor();
      if (!drawn.in(said, said.length)) {
        return "Expected prlimit --locks to set a limit that /proc/PID/limits shows, but it did not; raise the hard limit of locks";
      }
      return Subreaper.become() ? null : "Expected to become a child subreaper, but the kernel refused";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "Expected to try prlimit, but was interrupted; restart this service";
    } catch (IOException | RuntimeException | LinkageError e) {
      return "Expected Linux with prlimit(1) (package util-linux) and prctl(2), but: " + e;
    }
  }

  /// Living processes, and those of them that are strays.
  record Look(List<Proc> processes, List<Proc> strays) {}

  private record Suspects(List<Proc> marked, boolean oneIsGone) {}

  /// `since`: clock ticks since boot, not later than its start.
  private record Agent(WorkerMark worker, Proc.Name name, long since, Process process) {}
}
