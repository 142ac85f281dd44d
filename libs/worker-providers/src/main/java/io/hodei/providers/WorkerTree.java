package io.hodei.providers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which processes are a worker's: those with one of its marks, in the environment or by limit, their descendants, and
/// the members of their sessions (a child that cleared its marks, or lost its parent, is still one of the last two). Pure. Never chosen: this
/// process and its ancestors, their session, and pid 1.
final class WorkerTree {
  private final Map<Integer, Proc> table = new HashMap<>();
  private final Map<Integer, Proc> chosen = new LinkedHashMap<>();
  private final Set<Integer> guarded = new HashSet<>();
  private final Set<Integer> sessions = new HashSet<>();
  private final WorkerMark mark;
  private final LimitMark limit;
  private final int ownSession;

  private WorkerTree(WorkerMark mark, List<Proc> processes, int self) {
    this.mark = mark;
    this.limit = LimitMark.of(mark);
    for (Proc process : processes) {
      table.put(process.pid(), process);
    }
    guarded.add(1);
    guarded.add(self);
    Proc own = table.get(self);
    ownSession = own == null ? self : own.session();
    while (own != null && guarded.add(own.parent())) {
      own = table.get(own.parent());
    }
  }

  /// `dead`: the worker's agent, when it is known to have died.
  static List<Proc> of(WorkerMark mark, List<Proc> processes, int self, @Nullable DeadAgent dead) {
    WorkerTree tree = new WorkerTree(mark, processes, self);
    for (Proc process : processes) {
      if (tree.marked(process) || (dead != null && dead.led(process))) {
        tree.choose(process);
      }
    }
    boolean grown = !tree.chosen.isEmpty();
    while (grown) {
      grown = false;
      for (Proc process : processes) {
        if (tree.belongs(process)) {
          grown |= tree.choose(process);
        }
      }
    }
    return new ArrayList<>(tree.chosen.values());
  }

  private boolean marked(Proc process) {
    return process.carries(mark, limit);
  }

  private boolean belongs(Proc process) {
    return !chosen.containsKey(process.pid())
        && (chosen.containsKey(process.parent()) || sessions.contains(process.session()));
  }

  private boolean choose(Proc process) {
    if (guarded.contains(process.pid())) {
      return false;
    }
    chosen.put(process.pid(), process);
    // A session is the worker's when its leader is, or when the leader is dead and a marked process is in it. The
    // kernel gives a pid to nobody else while a session of that number has members.
    boolean leader = process.session() == process.pid();
    boolean leaderless = !table.containsKey(process.session()) && marked(process);
    if ((leader || leaderless) && process.session() != ownSession && process.session() > 1) {
      sessions.add(process.session());
    }
    return true;
  }

  /// An agent that is known to have died at `diedTicks`: what was in its session by then is the worker's.
  record DeadAgent(int pid, long diedTicks) {
    boolean led(Proc process) {
      return process.session() == pid && process.startTicks() <= diedTicks;
    }
  }
}
