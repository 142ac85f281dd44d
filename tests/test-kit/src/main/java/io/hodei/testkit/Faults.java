package io.hodei.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Does to the parts of a separate installation what may happen to them, and undoes it as a person would. Any thread; who uses one part from two
/// threads has to take turns.
public final class Faults {
  /// Against hanging: a JVM among many on two cores takes a minute.
  private static final Duration GUARD = Duration.ofMinutes(4);

  private final Installation hodei;

  public Faults(Installation hodei) {
    this.hodei = hodei;
  }

  /// SIGKILL.
  public void kill(Part part) {
    ProcessTable.signal("KILL", hodei.pidOf(part.label()));
  }

  /// SIGSTOP; the process that is to be thawed.
  public long freeze(Part part) {
    long pid = hodei.pidOf(part.label());
    ProcessTable.signal("STOP", pid);
    return pid;
  }

  public void thaw(long pid) {
    ProcessTable.signal("CONT", pid);
  }

  /// SIGKILL of everything at once, `up` among it; workers live on.
  public void killAll() {
    List<Long> pids = new java.util.ArrayList<>();
    hodei.status().path("services").forEach(each -> {
      if (each.path("state").asText().equals("up")) {
        pids.add(each.path("pid").asLong());
      }
    });
    pids.add(hodei.pid());
    pids.forEach(pid -> Shell.run(Map.of(), hodei.work(), List.of("kill", "-KILL", Long.toString(pid))));
  }

  /// Brings a killed part back: a service by `serve`, a backend by `up`, which waits for the other parts as well and may give up on one of those.
  public void bringBack(Part part) {
    if (part.isService()) {
      hodei.serve(part.label());
    } else {
      hodei.askUp();
    }
  }

  /// Waits until a part says that it is ready, or, when it is no service, takes connections; how long it took.
  ///
  /// @throws AssertionError when it does not come
  public Duration awaitWell(Part part) {
    return Await.whenTrue(part.label() + " to be ready", GUARD, () -> hodei.well(part));
  }
}
