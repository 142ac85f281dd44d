package io.hodei.lifecycle;

import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a provider instance is asked for new workers. Closed until it fails several times in a row; then open: nothing is asked, and it is away.
/// One that did not answer closes when it answers a ping. One that answered and could not make any worker is half open after a pause: one creation
/// goes through, and its end closes it or opens it again, for twice as long. Pure: `now` is nanoseconds of a monotonic clock. Any thread.
final class Breaker {
  /// So many failures in a row open it.
  static final int UNANSWERED = 3;
  static final int FAILED = 5;
  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private enum State { CLOSED, UNREACHABLE, OPEN, HALF_OPEN, PROBING }

  private State state = State.CLOSED;
  private int unanswered;
  private int failed;
  private Duration pause = FIRST_PAUSE;
  private long openUntil;
  private String trouble = "";

  /// Whether a creation may be asked for now. The first that hears yes of a half-open breaker is the probe, and the only one.
  synchronized boolean admits(long now) {
    if (state == State.OPEN && now - openUntil >= 0) {
      state = State.HALF_OPEN;
    }
    if (state == State.HALF_OPEN) {
      state = State.PROBING;
      return true;
    }
    return state == State.CLOSED;
  }

  /// Why nothing can be asked of it; empty: something can. Half open counts as there, or nobody would ever ask.
  synchronized Optional<String> trouble(long now) {
    boolean away = state == State.UNREACHABLE || state == State.OPEN && now - openUntil < 0;
    return away ? Optional.of(trouble) : Optional.empty();
  }

  /// It made a worker.
  synchronized void made() {
    state = State.CLOSED;
    unanswered = 0;
    failed = 0;
    pause = FIRST_PAUSE;
  }

  /// It answered a ping.
  synchronized void answered() {
    unanswered = 0;
    if (state == State.UNREACHABLE) {
      state = State.CLOSED;
      failed = 0;
    }
  }

  /// A creation that was admitted failed. What is the job's own fault, its image or its start, says nothing of the provider but that it is there.
  synchronized void failed(Reason reason, String message, long now) {
    switch (reason) {
      case PROVIDER_UNREACHABLE -> silent(message);
      case PROVISION_FAILED -> {
        unanswered = 0;
        failed++;
        if (state == State.PROBING) {
          pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
          open(message, now);
        } else if (state == State.CLOSED && failed >= FAILED) {
          open(message, now);
        }
      }
      case IMAGE_ERROR, START_FAILED, DESTROY_FAILED -> made();
    }
  }

  /// It did not answer.
  synchronized void silent(String message) {
    unanswered++;
    if (state == State.PROBING || unanswered >= UNANSWERED) {
      state = State.UNREACHABLE;
      trouble = message;
    }
  }

  private void open(@Nullable String message, long now) {
    state = State.OPEN;
    openUntil = now + pause.toNanos();
    trouble = failed + " workers in a row could not be made; the last: " + message;
  }
}
