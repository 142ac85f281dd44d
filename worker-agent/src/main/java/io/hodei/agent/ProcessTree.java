package io.hodei.agent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// All that descends from this agent: the job and whatever it daemonised. As a subreaper the agent has no descendant
/// exactly when it has no child, which the kernel answers in one call; so "nothing is left" is never a guess.
/// Any thread. Once [#end] returns, nothing of the job is alive.
final class ProcessTree {
  private static final int LONGEST_PAUSE_MS = 16;
  /// For what SIGKILL does not end at once: a process that waits for a disk, or that this user may not signal.
  private static final int LONGEST_KILL_PAUSE_MS = 256;

  private final CountDownLatch adopting = new CountDownLatch(1);
  private volatile boolean subreaper;
  private volatile boolean alone;
  private volatile long jobPid;

  /// Runs once, beside the connect; [#awaitAdoption] holds the exec until it is done. `hide`: from the job, which is the same user; so it is in a container, where all that
  /// there is beside the first process is the job's.
  void adoptOrphans(boolean hide) {
    alone = hide && ProcessHandle.current().pid() == 1;
    try {
      subreaper = Libc.becomeSubreaper();
      if (hide && !Libc.hide()) {
        Say.error("not_hidden", "message", "the job can look into the agent's memory");
      }
    } catch (Error e) {
      Say.error("subreaper_failed", "message", e);
    } finally {
      adopting.countDown();
    }
  }

  /// False when descendants that daemonise would escape.
  boolean awaitAdoption() throws InterruptedException {
    adopting.await();
    return subreaper;
  }

  /// The direct child, which Java itself waits for.
  void jobIs(long pid) {
    jobPid = pid;
  }

  /// Takes away ended descendants that were left to the agent, so that a long job cannot use up the process ids.
  /// Only while the job's pid is known: an exec that is under way is Java's to wait for.
  void reapOrphans() {
    if (jobPid != 0) {
      reap();
    }
  }

  /// True while any process is left.
  private boolean reap() {
    while (true) {
      int ended = Libc.endedChild();
      if (ended <= 0 || ended == jobPid) {
        return ended >= 0;
      }
      Libc.reap(ended);
    }
  }

  /// SIGTERM to all, SIGKILL after the grace until none is left. Returns at once when nothing is.
  void end(Duration grace) throws InterruptedException {
    if (!reap()) {
      return;
    }
    signal(false);
    long deadline = System.nanoTime() + grace.toNanos();
    for (int pause = 1; reap(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (System.nanoTime() - deadline >= 0) {
        kill();
        return;
      }
      Thread.sleep(pause);
    }
  }

  /// SIGKILL until none is left, those forked meanwhile included.
  void kill() throws InterruptedException {
    for (int pause = 1; reap(); pause = Math.min(pause * 2, LONGEST_KILL_PAUSE_MS)) {
      if (alone) {
        // At once, or what forks faster than one can count is never over.
        Libc.killAllOthers();
      } else {
        signal(true);
      }
      Thread.sleep(pause);
    }
  }

  private static void signal(boolean kill) {
    ProcessHandle.current().descendants().forEach(process -> {
      if (kill) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
    });
  }
}
