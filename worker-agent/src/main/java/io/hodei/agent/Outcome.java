package io.hodei.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How an attempt ended, in the words of the contract. `exitCode` is null when the job has none of its own;
/// `signal` 0 means none.
record Outcome(String reason, String category, @Nullable Integer exitCode, int signal, String message, String action) {
  private static final int SIGNALLED = 128;
  private static final int HIGHEST_SIGNAL = 64;

  boolean isSuccess() {
    return exitCode != null && exitCode == 0;
  }

  /// Java, like a shell, shows a death by signal n as 128 + n, and cannot tell it from a program that exits with that
  /// number. Both are reported as SIGNAL with signal n *and* exit code 128 + n, so that `hodei run` exits alike.
  static Outcome exited(int status) {
    if (status == 0) {
      return new Outcome("EXIT_CODE", "", 0, 0, "", "");
    }
    int signal = status - SIGNALLED;
    if (signal > 0 && signal <= HIGHEST_SIGNAL) {
      return new Outcome("SIGNAL", "USER_CODE", status, signal, "Killed by " + name(signal) + " (exit status " + status + ")", adviceOn(signal));
    }
    return new Outcome("EXIT_CODE", "USER_CODE", status, 0, "Exited with code " + status, "Read the end of the job's log.");
  }

  /// It failed, and the kernel killed a process of it for the memory limit of its container.
  static Outcome outOfMemory(int status) {
    int signal = status - SIGNALLED;
    return new Outcome("OOM_KILLED", "RESOURCE", status, signal > 0 && signal <= HIGHEST_SIGNAL ? signal : 0,
        "Expected to stay within its memory limit, but it needed more and was killed (exit status " + status + ")",
        "Give the job more memory: resources.memory, or --memory.");
  }

  static Outcome timedOut(Duration limit) {
    return new Outcome("TIMEOUT", "TIMEOUT", null, 0,
        "Expected to end within its timeout of " + limit.toMillis() + " ms, but it was still running; all of its processes were killed",
        "Give the job a longer timeout, or find out what it waits for.");
  }

  static Outcome cancelled() {
    return new Outcome("CANCELLED", "", null, 0, "Cancelled while it ran; all of its processes were killed", "");
  }

  static Outcome cancelledBeforeStart() {
    return new Outcome("CANCELLED", "", null, 0, "Cancelled before it started", "");
  }

  /// The command cannot be executed: 127 not found, 126 found and not executable.
  static Outcome notExecutable(int exitCode, String message, String action) {
    return new Outcome("START_FAILED", "CONFIGURATION", exitCode, 0, message, action);
  }

  /// What was asked for makes no sense here: there is no exit code.
  static Outcome misconfigured(String message, String action) {
    return new Outcome("START_FAILED", "CONFIGURATION", null, 0, message, action);
  }

  /// The worker is at fault, not the job.
  static Outcome brokenWorker(String message, String action) {
    return new Outcome("START_FAILED", "INFRASTRUCTURE", null, 0, message, action);
  }

  private static String name(int signal) {
    return switch (signal) {
      case 1 -> "signal 1 (SIGHUP)";
      case 2 -> "signal 2 (SIGINT)";
      case 3 -> "signal 3 (SIGQUIT)";
      case 4 -> "signal 4 (SIGILL)";
      case 6 -> "signal 6 (SIGABRT)";
      case 7 -> "signal 7 (SIGBUS)";
      case 8 -> "signal 8 (SIGFPE)";
      case 9 -> "signal 9 (SIGKILL)";
      case 11 -> "signal 11 (SIGSEGV)";
      case 13 -> "signal 13 (SIGPIPE)";
      case 15 -> "signal 15 (SIGTERM)";
      default -> "signal " + signal;
    };
  }

  private static String adviceOn(int signal) {
    return switch (signal) {
      case 9 -> "Somebody killed it, or the machine ran out of memory; give the job more, or let it use less.";
      case 4, 7, 8, 11 -> "The program crashed; read the end of the job's log.";
      default -> "Find out who sent the signal; read the end of the job's log.";
    };
  }
}
