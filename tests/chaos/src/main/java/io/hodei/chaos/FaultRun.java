package io.hodei.chaos;

import io.hodei.testkit.Faults;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Part;
import io.hodei.testkit.ProcessTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Does the planned faults, each on a thread of its own, and mends them. One part suffers one fault at a time; what comes meanwhile waits.
final class FaultRun {
  private final Installation hodei;
  private final Faults faults;
  private final Ledger ledger;
  private final Map<Part, ReentrantLock> turns = new EnumMap<>(Part.class);
  private final Map<PlannedFault, String> now = new ConcurrentHashMap<>();
  private final List<Done> done = new ArrayList<>();

  /// A fault that was done, and how long it took from its mending until the part was ready.
  record Done(PlannedFault fault, Duration readyAfter) {}

  FaultRun(Installation hodei, Ledger ledger) {
    this.hodei = hodei;
    this.faults = new Faults(hodei);
    this.ledger = ledger;
    for (Part part : Part.values()) {
      turns.put(part, new ReentrantLock());
    }
  }

  /// From the fault to the moment when it is mended and all is ready again.
  void run(PlannedFault fault) throws InterruptedException {
    List<ReentrantLock> locks = fault.kind().hasPart() ? List.of(turn(fault.kind().part()))
        : fault.kind() == FaultKind.ALL_KILLED ? List.copyOf(turns.values()) : List.of();
    locks.forEach(ReentrantLock::lock);
    try {
      now.put(fault, fault.kind().words());
      Duration ready = happen(fault);
      synchronized (done) {
        done.add(new Done(fault, ready));
      }
    } catch (AssertionError e) {
      ledger.violated("ComesBack", fault.kind().words(), String.valueOf(e.getMessage()));
    } finally {
      now.remove(fault);
      locks.reversed().forEach(ReentrantLock::unlock);
    }
  }

  private ReentrantLock turn(Part part) {
    ReentrantLock lock = turns.get(part);
    if (lock == null) {
      throw new IllegalStateException(part + " has no turn");
    }
    return lock;
  }

  private Duration happen(PlannedFault fault) throws InterruptedException {
    return switch (fault.kind().how()) {
      case KILL -> {
        Part part = fault.kind().part();
        faults.kill(part);
        Thread.sleep(fault.length());
        faults.bringBack(part);
        yield faults.awaitWell(part);
      }
      case FREEZE, FREEZE_LONG -> {
        Part part = fault.kind().part();
        long pid = faults.freeze(part);
        try {
          Thread.sleep(fault.length());
        } finally {
          faults.thaw(pid);
        }
        yield faults.awaitWell(part);
      }
      case KILL_ALL -> {
        faults.killAll();
        Thread.sleep(fault.length());
        hodei.up();
        Duration longest = Duration.ZERO;
        for (Part part : Part.values()) {
          longest = longest.plus(faults.awaitWell(part));
        }
        yield longest;
      }
      case KILL_AGENT -> agent("KILL", fault);
      case FREEZE_AGENT -> agent("STOP", fault);
    };
  }

  /// One of the agents that live, or of the next ones. It may end by itself before the signal comes: then another is taken.
  private Duration agent(String signal, PlannedFault fault) throws InterruptedException {
    for (int tries = 0; tries < 600; tries++) {
      List<ProcessTable.Entry> agents = ProcessTable.ofInstallation(hodei.id()).stream().filter(process -> process.commandLine().contains("io.hodei.agent.Main"))
          .sorted(Comparator.comparing(ProcessTable.Entry::pid)).toList();
      if (!agents.isEmpty()) {
        ProcessTable.Entry agent = agents.get(fault.choice() % agents.size());
        if (io.hodei.testkit.Shell.run(Map.of(), hodei.work(), List.of("kill", "-" + signal, Long.toString(agent.pid()))).exit() == 0) {
          return Duration.ZERO;
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("Expected an agent within a minute, but there was none");
  }

  /// What is happening, for people.
  String words() {
    return now.isEmpty() ? "all well" : String.join(", ", now.values().stream().sorted().toList());
  }

  int count() {
    synchronized (done) {
      return done.size();
    }
  }

  List<Done> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
  }
}
