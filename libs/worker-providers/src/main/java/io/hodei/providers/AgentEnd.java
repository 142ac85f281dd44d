package io.hodei.providers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an agent's unexpected end is told to the person whose job it had: what was expected, what was found, and in quotes the last line that the agent wrote,
/// when it wrote one. `advice`: what a person can do; null: nothing in particular. Pure.
record AgentEnd(String message, @Nullable String advice) {
  static final String EXPECTED = "Expected the worker's agent to live until the worker is destroyed, but ";
  private static final String AGAIN = " Allow another attempt: retry.maxAttempts.";
  /// Exit codes of the agent's own, and one of its JVM's.
  private static final int DISMISSED = 2;
  private static final int OUT_OF_MEMORY = 3;
  private static final int ORPHANED = 4;
  private static final int BUG = 70;
  private static final int SIGNALS = 128;
  private static final int KILLED = SIGNALS + 9;

  /// `code`: its exit code, or 128 and the signal that killed it.
  static AgentEnd of(long code, String lastLine) {
    String quoted = lastLine.isEmpty() ? "." : ". Its last line: \"" + lastLine + "\"";
    return new AgentEnd(EXPECTED + found(code) + quoted, adviceFor(code));
  }

  /// `found`: what there is to see, where nobody knows its exit code.
  static AgentEnd unseen(String found) {
    return new AgentEnd(EXPECTED + found + ".", null);
  }

  WorkerExit of(String workerId) {
    return new WorkerExit(workerId, Instant.now(), message, WorkerExit.Reason.WORKER_LOST, advice);
  }

  private static String found(long code) {
    if (code > SIGNALS) {
      return "it was killed by signal " + (code - SIGNALS);
    }
    return switch ((int) code) {
      case 0 -> "it ended by itself";
      case DISMISSED -> "the gateway did not know it and it ended (exit code 2)";
      case OUT_OF_MEMORY -> "it ran out of its own memory (exit code 3)";
      case ORPHANED -> "no gateway answered it for too long and it ended with its job (exit code 4)";
      case BUG -> "it failed by a fault of its own (exit code 70)";
      default -> "it ended with exit code " + code;
    };
  }

  private static @Nullable String adviceFor(long code) {
    return switch ((int) code) {
      case KILLED -> "See who killed it: a person, or the kernel of its machine for want of memory (dmesg)." + AGAIN;
      case ORPHANED -> "See whether the worker reaches the gateway; hodei.workers.orphan-limit is how long it waits." + AGAIN;
      case BUG -> "Report it with this message: it is a fault of Hodei's." + AGAIN;
      default -> null;
    };
  }
}
