package io.hodei.providers;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// One expensive look shared by everybody who asks at the same time. Promise: what a caller gets began after its call.
/// Runs on the thread of one of the callers; the others wait.
final class SharedLook<T> {
  private final Callable<T> look;
  private long begun;
  private long ended;
  private boolean running;
  private @Nullable T seen;
  private @Nullable Exception failure;

  SharedLook(Callable<T> look) {
    this.look = look;
  }

  T fresh() throws ProviderException {
    long needed;
    synchronized (this) {
      needed = begun + 1;
      while (ended < needed && running) {
        await();
      }
      if (ended >= needed) {
        return answer();
      }
      running = true;
      begun++;
    }
    @Nullable T result = null;
    @Nullable Exception trouble = null;
    try {
      result = look.call();
    } catch (Exception e) {
      trouble = e;
    }
    synchronized (this) {
      running = false;
      ended = begun;
      seen = result;
      failure = trouble;
      notifyAll();
      return answer();
    }
  }

  private T answer() throws ProviderException {
    T found = seen;
    if (found == null) {
      throw new ProviderException(
          ProviderException.Reason.PROVIDER_UNREACHABLE,
          "Expected to read the process table, but: " + failure, failure == null ? new IllegalStateException() : failure);
    }
    return found;
  }

  private void await() throws ProviderException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          ProviderException.Reason.PROVIDER_UNREACHABLE, "Expected to read the process table, but was interrupted", e);
    }
  }
}
